import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extent, historyTrendPoint, shapeTrend } from './shape.ts';
import type { TrendPoint } from './tail.ts';

const spacingMs = 120_000;
const span = { fromMs: 0, toMs: 3_600_000 };
const at = (minute: number, pressureMpa: number | null = 10): TrendPoint => ({
  at: minute * 60_000,
  pressureMpa,
  totalKg: pressureMpa,
});
const minutes = (from: number, to: number): TrendPoint[] =>
  Array.from({ length: (to - from) / 2 + 1 }, (_, index) => at(from + index * 2));

test('an unbroken hour is one line without gaps', () => {
  const trend = shapeTrend(minutes(0, 58), [], span, spacingMs);
  expect(trend.timesS).toHaveLength(30);
  expect(trend.gaps).toEqual([]);
});

test('a null breaks the line and shades from the value before to the value after', () => {
  const trend = shapeTrend(
    [...minutes(0, 20), at(22, null), ...minutes(24, 58)],
    [],
    span,
    spacingMs,
  );
  expect(trend.pressureMpa[11]).toBe(null);
  expect(trend.gaps).toEqual([{ fromMs: 20 * 60_000, toMs: 24 * 60_000 }]);
});

test('missing minutes break the line too', () => {
  const trend = shapeTrend([...minutes(0, 20), ...minutes(30, 58)], [], span, spacingMs);
  expect(trend.pressureMpa.filter((value) => value === null)).toHaveLength(1);
  expect(trend.gaps).toEqual([{ fromMs: 20 * 60_000, toMs: 30 * 60_000 }]);
});

test('before the first and after the last value nothing is known', () => {
  const trend = shapeTrend(minutes(10, 50), [], span, spacingMs);
  expect(trend.gaps).toEqual([
    { fromMs: 0, toMs: 10 * 60_000 },
    { fromMs: 50 * 60_000, toMs: span.toMs },
  ]);
  expect(shapeTrend([], [], span, spacingMs).gaps).toEqual([span]);
});

test('where the live tail has begun, a history row not yet stored does not cut it', () => {
  const tail = [at(56.1), at(57), at(58.5)];
  const trend = shapeTrend([...minutes(0, 56), at(58, null)], tail, span, spacingMs);
  expect(trend.gaps).toEqual([]);
  expect(trend.pressureMpa).not.toContain(null);
});

test('a bad history point has no value, whatever number it carries', () => {
  const point = { at: 1, measuredAt: 1, pressureMpa: 9, temperatureC: 20, totalKg: 9, usableKg: 8 };
  const bad = {
    ...point,
    expandedUncertaintyKg: 0.3,
    usableExpandedUncertaintyKg: 0.3,
    quality: 'bad',
    why: 'stuck',
  } as const;
  expect(historyTrendPoint(bad)).toEqual({ at: 1, pressureMpa: null, totalKg: null });
  expect(historyTrendPoint({ ...bad, quality: 'uncertain' }).pressureMpa).toBe(9);
});

const anyPoints = fc.array(
  fc.record({
    at: fc.integer({ min: -600_000, max: 4_200_000 }),
    pressureMpa: fc.option(fc.double({ min: 0, max: 25, noNaN: true })),
    totalKg: fc.option(fc.double({ min: 0, max: 25, noNaN: true })),
  }),
  { maxLength: 80 },
);

test('whatever comes: times rise, no line crosses a hole, no value lies in a gap', () => {
  fc.assert(
    fc.property(anyPoints, anyPoints, (history, tail) => {
      const trend = shapeTrend(history, tail, span, spacingMs);
      const known = trend.timesS.filter((_, index) => trend.pressureMpa[index] !== null);
      trend.timesS.forEach((timeS, index) => {
        const before = trend.timesS[index - 1] ?? -Infinity;
        expect(timeS).toBeGreaterThan(before);
        const drawn = trend.pressureMpa[index] !== null && trend.pressureMpa[index - 1] !== null;
        if (drawn && index > 0) expect(timeS - before).toBeLessThanOrEqual(spacingMs * 1.5e-3);
      });
      for (const { fromMs, toMs } of trend.gaps) {
        expect(toMs).toBeGreaterThan(fromMs);
        for (const timeS of known) {
          expect(timeS * 1000 <= fromMs + 1e-3 || timeS * 1000 >= toMs - 1e-3).toBe(true);
        }
      }
    }),
  );
});

test('an extent ignores what is unknown', () => {
  expect(extent([3, null, 1, 2])).toEqual({ least: 1, most: 3 });
  expect(extent([null])).toBe(undefined);
});
