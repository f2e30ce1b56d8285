import { packHistoryPointSchema, shownWhySchema, type PackHistoryPoint } from '#gateway/contract';
import { hourMs, type Placed } from '../derive/hour-rows.ts';
import { joined, type Stretch } from '../derive/stretch.ts';
import type { Span } from '../store/port.ts';

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
 * bucket and only there, and with it the extremes of all its rows, so that no peak is thinned away. A bucket without a
 * row is a point without values (`no-data`), so that no chart draws across it, unless its last minute may still be
 * derived: `settledMs` is the time up to which every row is there.
 */
export async function thin(
  rows: AsyncIterable<Placed>,
  buckets: Buckets,
  settledMs: number,
): Promise<PackHistoryPoint[]> {
  const { startMs, widthMs } = buckets;
  const filling = new Map<number, Stretch>();
  for await (const { at, stretch } of rows) {
    const bucket = Math.floor((at - startMs) / widthMs);
    const held = filling.get(bucket);
    filling.set(bucket, held === undefined ? stretch : joined(held, stretch));
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

/** Whether hours fit into the buckets: then their rows say the same as their minutes', and are a sixtieth of them. */
export function holdHours({ startMs, widthMs }: Buckets): boolean {
  return startMs % hourMs === 0 && widthMs % hourMs === 0;
}

const rowSchema = packHistoryPointSchema
  .omit({ at: true, stretch: true })
  .extend({ why: shownWhySchema.nullish() });

/** Throws when a row is not what the gateway derives: the store was written by something else. */
function pointOf(held: Stretch, widthMs: number, elapsedMs: number): PackHistoryPoint {
  const { why, ...values } = rowSchema.parse(held.best.fields);
  const point = {
    at: held.best.at,
    ...values,
    ...(why === null || why === undefined ? {} : { why }),
  };
  if (widthMs === minuteMs) return point;
  // Minutes that are still to come are not missing.
  const minutes = Math.ceil(Math.min(widthMs, elapsedMs) / minuteMs);
  const { knownMinutes, extremes } = held;
  const stretch = { ...extremes, knownMinutes, minutes: Math.max(minutes, knownMinutes, 1) };
  return { ...point, stretch };
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
