import type { MeterReading } from '#gateway/contract';
import { type ConfiguredMeter, meterSeries, type MeterStatements } from '../../derive/meter.ts';
import { counts } from '../../energy/input.ts';
import type { Store, StoredReading } from '../../store/port.ts';
import type { KnownRecord } from '../desk.ts';
import { countingBefore } from '../register-resolutions.ts';
import { readByHand } from './by-hand.ts';
import { recordedBy } from './sources.ts';

/** Further from the display's reading than this, a register says nothing about it. */
const besideMs = 24 * 3_600_000;

/**
 * What a person read from a display, as a reading of the reserved device: the account of a meter that has no device of
 * its own, and nothing but a comparison for one that has.
 */
export function manualMeterReading(
  { site, asset, quantity }: ConfiguredMeter,
  at: number,
  wh: number,
  nowMs: number,
): StoredReading {
  return readByHand({ site, asset, quantity, at, value: wh }, nowMs);
}

/** The reading beside what the metered register showed: between the readings around it, within one digit of a display. */
export async function showMeterReading(
  store: Pick<Store, 'readings' | 'lastBefore'>,
  meter: ConfiguredMeter,
  said: MeterStatements,
  record: KnownRecord<'meter-reading'>,
): Promise<MeterReading> {
  const { at, body } = record;
  const { wh, photoSha256 = null } = body;
  return {
    ...recordedBy(record),
    meter: meter.key,
    at,
    wh,
    photoSha256,
    metered: meter.device === undefined ? null : await metered(store, meter, said, at, wh),
  };
}

async function metered(
  store: Pick<Store, 'readings' | 'lastBefore'>,
  meter: ConfiguredMeter,
  said: MeterStatements,
  at: number,
  wh: number,
): Promise<MeterReading['metered']> {
  const before = await countingBefore(store, meter, said, at + 1);
  if (before === undefined || at - before.at > besideMs) return null;
  const after = await countingAfter(store, meter, at);
  const tolerance = meter.rules.resolutionWh;
  const low = Math.min(before.wh, after ?? before.wh) - tolerance;
  const high = Math.max(before.wh, after ?? before.wh) + tolerance;
  const agrees = wh >= low && wh <= high;
  return { at: before.at, wh: before.wh, differenceWh: wh - before.wh, agrees };
}

async function countingAfter(
  store: Pick<Store, 'readings'>,
  meter: ConfiguredMeter,
  at: number,
): Promise<number | undefined> {
  const span = { from: at, to: at + besideMs };
  for await (const { value, ...rest } of store.readings(meterSeries(meter), span)) {
    const reading = { kind: 'reading', wh: value, ...rest } as const;
    if (counts(reading)) return reading.wh;
  }
  return undefined;
}
