import { packHistoryPointSchema, shownWhySchema, type PackHistoryPoint } from '#gateway/contract';
import type { DerivedRow, Span } from '../store/port.ts';

const minuteMs = 60_000;

type Stretch = NonNullable<PackHistoryPoint['stretch']>;

/** Equal stretches of time, each a whole number of minutes: rows stand at minutes, so none can fall between two. */
export interface Buckets {
  readonly startMs: number;
  readonly widthMs: number;
  readonly count: number;
}

/** At most `points` buckets that hold the span; the first begins at the minute that holds `from`. */
export function bucketsFor(span: Span, points: number): Buckets {
  const startMs = Math.floor(span.from / minuteMs) * minuteMs;
  const lengthMs = span.to - startMs;
  const widthMs = Math.ceil(lengthMs / points / minuteMs) * minuteMs;
  return { startMs, widthMs, count: Math.ceil(lengthMs / widthMs) };
}

/** A bucket while its rows come in. */
interface Filling {
  best: DerivedRow;
  readonly known: Set<number>;
  readonly extremes: Readonly<Record<ExtremeField, { least: number; most: number }>>;
}

/**
 * One point per bucket: its most complete row, the latest of those, so that a null shows where nothing good is in a
 * bucket and only there, and with it the extremes of all its rows, so that no peak is thinned away. A bucket without a
 * row is a point without values (`no-data`), so that no chart draws across it, unless its last minute may still be
 * derived: `settledMs` is the time up to which every row is there.
 */
export async function thin(
  rows: AsyncIterable<DerivedRow>,
  buckets: Buckets,
  settledMs: number,
): Promise<PackHistoryPoint[]> {
  const { startMs, widthMs } = buckets;
  const filling = new Map<number, Filling>();
  for await (const row of rows) {
    const bucket = Math.floor((row.at - startMs) / widthMs);
    const held = filling.get(bucket);
    if (held === undefined) filling.set(bucket, filledWith(row));
    else take(held, row);
  }
  const points: PackHistoryPoint[] = [];
  for (let bucket = 0; bucket < buckets.count; bucket += 1) {
    const held = filling.get(bucket);
    const at = startMs + bucket * widthMs;
    if (held !== undefined) points.push(pointOf(held, widthMs, settledMs - at));
    else if (at + widthMs <= settledMs) points.push(nothingAt(at, widthMs));
  }
  return points;
}

const extremeFields = ['pressureMpa', 'totalKg', 'usableKg'] as const;
type ExtremeField = (typeof extremeFields)[number];

function filledWith(row: DerivedRow): Filling {
  const none = () => ({ least: Infinity, most: -Infinity });
  const extremes = { pressureMpa: none(), totalKg: none(), usableKg: none() };
  const held = { best: row, known: new Set<number>(), extremes };
  take(held, row);
  return held;
}

/** An event brings a second row into its minute, so minutes are counted and not rows. */
function take(held: Filling, row: DerivedRow): void {
  if (beats(row, held.best)) held.best = row;
  // A sensor that is known to be wrong may still give a number.
  if (row.fields['quality'] === 'bad') return;
  if (row.fields['pressureMpa'] !== null) held.known.add(Math.floor(row.at / minuteMs));
  for (const name of extremeFields) {
    const value = row.fields[name];
    if (typeof value !== 'number') continue;
    const extreme = held.extremes[name];
    extreme.least = Math.min(extreme.least, value);
    extreme.most = Math.max(extreme.most, value);
  }
}

function beats(row: DerivedRow, held: DerivedRow): boolean {
  const [more, less] = [completeness(row), completeness(held)];
  return more > less || (more === less && row.at >= held.at);
}

const shownFields = ['totalKg', 'pressureMpa', 'temperatureC'] as const;

function completeness({ fields }: DerivedRow): number {
  return shownFields.filter((name) => fields[name] !== null).length;
}

const rowSchema = packHistoryPointSchema
  .omit({ at: true, stretch: true })
  .extend({ why: shownWhySchema.nullish() });

/** Throws when a row is not what the gateway derives: the store was written by something else. */
function pointOf(held: Filling, widthMs: number, elapsedMs: number): PackHistoryPoint {
  const { why, ...values } = rowSchema.parse(held.best.fields);
  const point = {
    at: held.best.at,
    ...values,
    ...(why === null || why === undefined ? {} : { why }),
  };
  if (widthMs === minuteMs) return point;
  // Minutes that are still to come are not missing.
  const minutes = Math.ceil(Math.min(widthMs, elapsedMs) / minuteMs);
  const knownMinutes = held.known.size;
  const stretch = {
    ...extremesOf(held),
    knownMinutes,
    minutes: Math.max(minutes, knownMinutes, 1),
  };
  return { ...point, stretch };
}

function extremesOf({ extremes }: Filling): Pick<Stretch, ExtremeField> {
  const known = (name: ExtremeField) =>
    extremes[name].least > extremes[name].most ? null : { ...extremes[name] };
  return {
    pressureMpa: known('pressureMpa'),
    totalKg: known('totalKg'),
    usableKg: known('usableKg'),
  };
}

function nothingAt(at: number, widthMs: number): PackHistoryPoint {
  const values = { pressureMpa: null, temperatureC: null, totalKg: null, usableKg: null };
  const uncertainties = { expandedUncertaintyKg: null, usableExpandedUncertaintyKg: null };
  const nothing = { pressureMpa: null, totalKg: null, usableKg: null, knownMinutes: 0 };
  return {
    at,
    measuredAt: at,
    ...values,
    ...uncertainties,
    quality: 'bad',
    why: 'no-data',
    ...(widthMs === minuteMs ? {} : { stretch: { ...nothing, minutes: widthMs / minuteMs } }),
  };
}
