import { expect, test } from 'vitest';
import { dateOf, fiscalYear, midnightOf, monthsLater, writeInstant } from './calendar.ts';

test.each([
  ['2025-06-01', 12, '2026-06-01'],
  ['2024-02-15', 30, '2026-08-15'],
  ['2024-02-29', 12, '2025-03-01'],
  ['2024-08-31', 30, '2027-03-01'],
  ['2023-08-30', 30, '2026-03-01'],
  ['2024-02-29', 96, '2032-02-29'],
])('%s and %i months: %s', (date, months, later) => {
  expect(monthsLater(date, months)).toBe(later);
});

test('days begin at midnight in Japan', () => {
  expect(midnightOf('2026-04-01')).toBe(Date.parse('2026-03-31T15:00:00Z'));
  expect(dateOf(midnightOf('2026-04-01') - 1)).toBe('2026-03-31');
  expect(fiscalYear(2026).to).toBe(midnightOf('2027-04-01'));
});

test('times have milliseconds only where there are some', () => {
  expect(writeInstant(midnightOf('2026-04-01'))).toBe('2026-04-01T00:00:00+09:00');
  expect(writeInstant(midnightOf('2026-04-01') + 50)).toBe('2026-04-01T00:00:00.050+09:00');
});
