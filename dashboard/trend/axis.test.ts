import fc from 'fast-check';
import { expect, test } from 'vitest';
import { japanMinute } from '../format.ts';
import { divisionMarks, divisions, divisionStep, hourMarks, isJapanMidnight } from './axis.ts';

const noon = Date.parse('2026-04-01T12:34:00+09:00');
const day = 24 * 3_600_000;

test('hours of a day stand at whole hours of Japan time', () => {
  const marks = hourMarks(noon - day, noon, 9).map(japanMinute);
  expect(marks).toEqual(['15:00', '18:00', '21:00', '00:00', '03:00', '06:00', '09:00', '12:00']);
});

test('midnight is Japan midnight', () => {
  expect(isJapanMidnight(Date.parse('2026-04-01T00:00:00+09:00'))).toBe(true);
  expect(isJapanMidnight(Date.parse('2026-04-01T00:00:00Z'))).toBe(false);
});

test('marks lie in the span and are no more than fit', () => {
  fc.assert(
    fc.property(
      fc.nat(4e12),
      fc.integer({ min: 1, max: day }),
      fc.nat(30),
      (from, length, extra) => {
        const most = 2 + extra;
        const marks = hourMarks(from, from + length, most);
        expect(marks.length).toBeLessThanOrEqual(most + 1);
        for (const mark of marks) {
          expect(mark).toBeGreaterThanOrEqual(from);
          expect(mark).toBeLessThanOrEqual(from + length);
          expect(japanMinute(mark)).toMatch(/:00$/);
        }
      },
    ),
  );
});

test('five divisions reach the highest value and little beyond', () => {
  expect(divisionMarks(18.6)).toEqual([0, 4, 8, 12, 16, 20]);
  expect(divisionMarks(0.7)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(divisionStep(0)).toBe(1);
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (most) => {
      const top = divisionStep(most) * divisions;
      expect(top).toBeGreaterThanOrEqual(most * (1 - 1e-6));
      expect(top).toBeLessThanOrEqual(most * 2.01);
    }),
  );
});
