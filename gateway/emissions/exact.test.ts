import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  approximate,
  compare,
  exact,
  floor,
  formatExact,
  minus,
  parseExact,
  plus,
  ratio,
  sum,
  times,
  whole,
} from './exact.ts';

const any = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 9n }))
  .map(([above, below]) => ratio(above, below));

test('what is written can be read again, to the last digit', () => {
  fc.assert(
    fc.property(any, (value) => {
      expect(exact(formatExact(value))).toEqual(value);
    }),
  );
  expect(formatExact(exact('0.000540'))).toBe('0.00054');
  expect(formatExact(ratio(-5n, 2n))).toBe('-2.5');
  expect(formatExact(ratio(-1n, 8n))).toBe('-0.125');
  expect(formatExact(ratio(2n, 6n))).toBe('1/3');
  expect(formatExact(whole(-12))).toBe('-12');
});

test('arithmetic is that of fractions', () => {
  fc.assert(
    fc.property(any, any, any, (a, b, c) => {
      expect(plus(a, b)).toEqual(plus(b, a));
      expect(minus(plus(a, b), b)).toEqual(a);
      expect(times(a, plus(b, c))).toEqual(plus(times(a, b), times(a, c)));
      expect(sum([a, b, c])).toEqual(plus(a, plus(b, c)));
      expect(compare(whole(floor(a)), a)).toBeLessThanOrEqual(0);
      expect(compare(plus(whole(floor(a)), whole(1)), a)).toBe(1);
    }),
  );
});

test.each(['', '.5', '1.', '1e3', '+1', '0x1', '1/0', ' 1', '1,000', 'NaN'])(
  'it is no number: "%s"',
  (text) => {
    expect(parseExact(text)).toBeUndefined();
    expect(() => exact(text)).toThrow(RangeError);
  },
);

test('a chart gets the nearest float', () => {
  expect(approximate(exact('767.025'))).toBe(767.025);
  expect(approximate(exact('-0.5'))).toBe(-0.5);
});
