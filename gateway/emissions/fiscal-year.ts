import { intervalStart } from '../energy/calendar.ts';
import { dayMs, japanMidnight, japanOffsetMs } from '../energy/japan-day.ts';

/** A day in Japan as text, `2026-04-01`. */
export type JapanDate = string;

const april = 3;

/** The year in whose April the fiscal year of an instant began. */
export function fiscalYearOf(atMs: number): number {
  return new Date(intervalStart('fy', atMs) + japanOffsetMs).getUTCFullYear();
}

/** Half-open, epoch milliseconds: from 1 April 00:00 Japan time to the next one. */
export function fiscalYearSpan(year: number): { readonly from: number; readonly to: number } {
  return {
    from: Date.UTC(year, april, 1) - japanOffsetMs,
    to: Date.UTC(year + 1, april, 1) - japanOffsetMs,
  };
}

/** 00:00 Japan time of a date. Throws a RangeError for a date that is not in the calendar. */
export function dateMs(date: JapanDate): number {
  const ms = Date.parse(`${date}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(ms) || textOf(ms) !== date)
    throw new RangeError(`"${date}" is no date: write 2026-04-01`);
  return ms - japanOffsetMs;
}

/** The date in Japan of an instant. */
export function dateOf(atMs: number): JapanDate {
  return textOf(japanMidnight(atMs) + japanOffsetMs);
}

function textOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/**
 * 00:00 Japan time of the date so many months later, at which a period of so many months that began on the date is
 * over. Where that month has no such day, its last day is the last of the period (Civil Code, article 143).
 */
export function monthsAfter(date: JapanDate, months: number): number {
  const from = new Date(dateMs(date) + japanOffsetMs);
  const year = from.getUTCFullYear();
  const month = from.getUTCMonth() + months;
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = from.getUTCDate();
  const ms = Date.UTC(year, month, Math.min(day, days)) - japanOffsetMs;
  return day > days ? ms + dayMs : ms;
}
