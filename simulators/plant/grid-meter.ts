import { serveTcp } from '../board/serve-tcp.ts';
import { SimulatedModbusMeter } from '../meters/modbus/meter.ts';
import { createTcpSlaves } from '../meters/modbus/tcp-slaves.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { GridMeters } from '../world/grid.ts';

/** The meter at the household's connection to the grid, on the network. */
export interface GridMeter {
  /** `tcp://host:port` of its Modbus TCP gateway. */
  readonly address: string;
  /** Does something to it. */
  obey(apply: (meter: SimulatedModbusMeter) => void): void;
  close(): Promise<void>;
}

/** Where it answers behind its gateway. */
export const gridMeterUnit = 1;

/** Serves the meter of a world. Rejects when the port is taken. */
export async function serveGridMeter(
  { listen, serial }: Scenario['gridMeter'],
  meters: () => GridMeters,
): Promise<GridMeter> {
  const meter = new SimulatedModbusMeter('sdm230', serial);
  const slaves = createTcpSlaves(new Map([[gridMeterUnit, meter]]));
  const { hostname, port } = new URL(listen);
  const server = await serveTcp(
    {
      ...slaves,
      receive(bytes) {
        meter.set(meters());
        slaves.receive(bytes);
      },
    },
    { host: hostname, port: Number(port) },
  );
  meter.set(meters());
  return {
    address: `tcp://${server.address}`,
    obey: (apply) => apply(meter),
    close: () => server.close(),
  };
}
