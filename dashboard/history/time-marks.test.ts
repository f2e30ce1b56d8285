import fc from 'fast-check';
import { expect, test } from 'vitest';
import { japanDate, japanMinute } from '../format.ts';
import { markText, timeMarks } from './time-marks.ts';

const at = (text: string) => Date.parse(`${text}+09:00`);
const dayMs = 86_400_000;

test('an hour has minutes, a week days, a year months, all of Japan time', () => {
  const from = at('2026-03-31T11:30:00');
  expect(timeMarks(from, from + 3_600_000, 6).map(japanMinute)).toEqual([
    '11:30',
    '11:40',
    '11:50',
    '12:00',
    '12:10',
    '12:20',
    '12:30',
  ]);
  expect(timeMarks(from, from + 7 * dayMs, 8).map((ms) => markText(ms, dayMs))).toEqual([
    '04/01',
    '04/02',
    '04/03',
    '04/04',
    '04/05',
    '04/06',
    '04/07',
  ]);
  const year = timeMarks(from, from + 366 * dayMs, 7);
  expect(year.map((ms) => markText(ms, 60 * dayMs))).toEqual([
    '2026/05',
    '2026/07',
    '2026/09',
    '2026/11',
    '2027',
    '2027/03',
  ]);
});

test('marks rise, lie in the span, begin a minute, and are few', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: at('1990-01-01T00:00:00'), max: at('2090-01-01T00:00:00') }),
      fc.integer({ min: 600_000, max: 3_660 * dayMs }),
      fc.integer({ min: 2, max: 30 }),
      (from, length, most) => {
        const marks = timeMarks(from, from + length, most);
        expect(marks.length).toBeLessThanOrEqual(most + 2);
        for (const [index, mark] of marks.entries()) {
          expect(mark).toBeGreaterThanOrEqual(from);
          expect(mark).toBeLessThanOrEqual(from + length);
          expect(mark % 60_000).toBe(0);
          if (index > 0) expect(mark).toBeGreaterThan(marks[index - 1] ?? Infinity);
          expect(markText(mark, length / most)).not.toContain(japanDate(Number.NaN));
        }
      },
    ),
  );
});
