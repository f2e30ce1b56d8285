import { halfHourMs, intervalStart } from './calendar.ts';
import type { Interval } from './interval.ts';

/**
 * Starts of the half hours that a late, corrected or removed reading touches where the register only rose: from the
 * counting reading before it to the one after it (times, null where there is none). Around an event a change may reach
 * further: derive again from a checkpoint until the states are equal, and compare with `changedIntervals`.
 */
export function touchedHalfHours(
  before: number | null,
  at: number,
  after: number | null,
): number[] {
  const to = after ?? at;
  const starts: number[] = [];
  if (before === to || (before === null && after === null)) return starts;
  for (let start = intervalStart('30m', before ?? at); start < to; start += halfHourMs)
    starts.push(start);
  return starts;
}

/** Starts of the intervals that two derivations disagree on, in order: exactly what has a new revision. */
export function changedIntervals(
  before: readonly Interval[],
  after: readonly Interval[],
): number[] {
  const known = new Map(before.map((interval) => [interval.start, JSON.stringify(interval)]));
  const changed = new Set<number>();
  for (const interval of after) {
    if (known.get(interval.start) !== JSON.stringify(interval)) changed.add(interval.start);
    known.delete(interval.start);
  }
  for (const start of known.keys()) changed.add(start);
  return [...changed].toSorted((a, b) => a - b);
}
