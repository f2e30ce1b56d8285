import type { PackHistoryPoint } from '#gateway/contract';
import { isLost } from '../plant/standing.ts';
import type { TrendPoint } from './tail.ts';

/** Half-open, epoch milliseconds. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Columns as uPlot takes them; times in epoch seconds, strictly rising. */
export interface Trend extends TimeSpan {
  readonly timesS: readonly number[];
  readonly pressureMpa: readonly (number | null)[];
  readonly totalKg: readonly (number | null)[];
  /** Where no pressure can be believed, from the last one before to the first one after. */
  readonly gaps: readonly TimeSpan[];
}

export function historyTrendPoint(point: PackHistoryPoint): TrendPoint {
  const { at, pressureMpa, totalKg } = point;
  return isLost(point) ? { at, pressureMpa: null, totalKg: null } : { at, pressureMpa, totalKg };
}

/**
 * Orders history and live tail into one trend over `span`. Nothing is drawn across a null, nor across more than
 * one and a half of `spacingMs`, the distance at which the history was asked for: there a null is put between.
 * Where the tail has begun it is the better witness: the history's newest minute may not be stored yet.
 */
export function shapeTrend(
  history: readonly TrendPoint[],
  tail: readonly TrendPoint[],
  span: TimeSpan,
  spacingMs: number,
): Trend {
  const longestJoinMs = spacingMs * 1.5;
  const liveFromMs = tail[0]?.at ?? Infinity;
  const before = history.filter((point) => point.at < liveFromMs);
  const points = broken(ordered([...before, ...tail], span), longestJoinMs);
  return {
    ...span,
    timesS: points.map((point) => point.at / 1000),
    pressureMpa: points.map((point) => point.pressureMpa),
    totalKg: points.map((point) => point.totalKg),
    gaps: gapsIn(points, span, longestJoinMs),
  };
}

/** Sorted, inside the span, and one point a time. */
function ordered(points: readonly TrendPoint[], span: TimeSpan): TrendPoint[] {
  const byTime = new Map(points.map((point) => [point.at, point]));
  return [...byTime.values()]
    .filter((point) => point.at >= span.fromMs && point.at < span.toMs)
    .toSorted((first, second) => first.at - second.at);
}

function broken(points: readonly TrendPoint[], longestJoinMs: number): TrendPoint[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    const joined = before === undefined || point.at - before.at <= longestJoinMs;
    return joined ? [point] : [{ at: point.at - 1, pressureMpa: null, totalKg: null }, point];
  });
}

function gapsIn(points: readonly TrendPoint[], span: TimeSpan, longestJoinMs: number): TimeSpan[] {
  const gaps: TimeSpan[] = [];
  let knownMs = span.fromMs;
  let interrupted = (points[0]?.at ?? Infinity) - span.fromMs > longestJoinMs;
  for (const { at, pressureMpa } of points) {
    if (pressureMpa === null) {
      interrupted = true;
      continue;
    }
    if (interrupted && at > knownMs) gaps.push({ fromMs: knownMs, toMs: at });
    knownMs = at;
    interrupted = false;
  }
  const open = interrupted || span.toMs - knownMs > longestJoinMs;
  return open && span.toMs > knownMs ? [...gaps, { fromMs: knownMs, toMs: span.toMs }] : gaps;
}

/** Lowest and highest of a column; undefined where nothing is known. */
export function extent(
  values: readonly (number | null)[],
): { readonly least: number; readonly most: number } | undefined {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return undefined;
  return {
    least: known.reduce((least, value) => Math.min(least, value)),
    most: known.reduce((most, value) => Math.max(most, value)),
  };
}
