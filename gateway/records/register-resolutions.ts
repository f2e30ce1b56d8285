import { type ConfiguredMeter, meterSeries, type MeterStatements } from '../derive/meter.ts';
import { registerEventMeasurement, registerEventOf } from '../derive/meter-rows.ts';
import { corrected } from '../energy/correction.ts';
import { eventId, type RegisterEvent } from '../energy/event.ts';
import { counts, type RegisterReading } from '../energy/input.ts';
import { wordOn } from '../energy/word.ts';
import type { Span, Store, StoredReading } from '../store/port.ts';

type Source = Pick<Store, 'derived' | 'readings' | 'lastBefore'>;

/** A register's events in a span, oldest first. */
export async function registerEvents(
  store: Pick<Store, 'derived'>,
  { key }: ConfiguredMeter,
  span: Span,
): Promise<RegisterEvent[]> {
  const events: RegisterEvent[] = [];
  for await (const row of store.derived({ measurement: registerEventMeasurement, key }, span))
    events.push(registerEventOf(row));
  return events;
}

/** The event with what people have said since it was derived. */
export function withWord(event: RegisterEvent, said: MeterStatements): RegisterEvent {
  return wordOn(event, said)?.event ?? event;
}

/** The event at an instant, or what a person's word would make of the reading there; undefined where none counts. */
export async function eventAt(
  store: Source,
  meter: ConfiguredMeter,
  said: MeterStatements,
  at: number,
): Promise<RegisterEvent | undefined> {
  const [event] = await registerEvents(store, meter, { from: at, to: at + 1 });
  if (event !== undefined) return event;
  const reading = await readingAt(store, meter, said, at);
  if (reading === undefined || !counts(reading)) return undefined;
  const before = await countingBefore(store, meter, said, at);
  if (before === undefined) return undefined;
  return {
    id: eventId(meter.key, at),
    meter: meter.key,
    at,
    kind: 'reported',
    before: before.wh,
    beforeAt: before.at,
    after: reading.wh,
    resolution: null,
  };
}

/** The reading stored at an instant, as people have corrected it so far. */
export async function readingAt(
  store: Pick<Store, 'readings'>,
  meter: ConfiguredMeter,
  said: MeterStatements,
  at: number,
): Promise<RegisterReading | undefined> {
  for await (const stored of store.readings(meterSeries(meter), { from: at, to: at + 1 }))
    return readingOf(stored, said);
  return undefined;
}

function readingOf(
  { at, value, quality, clock }: StoredReading,
  { corrections }: MeterStatements,
): RegisterReading {
  const reading = { kind: 'reading', at, wh: value, quality, clock } as const;
  return corrected(reading, corrections.get(at) ?? []);
}

/** Readings that do not count are passed over; beyond so many it is not worth looking. */
const mostPassedOver = 1_000;

/** The newest reading before an instant that counts. */
export async function countingBefore(
  store: Pick<Store, 'lastBefore'>,
  meter: ConfiguredMeter,
  said: MeterStatements,
  before: number,
): Promise<(RegisterReading & { wh: number }) | undefined> {
  for (let at = before, looked = 0; looked < mostPassedOver; looked += 1) {
    const stored = await store.lastBefore(meterSeries(meter), at);
    if (stored === undefined) return undefined;
    const reading = readingOf(stored, said);
    if (counts(reading)) return reading;
    at = stored.at;
  }
  return undefined;
}
