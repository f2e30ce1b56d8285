import { japanMidnight } from '../energy/japan-day.ts';
import { minuteMs } from '../hydrogen/ledger/step.ts';
import type { Batch, StaleMark, StoredEvent, StoredReading } from '../store/port.ts';
import { type ConfiguredMeter, meterSeries } from './meter.ts';
import { channelMeta } from './meter-inputs.ts';
import { type ConfiguredPack, packKey } from './pack.ts';
import { isPackQuantity, packDevice } from './samples.ts';

const hydrogenPrefix = 'hydrogen/';
const energyPrefix = 'energy/';
const reductionPrefix = 'reduction/';

/** The mark of a pack's minute: everything derived from there on may have to change. */
export function minuteStaleKey(pack: ConfiguredPack, atMs: number): string {
  return `${hydrogenPrefix}${packKey(pack)}/${Math.floor(atMs / minuteMs) * minuteMs}`;
}

/** The mark of a meter's day in Japan. */
export function dayStaleKey({ key }: Pick<ConfiguredMeter, 'key'>, atMs: number): string {
  return `${energyPrefix}${key}/${japanMidnight(atMs)}`;
}

/** The mark of a generator's day in Japan, whose half hours are about to change. `everything` is the day 0. */
export function reductionStaleKey(generator: string, atMs: number | 'everything'): string {
  return `${reductionPrefix}${generator}/${atMs === 'everything' ? 0 : japanMidnight(atMs)}`;
}

/** The marks that a commit makes of what is derived from it: minutes of packs, days of meters; each once. */
export type StaleKeys = (came: Pick<Batch, 'readings' | 'events'>) => string[];

export function staleKeysOf(
  packs: readonly ConfiguredPack[],
  meters: readonly ConfiguredMeter[],
): StaleKeys {
  const ofReading = readingMarks(packs, meters);
  const ofEvent = eventMarks(meters);
  return ({ readings, events }) => [
    ...new Set([...readings.flatMap(ofReading), ...events.flatMap(ofEvent)]),
  ];
}

function readingMarks(packs: readonly ConfiguredPack[], meters: readonly ConfiguredMeter[]) {
  const packOf = new Map(
    packs.map((pack) => [`${pack.site}/${packDevice(pack)}/${pack.config.id}`, pack]),
  );
  const meterOf = new Map(
    meters.map((meter) => {
      const { site, device, asset, quantity } = meterSeries(meter);
      return [`${site}/${device}/${asset}/${quantity}`, meter];
    }),
  );
  return ({ site, device, asset, quantity, at }: StoredReading): readonly string[] => {
    const name = `${site}/${device}/${asset}`;
    const pack = isPackQuantity(quantity) ? packOf.get(name) : undefined;
    if (pack !== undefined) return [minuteStaleKey(pack, at)];
    const meter = meterOf.get(`${name}/${quantity}`);
    return meter === undefined ? [] : [dayStaleKey(meter, at)];
  };
}

/** What a device says of its meters changes how they are read; a restart alone changes nothing. */
function eventMarks(meters: readonly ConfiguredMeter[]) {
  const byDevice = new Map<string, ConfiguredMeter[]>();
  for (const meter of meters) {
    const name = `${meter.site}/${meter.device}`;
    byDevice.set(name, [...(byDevice.get(name) ?? []), meter]);
  }
  return (stored: StoredEvent): readonly string[] =>
    (byDevice.get(`${stored.site}/${stored.device}`) ?? [])
      .filter(({ asset, quantity }) => concerns(stored, `${asset}/${quantity}`))
      .map((meter) => dayStaleKey(meter, stored.at));
}

function concerns(stored: StoredEvent, channel: string): boolean {
  if (stored.event.kind === 'register-rollback') return stored.event['channel'] === channel;
  return channelMeta(stored, channel) !== undefined;
}

/** Marks of stale minutes by the pack's key. */
export function minutesByPack(marks: readonly StaleMark[]): Map<string, Map<number, StaleMark>> {
  return timesByKey(hydrogenPrefix, marks);
}

/** Marks of stale days by the meter's key. */
export function daysByMeter(marks: readonly StaleMark[]): Map<string, Map<number, StaleMark>> {
  return timesByKey(energyPrefix, marks);
}

/** Marks of stale days by the generator's key. */
export function daysByReduction(marks: readonly StaleMark[]): Map<string, Map<number, StaleMark>> {
  return timesByKey(reductionPrefix, marks);
}

function timesByKey(
  prefix: string,
  marks: readonly StaleMark[],
): Map<string, Map<number, StaleMark>> {
  const byKey = new Map<string, Map<number, StaleMark>>();
  for (const mark of marks) {
    if (!mark.key.startsWith(prefix)) continue;
    const cut = mark.key.lastIndexOf('/');
    const key = mark.key.slice(prefix.length, cut);
    const times = byKey.get(key) ?? new Map<number, StaleMark>();
    byKey.set(key, times.set(Number(mark.key.slice(cut + 1)), mark));
  }
  return byKey;
}
