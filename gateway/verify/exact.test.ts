import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exact, floor, isBelow, minus, plus, readExact, times, writeExact, zero } from './exact.ts';

const whole = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
const anyExact = fc
  .tuple(whole, fc.bigInt({ min: 1n, max: 10n ** 9n }))
  .map(([parts, of]) => exact(parts, of));

test('is written in one way, and read back as it was', () => {
  fc.assert(
    fc.property(anyExact, (value) => {
      const text = writeExact(value);
      expect(readExact(text)).toEqual(value);
      expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$|^-?[1-9]\d*\/[1-9]\d*$/);
    }),
  );
});

test.each([
  ['0.434', '0.434'],
  ['-0.50', '-0.5'],
  ['1575', '1575'],
  ['6/4', '1.5'],
  ['-1/3', '-1/3'],
  ['0.000', '0'],
])('%s is %s', (text, written) => {
  expect(writeExact(readExact(text))).toBe(written);
});

test('adds, takes away and multiplies without a remainder', () => {
  fc.assert(
    fc.property(anyExact, anyExact, anyExact, (a, b, c) => {
      expect(minus(plus(a, b), b)).toEqual(a);
      expect(times(a, plus(b, c))).toEqual(plus(times(a, b), times(a, c)));
      expect(times(a, zero)).toEqual(zero);
    }),
  );
});

test('the floor is the largest whole number not above, of negative ones too', () => {
  fc.assert(
    fc.property(anyExact, (value) => {
      const below = exact(floor(value));
      expect(isBelow(value, below)).toBe(false);
      expect(isBelow(value, plus(below, exact(1n)))).toBe(true);
    }),
  );
});

test('the published plan: 1,575.0 kWh in the three bands, 97.3 t truncated', () => {
  const energy = exact(1_575_000n);
  const [marginal, all] = [readExact('0.00054'), readExact('0.000487')];
  expect(writeExact(times(energy, marginal))).toBe('850.5');
  expect(writeExact(times(energy, times(plus(marginal, all), exact(1n, 2n))))).toBe('808.7625');
  expect(writeExact(times(energy, all))).toBe('767.025');
  expect(floor(readExact('97.3'))).toBe(97n);
});
