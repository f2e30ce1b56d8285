import { japanDate, japanMinute } from '../format.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const japanOffsetMs = 9 * 60 * minuteMs;

/** Steps of one length, then whole months: no two marks are ever closer than asked. */
const minuteSteps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2 * 1440, 5 * 1440];
const monthSteps = [1, 2, 3, 6, 12, 24, 60];

/** Marks of a time axis, epoch ms, at whole minutes, hours, days or months of Japan time; at most `most` of them. */
export function timeMarks(fromMs: number, toMs: number, most: number): number[] {
  const step = minuteSteps.find((minutes) => (toMs - fromMs) / (minutes * minuteMs) <= most);
  return step === undefined
    ? monthMarks(fromMs, toMs, most)
    : evenMarks(fromMs, toMs, step * minuteMs);
}

function evenMarks(fromMs: number, toMs: number, stepMs: number): number[] {
  const first = Math.ceil((fromMs + japanOffsetMs) / stepMs) * stepMs - japanOffsetMs;
  const marks: number[] = [];
  for (let at = first; at <= toMs; at += stepMs) marks.push(at);
  return marks;
}

function monthMarks(fromMs: number, toMs: number, most: number): number[] {
  const months = (toMs - fromMs) / (28 * dayMs);
  const step = monthSteps.find((each) => months / each <= most) ?? 120;
  const begin = new Date(fromMs + japanOffsetMs);
  const marks: number[] = [];
  let month = Math.floor((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / step) * step;
  for (;;) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1) - japanOffsetMs;
    if (at > toMs) return marks;
    if (at >= fromMs) marks.push(at);
    month += step;
  }
}

/** What a mark says: the time of day, at a midnight the date, at a beginning of a year the year. */
export function markText(atMs: number, stepMs: number): string {
  const date = japanDate(atMs);
  const midnight = (atMs + japanOffsetMs) % dayMs === 0;
  if (!midnight) return japanMinute(atMs);
  if (date.endsWith('-01-01')) return date.slice(0, 4);
  return stepMs >= 20 * dayMs
    ? date.slice(0, 7).replace('-', '/')
    : date.slice(5).replace('-', '/');
}
