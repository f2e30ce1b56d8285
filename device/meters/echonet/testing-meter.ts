import { vi } from 'vitest';
import type { QuantityName } from '#device/contract';
import { ManualClock } from '../../clock/manual-clock.ts';
import type { EchonetController } from './controller.ts';
import { EchonetMeter } from './meter.ts';
import { objectClass, type ObjectName } from './objects.ts';

export const address = '127.0.0.21';

interface Seen {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A meter that reads the first instance of a class at `address`. */
export function meterWith(
  controller: EchonetController,
  name: ObjectName,
  options: { quantities?: QuantityName[]; sampleIntervalMs?: number } = {},
) {
  const log: Seen[] = [];
  const identityChanged = vi.fn<() => void>();
  const to =
    (level: string) =>
    (fields: object, message: string): void =>
      void log.push({ level, message, fields: { ...fields } });
  const clock = new ManualClock({ wallMs: 0, trusted: true });
  const meter = new EchonetMeter(
    {
      id: 'm-1',
      object: objectClass(name),
      instance: 1,
      quantities: options.quantities,
      sampleIntervalMs: options.sampleIntervalMs ?? 60_000,
    },
    {
      get: (...asked) => controller.get(...asked),
      locate: () => Promise.resolve(address),
      lost: () => undefined,
      identityChanged,
      clock,
      log: { debug: to('debug'), info: to('info'), warn: to('warn'), error: to('error') },
    },
  );
  controller.onAnnouncement((announcement) => meter.announced(announcement));
  const sample = async () => Object.fromEntries(await meter.sample());
  const details = () =>
    Object.fromEntries(meter.describe().map(({ channel, details }) => [channel, details]));
  return { meter, sample, details, log, clock, identityChanged };
}
