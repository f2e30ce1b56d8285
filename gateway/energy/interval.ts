import type { Quality } from '#device/contract';
import { halfHourMs, type IntervalLength, intervalEnd, intervalStart } from './calendar.ts';

/** An amount across a gap: made between `from` and `to`, nobody knows when. */
export interface Unallocated {
  readonly from: number;
  readonly to: number;
  readonly wh: number;
}

/**
 * Energy of a half-open interval at Japan-time boundaries.
 *
 * - `wh`: of a half hour, what the register rose while it was read closely enough to say so; of a longer interval, the
 *   sum of its half hours and of the `unallocated` amounts that lie wholly inside it.
 * - `unallocated`: every such amount whose time touches the interval, counted here or not.
 * - `coveredSeconds`: those whose energy is in `wh`; `uncertainSeconds`: those of them between uncertain readings.
 * - `openEvents`: ids of the events in it that nobody has explained; what happened across them is not in `wh`.
 * - `quality`: `bad` with an open event or with nothing covered, `uncertain` with any second uncertain or not covered.
 */
export interface Interval {
  readonly start: number;
  readonly end: number;
  readonly wh: number;
  readonly unallocated: readonly Unallocated[];
  readonly coveredSeconds: number;
  readonly uncertainSeconds: number;
  readonly openEvents: readonly string[];
  readonly quality: Quality;
}

/** Whole seconds of the clock that end in a span: parts of a span add up to the whole. */
export function secondsIn(fromMs: number, toMs: number): number {
  return Math.floor(toMs / 1_000) - Math.floor(fromMs / 1_000);
}

export function qualityOf(interval: Omit<Interval, 'quality'>): Quality {
  const { start, end, coveredSeconds, uncertainSeconds, openEvents } = interval;
  if (openEvents.length > 0 || coveredSeconds === 0) return 'bad';
  return uncertainSeconds > 0 || coveredSeconds < secondsIn(start, end) ? 'uncertain' : 'good';
}

/**
 * Joins half hours, in order and without a hole, into longer intervals. The first and the last are those of the half
 * hours given: give whole ones.
 */
export function coarsen(halfHours: readonly Interval[], length: IntervalLength): Interval[] {
  const joined: Interval[] = [];
  let part: Interval[] = [];
  let end = -Infinity;
  for (const halfHour of halfHours) {
    if (halfHour.start >= end) {
      if (part.length > 0) joined.push(join(part, length));
      part = [];
      end = intervalEnd(length, intervalStart(length, halfHour.start));
    }
    part.push(halfHour);
  }
  if (part.length > 0) joined.push(join(part, length));
  return joined;
}

function join(halfHours: readonly Interval[], length: IntervalLength): Interval {
  const start = intervalStart(length, halfHours[0]?.start ?? 0);
  const end = intervalEnd(length, start);
  const gaps = new Map(
    halfHours.flatMap(({ unallocated }) => unallocated.map((amount) => [amount.from, amount])),
  );
  const unallocated = [...gaps.values()];
  const inside = unallocated.filter(({ from, to }) => from >= start && to <= end);
  const sum = (of: (interval: Interval) => number): number =>
    halfHours.reduce((total, interval) => total + of(interval), 0);
  const interval = {
    start,
    end,
    wh: sum(({ wh }) => wh) + inside.reduce((total, { wh }) => total + wh, 0),
    unallocated,
    coveredSeconds:
      sum(({ coveredSeconds }) => coveredSeconds) +
      inside.reduce((total, { from, to }) => total + secondsIn(from, to), 0),
    uncertainSeconds: sum(({ uncertainSeconds }) => uncertainSeconds),
    openEvents: [...new Set(halfHours.flatMap(({ openEvents }) => openEvents))],
  };
  return { ...interval, quality: qualityOf(interval) };
}

/** Two parts of one half hour, made of spans that follow each other. */
export function joinParts(first: Interval, second: Interval): Interval {
  const interval = {
    start: first.start,
    end: first.end,
    wh: first.wh + second.wh,
    unallocated: [...first.unallocated, ...second.unallocated],
    coveredSeconds: first.coveredSeconds + second.coveredSeconds,
    uncertainSeconds: first.uncertainSeconds + second.uncertainSeconds,
    openEvents: [...new Set([...first.openEvents, ...second.openEvents])],
  };
  return { ...interval, quality: qualityOf(interval) };
}

/** A half hour of which nothing is known. */
export function emptyHalfHour(start: number): Interval {
  return {
    start,
    end: start + halfHourMs,
    wh: 0,
    unallocated: [],
    coveredSeconds: 0,
    uncertainSeconds: 0,
    openEvents: [],
    quality: 'bad',
  };
}
