import { expect, test } from 'vitest';
import { japanDate } from '../format.ts';
import { type BarLength, pageAt, pageBeside } from './meter-span.ts';

const dates = (length: BarLength, at: string, by?: -1 | 1) => {
  const page = pageAt(length, Date.parse(at));
  const { fromMs, toMs } = by === undefined ? page : pageBeside(length, page, by);
  return [japanDate(fromMs), japanDate(toMs)];
};

test('days, months and fiscal years are those of Japan', () => {
  expect(dates('30m', '2026-03-31T15:00:00Z')).toEqual(['2026-04-01', '2026-04-02']);
  expect(dates('30m', '2026-03-31T14:59:59Z')).toEqual(['2026-03-31', '2026-04-01']);
  expect(dates('1d', '2026-02-10T00:00:00Z')).toEqual(['2026-02-01', '2026-03-01']);
  expect(dates('1mo', '2026-03-31T14:59:59Z')).toEqual(['2025-04-01', '2026-04-01']);
  expect(dates('1mo', '2026-03-31T15:00:00Z')).toEqual(['2026-04-01', '2027-04-01']);
});

test('pages lie beside each other', () => {
  expect(dates('1d', '2026-01-10T00:00:00Z', -1)).toEqual(['2025-12-01', '2026-01-01']);
  expect(dates('1mo', '2026-05-10T00:00:00Z', 1)).toEqual(['2027-04-01', '2028-04-01']);
});
