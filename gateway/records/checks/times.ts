import type { Mistake } from '../refusal.ts';

/** Before the first pack of this kind: a clock that is not set, or seconds taken for milliseconds. */
export const earliestMs = Date.UTC(2020, 0, 1);
/** Two clocks in one house may differ by this. */
const clocksDifferMs = 60_000;
const dayMs = 24 * 3_600_000;
/** How far ahead work is planned. */
const planDays = 31;
/** And a calibration's certificate runs. */
const certificateDays = 3660;

const iso = (ms: number) => new Date(ms).toISOString();

/** Of something that happened. */
export function pastTime(field: string, at: number, nowMs: number): Mistake[] {
  return within(field, at, nowMs + clocksDifferMs, 'lies in the future:');
}

/** Of something that may be planned. */
export function plannedTime(field: string, at: number, nowMs: number): Mistake[] {
  return within(field, at, nowMs + planDays * dayMs, `lies more than ${planDays} days ahead:`);
}

/** Of the end of a certificate. */
export function certificateTime(field: string, at: number, nowMs: number): Mistake[] {
  return within(field, at, nowMs + certificateDays * dayMs, 'lies more than ten years ahead:');
}

function within(field: string, at: number, latestMs: number, late: string): Mistake[] {
  if (at < earliestMs)
    return [{ field, value: at, detail: `lies before ${iso(earliestMs)}: epoch milliseconds?` }];
  if (at <= latestMs) return [];
  return [{ field, value: at, detail: `${late} ${iso(latestMs)} at the latest` }];
}

/** A span runs forwards. */
export function forwards(
  from: readonly [string, number],
  to: readonly [string, number],
): Mistake[] {
  if (from[1] < to[1]) return [];
  return [{ field: to[0], value: to[1], detail: `must lie after ${from[0]} (${from[1]})` }];
}
