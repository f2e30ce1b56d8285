import type { DerivedRow, Span, StaleMark, Store, StoredReading } from '../store/port.ts';
import { type Figure, figure } from './figure.ts';
import { type ConfiguredPack, convert, shownQuality } from './pack.ts';

export const minuteMs = 60_000;
/** The measurement under which a pack's minutes are stored; key `{site}/{pack}`, one row at each minute's start. */
export const hydrogenMeasurement = 'hydrogen';
const prefix = `${hydrogenMeasurement}/`;

export function packKey(site: string, pack: string): string {
  return `${site}/${pack}`;
}

/** The minute that a reading of a configured pack makes stale. */
export function staleMinute(
  packs: readonly ConfiguredPack[],
): (
  reading: Pick<StoredReading, 'site' | 'device' | 'asset' | 'quantity' | 'at'>,
) => string | undefined {
  const known = new Set(packs.map(({ site, config }) => `${site}/${config.device}/${config.id}`));
  return ({ site, device, asset, quantity, at }) => {
    if (quantity !== 'pressure' && quantity !== 'temperature') return undefined;
    if (!known.has(`${site}/${device}/${asset}`)) return undefined;
    return `${prefix}${packKey(site, asset)}/${Math.floor(at / minuteMs) * minuteMs}`;
  };
}

/**
 * A minute of a pack from its stored readings alone, so that recomputing gives the same bytes: the last pressure of the
 * minute that has a value, with the temperature nearest before it. Where no pressure has a value the row is a null with
 * the reason.
 */
export function hydrogenMinute(
  { geometry, config }: ConfiguredPack,
  minute: number,
  pressures: readonly StoredReading[],
  temperatures: readonly StoredReading[],
): DerivedRow {
  const chosen =
    pressures.findLast(({ value, quality }) => value !== null && quality !== 'bad') ??
    pressures.at(-1);
  const asOf = chosen?.at ?? minute + minuteMs - 1;
  const pressure = figure(chosen, asOf, 0);
  const near = temperatures.findLast(({ at }) => at <= asOf);
  const temperature: Figure = figure(near, asOf, config.staleAfterSeconds * 1000);
  const hydrogen = convert(geometry, pressure.value, temperature.value);
  const { quality, why } = shownQuality(pressure, temperature, hydrogen);
  return {
    at: minute,
    fields: {
      measuredAt: asOf,
      pressureMpa: pressure.value,
      temperatureC: temperature.value,
      totalKg: hydrogen?.totalKg ?? null,
      usableKg: hydrogen?.usableKg ?? null,
      expandedUncertaintyKg: hydrogen?.expandedUncertaintyKg ?? null,
      quality,
      why: why ?? null,
    },
  };
}

/** Recomputes the closed minutes that commits have marked stale; answers whether there may be more. */
export async function deriveHydrogen(
  store: Store,
  packs: readonly ConfiguredPack[],
  nowMs: number,
  limit = 2000,
): Promise<boolean> {
  const marks = (await store.stale(limit)).filter(({ key }) => key.startsWith(prefix));
  const byPack = new Map<string, Map<number, StaleMark>>();
  for (const mark of marks) {
    const cut = mark.key.lastIndexOf('/');
    const minute = Number(mark.key.slice(cut + 1));
    // A minute still running would be computed again at every reading.
    if (minute + minuteMs > nowMs) continue;
    const key = mark.key.slice(prefix.length, cut);
    byPack.set(key, (byPack.get(key) ?? new Map()).set(minute, mark));
  }
  for (const [key, minutes] of byPack) {
    const pack = packs.find(({ site, config }) => packKey(site, config.id) === key);
    for (const run of contiguous([...minutes.keys()])) {
      const rows = pack === undefined ? [] : await minutesOf(store, pack, run);
      const done = [...minutes].flatMap(([minute, mark]) =>
        minute >= run.from && minute < run.to ? mark : [],
      );
      await store.putDerived({ measurement: hydrogenMeasurement, key }, rows, done);
    }
  }
  return marks.length === limit;
}

async function minutesOf(store: Store, pack: ConfiguredPack, run: Span): Promise<DerivedRow[]> {
  const { site, config } = pack;
  const leadMs = config.staleAfterSeconds * 1000;
  const span = { from: run.from - leadMs, to: run.to };
  const read = (quantity: 'pressure' | 'temperature') =>
    collect(
      store.readings({ site, device: config.device ?? '', asset: config.id, quantity }, span),
    );
  const [pressures, temperatures] = await Promise.all([read('pressure'), read('temperature')]);
  const rows: DerivedRow[] = [];
  for (let minute = run.from; minute < run.to; minute += minuteMs) {
    const end = minute + minuteMs;
    const inside = pressures.filter(({ at }) => at >= minute && at < end);
    const before = temperatures.filter(({ at }) => at >= minute - leadMs && at < end);
    if (inside.length > 0 || before.some(({ at }) => at >= minute))
      rows.push(hydrogenMinute(pack, minute, inside, before));
  }
  return rows;
}

/** At most an hour at a time, so that memory stays flat however long the backlog is. */
const longestRunMs = 60 * minuteMs;

function contiguous(minutes: readonly number[]): Span[] {
  const spans: { from: number; to: number }[] = [];
  for (const minute of minutes.toSorted((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last !== undefined && last.to === minute && last.to - last.from < longestRunMs)
      last.to += minuteMs;
    else spans.push({ from: minute, to: minute + minuteMs });
  }
  return spans;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
