import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseScale, scaledToNumber, scaledToWhole, type Scale } from './scale.ts';

function scaleOf(value: number | string): Scale {
  const scale = parseScale(value);
  if (typeof scale === 'string') throw new Error(scale);
  return scale;
}

test.each([
  [1_000, 1_000n, 1n],
  [0.01, 1n, 100n],
  ['0.1', 1n, 10n],
  ['1/3600', 1n, 3_600n],
  ['2.5/3', 25n, 30n],
])('%s is a fraction', (value, numerator, denominator) => {
  expect(parseScale(value)).toEqual({ numerator, denominator });
});

test.each([0, -1, 1e-9, Infinity, Number.NaN, '', 'x', '1/0', '9999999999'])(
  '%s is no scale',
  (value) => {
    expect(typeof parseScale(value)).toBe('string');
  },
);

test('a float of kWh becomes exactly its Wh, rounded once', () => {
  expect(scaledToWhole(Math.fround(12_345.678), scaleOf(1_000))).toBe(12_345_678n);
  // The float itself is 16777.216796875: 16,777,216.796875 Wh.
  expect(scaledToWhole(Math.fround(16_777.217), scaleOf(1_000))).toBe(16_777_217n);
  expect(scaledToWhole(0.0005, scaleOf(1_000))).toBe(1n); // the double is a hair above a half
  expect(scaledToWhole(-1.5, scaleOf(1))).toBe(-2n);
});

test('integers scale exactly, however large', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n }), (value) => {
      expect(scaledToWhole(value, scaleOf(1_000))).toBe(value * 1_000n);
      expect(scaledToWhole(value * 100n, scaleOf(0.01))).toBe(value);
    }),
  );
});

test('never more than half a unit from the true product, and rising with it', () => {
  const kwh = fc.float({ min: 0, max: 10_000_000, noNaN: true });
  fc.assert(
    fc.property(kwh, kwh, (a, b) => {
      const [low, high] = a <= b ? [a, b] : [b, a];
      const wh = (value: number) => Number(scaledToWhole(value, scaleOf(1_000)));
      // A float32 times 1000 fits into a double exactly.
      expect(Math.abs(wh(a) - a * 1_000)).toBeLessThanOrEqual(0.5);
      expect(wh(low)).toBeLessThanOrEqual(wh(high));
    }),
  );
});

test('what is no number has no whole', () => {
  for (const value of [Number.NaN, Infinity, -Infinity])
    expect(scaledToWhole(value, scaleOf(1))).toBeUndefined();
  expect(scaledToNumber(1.5, scaleOf(1_000))).toBe(1_500);
});
