import type { Clock } from '../../clock/clock.ts';
import type { Log } from '../../log.ts';
import { type Config, echonetMetersOf } from '../../config/schema.ts';
import { addressOf, type EchonetMeterConfig } from './config.ts';
import { type ControllerSettings, EchonetController } from './controller.ts';
import { Finder } from './finder.ts';
import { EchonetMeter } from './meter.ts';
import { objectClass } from './objects.ts';

/** ECHONET Lite Specification 1.13 leaves time-outs open: 3 s and two more tries suit Wi-Fi adapters. */
const controllerSettings = {
  answerTimeoutMs: 3_000,
  retries: 2,
  searchMs: 2_000,
  reopen: { firstMs: 1_000, longestMs: 60_000 },
} as const;

interface Parts {
  readonly clock: Clock;
  readonly log: Log;
  /** A meter says something else of itself than before. */
  readonly identityChanged: () => void;
}

export interface EchonetMeters {
  readonly meters: readonly EchonetMeter[];
  start(): Promise<void>;
  stop(): void;
}

type Network = Pick<ControllerSettings, 'bind' | 'port'> & {
  readonly interface?: string | undefined;
};

/** A controller with these settings, not yet started. */
export function createController(network: Network, log: Log): EchonetController {
  const { bind, port } = network;
  const settings = { ...controllerSettings, bind, port, interface: network.interface };
  return new EchonetController(settings, Math.random, log);
}

/** All ECHONET meters of a configuration behind one UDP port; without any, nothing is opened. */
export function assembleEchonet(
  config: Config,
  { clock, log, identityChanged }: Parts,
): EchonetMeters {
  const configured = echonetMetersOf(config);
  if (configured.length === 0)
    return { meters: [], start: () => Promise.resolve(), stop: () => undefined };
  const controller = createController(config.echonet, log);
  const meters = configured.map((meterConfig) => {
    const { id, object: name, instance, quantities, sampleSeconds } = meterConfig;
    const object = objectClass(name);
    const place = placeOf(meterConfig, configured, controller, { clock, log });
    const sampleIntervalMs = Math.round(sampleSeconds * 1_000);
    const meter = new EchonetMeter(
      { id, object, instance, quantities, sampleIntervalMs },
      { get: (...asked) => controller.get(...asked), ...place, clock, log, identityChanged },
    );
    controller.onAnnouncement((announcement) => meter.announced(announcement));
    return meter;
  });
  return { meters, start: () => controller.start(), stop: () => controller.stop() };
}

/** Where a meter is: where the configuration says, or wherever it is found. */
function placeOf(
  config: EchonetMeterConfig,
  configured: readonly EchonetMeterConfig[],
  controller: EchonetController,
  parts: Pick<Parts, 'clock' | 'log'>,
) {
  const address = addressOf(config);
  if (address !== undefined)
    return { locate: () => Promise.resolve(address), lost: () => undefined };
  const same = configured.filter(
    ({ object, instance }) => object === config.object && instance === config.instance,
  );
  const taken = new Set(same.map(addressOf).filter((other) => other !== undefined));
  const object = objectClass(config.object).code * 256 + config.instance;
  const finder = new Finder(object, taken, {
    ...parts,
    directory: controller.directory,
    search: () => controller.search(),
  });
  return {
    locate: () => finder.locate(),
    lost: (gone: string) => finder.lost(gone),
  };
}
