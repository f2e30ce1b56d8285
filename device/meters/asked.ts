import { type Config, modbusOf } from '../config/schema.ts';
import type { Asset } from '../sampling/asset.ts';
import { assembleEchonet } from './echonet/assembly.ts';
import { assembleModbus } from './modbus/assembly.ts';

type Parts = Omit<Parameters<typeof assembleModbus>[1], 'random'>;

/** Meters that are asked for their registers, over whatever line. */
export interface AskedMeters {
  readonly meters: readonly Asset[];
  start(): Promise<void>;
  /** Ends the asking, then closes the lines. */
  stop(): Promise<void>;
}

export function assembleAskedMeters(config: Config, parts: Parts): AskedMeters {
  const echonet = assembleEchonet(config, parts);
  const modbus = assembleModbus(modbusOf(config), { ...parts, random: Math.random });
  return {
    meters: [...modbus.meters, ...echonet.meters],
    async start() {
      await echonet.start();
      modbus.start();
    },
    async stop() {
      echonet.stop();
      await modbus.stop();
    },
  };
}
