import { packHistoryPointSchema, shownWhySchema, type PackHistoryPoint } from '#gateway/contract';
import type { DerivedRow, Span } from '../store/port.ts';

const minuteMs = 60_000;

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

/**
 * One point per bucket: its most complete row, the latest of those, so that a null shows where nothing good is in a
 * bucket and only there. A bucket without a row is a point without values (`no-data`), so that no chart draws across
 * it, unless its last minute may still be derived: `settledMs` is the time up to which every row is there.
 */
export async function thin(
  rows: AsyncIterable<DerivedRow>,
  buckets: Buckets,
  settledMs: number,
): Promise<PackHistoryPoint[]> {
  const best = new Map<number, DerivedRow>();
  for await (const row of rows) {
    const bucket = Math.floor((row.at - buckets.startMs) / buckets.widthMs);
    const held = best.get(bucket);
    if (held === undefined || beats(row, held)) best.set(bucket, row);
  }
  const points: PackHistoryPoint[] = [];
  for (let bucket = 0; bucket < buckets.count; bucket += 1) {
    const row = best.get(bucket);
    const at = buckets.startMs + bucket * buckets.widthMs;
    if (row !== undefined) points.push(pointOf(row));
    else if (at + buckets.widthMs <= settledMs) points.push(nothingAt(at));
  }
  return points;
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
  .omit({ at: true })
  .extend({ why: shownWhySchema.nullish() });

/** Throws when a row is not what the gateway derives: the store was written by something else. */
function pointOf(row: DerivedRow): PackHistoryPoint {
  const { why, ...values } = rowSchema.parse(row.fields);
  const point = { at: row.at, ...values };
  return why === null || why === undefined ? point : { ...point, why };
}

function nothingAt(at: number): PackHistoryPoint {
  const values = { pressureMpa: null, temperatureC: null, totalKg: null, usableKg: null };
  return {
    at,
    measuredAt: at,
    ...values,
    expandedUncertaintyKg: null,
    quality: 'bad',
    why: 'no-data',
  };
}
