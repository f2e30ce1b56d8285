import { expect, test } from 'vitest';
import { intervalEnd, type IntervalLength, intervalStart } from './calendar.ts';

const bounds = (length: IntervalLength, text: string): string[] => {
  const start = intervalStart(length, Date.parse(text));
  return [start, intervalEnd(length, start)].map((at) =>
    new Date(at + 9 * 3_600_000).toISOString().slice(0, 16),
  );
};

test.each<[IntervalLength, string, string, string]>([
  ['30m', '2026-03-31T23:59:59.999+09:00', '2026-03-31T23:30', '2026-04-01T00:00'],
  ['30m', '2026-04-01T00:00:00+09:00', '2026-04-01T00:00', '2026-04-01T00:30'],
  ['1h', '2026-04-01T08:59:00+09:00', '2026-04-01T08:00', '2026-04-01T09:00'],
  ['1d', '2026-04-01T08:59:00+09:00', '2026-04-01T00:00', '2026-04-02T00:00'],
  ['1mo', '2028-02-29T23:59:59+09:00', '2028-02-01T00:00', '2028-03-01T00:00'],
  ['1mo', '2026-12-31T15:00:00Z', '2027-01-01T00:00', '2027-02-01T00:00'],
  ['fy', '2026-03-31T23:59:59.999+09:00', '2025-04-01T00:00', '2026-04-01T00:00'],
  ['fy', '2026-04-01T00:00:00+09:00', '2026-04-01T00:00', '2027-04-01T00:00'],
  ['fy', '2027-01-01T00:00:00+09:00', '2026-04-01T00:00', '2027-04-01T00:00'],
])('%s around %s', (length, text, start, end) => {
  expect(bounds(length, text)).toEqual([start, end]);
});
