import { dayMs, japanOffsetMs } from './japan-day.ts';

/** Lengths of interval: half an hour, hour, day and month of Japan time, and the fiscal year from 1 April. */
export const intervalLengths = ['30m', '1h', '1d', '1mo', 'fy'] as const;
export type IntervalLength = (typeof intervalLengths)[number];

export const halfHourMs = 30 * 60_000;
const fixedMs: Partial<Record<IntervalLength, number>> = {
  '30m': halfHourMs,
  '1h': 2 * halfHourMs,
  '1d': dayMs,
};

/** The start of the interval that holds `atMs`. */
export function intervalStart(resolution: IntervalLength, atMs: number): number {
  const local = atMs + japanOffsetMs;
  const lengthMs = fixedMs[resolution];
  if (lengthMs !== undefined) return Math.floor(local / lengthMs) * lengthMs - japanOffsetMs;
  const { year, month } = calendarMonth(local);
  if (resolution === '1mo') return monthStart(year, month);
  return monthStart(month < april ? year - 1 : year, april);
}

/** The end of the interval that begins at `startMs`, which is the start of the next one. */
export function intervalEnd(resolution: IntervalLength, startMs: number): number {
  const lengthMs = fixedMs[resolution];
  if (lengthMs !== undefined) return startMs + lengthMs;
  const { year, month } = calendarMonth(startMs + japanOffsetMs);
  return resolution === '1mo' ? monthStart(year, month + 1) : monthStart(year + 1, month);
}

const april = 3;

function monthStart(year: number, month: number): number {
  return Date.UTC(year, month, 1) - japanOffsetMs;
}

function calendarMonth(localMs: number): { year: number; month: number } {
  const date = new Date(localMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() };
}
