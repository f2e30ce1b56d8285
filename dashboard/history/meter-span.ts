import type { TimeSpan } from '../trend/shape.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const japanOffsetMs = 9 * 60 * minuteMs;

export const barLengths = ['30m', '1d', '1mo'] as const;
/** Length of a bar; a day of half hours, a month of days and a fiscal year of months fill the picture. */
export type BarLength = (typeof barLengths)[number];

/** The day, month or fiscal year (from 1 April) of Japan time that holds `atMs`, for bars of that length. */
export function pageAt(length: BarLength, atMs: number): TimeSpan {
  const local = new Date(atMs + japanOffsetMs);
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth()];
  if (length === '30m') {
    const fromMs = Date.UTC(year, month, local.getUTCDate()) - japanOffsetMs;
    return { fromMs, toMs: fromMs + dayMs };
  }
  if (length === '1d') return months(year, month, 1);
  return months(month < 3 ? year - 1 : year, 3, 12);
}

/** The page before or after. */
export function pageBeside(length: BarLength, page: TimeSpan, by: -1 | 1): TimeSpan {
  return pageAt(length, by === -1 ? page.fromMs - 1 : page.toMs);
}

function months(year: number, month: number, count: number): TimeSpan {
  const at = (each: number): number => Date.UTC(year, each, 1) - japanOffsetMs;
  return { fromMs: at(month), toMs: at(month + count) };
}
