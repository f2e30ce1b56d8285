import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { loopMilliamps, type Transmitter } from './transmitter.ts';

const none = { zero: 0, span: 0, driftPerK: 0 };
const exact: Transmitter = { seed: 1, stream: 10, low: 0, high: 40, errors: none, noise: 0 };
const at20 = (transmitter: Transmitter, value: number, atMs = 0): number =>
  loopMilliamps(transmitter, value, 20, atMs);

test('an exact transmitter is linear from 4 to 20 mA and saturates as NAMUR NE 43 says', () => {
  expect(at20(exact, 0)).toBe(4);
  expect(at20(exact, 40)).toBe(20);
  expect(at20(exact, 10)).toBe(8);
  expect(at20(exact, 400)).toBe(20.5);
  expect(at20(exact, -400)).toBe(3.8);
});

test('noise has the size that was asked for and changes ten times a second', () => {
  const noisy = { ...exact, noise: 0.001 };
  const values = Array.from({ length: 5000 }, (_, index) => {
    const milliamps = at20(noisy, 20, index * 100);
    return ((milliamps - 12) / 16) * 40;
  });
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + value * value, 0) / values.length,
  );
  expect(Math.abs(deviation / 0.001 - 1)).toBeLessThan(0.1);
  expect(at20(noisy, 20, 199)).toBe(at20(noisy, 20, 100));
  expect(at20(noisy, 20, 200)).not.toBe(at20(noisy, 20, 100));
});

test('zero is a share of the span, span error one of the value, drift one of the span per kelvin from 20 degC', () => {
  const value = fc.double({ min: 1, max: 38, noNaN: true });
  const celsius = fc.double({ min: -20, max: 60, noNaN: true });
  const share = fc.double({ min: -0.005, max: 0.005, noNaN: true });
  fc.assert(
    fc.property(value, celsius, share, share, share, (mpa, atC, zero, span, drift) => {
      const inexact = { ...exact, errors: { zero, span, driftPerK: drift / 10 } };
      const errorMpa = ((loopMilliamps(inexact, mpa, atC, 0) - at20(exact, mpa)) / 16) * 40;
      const expectedMpa = 40 * zero + mpa * span + 4 * drift * (atC - 20);
      // Beyond its saturation a transmitter shows no more of its error.
      fc.pre(Math.abs(mpa + expectedMpa - 20) < 20.4);
      expect(errorMpa).toBeCloseTo(expectedMpa, 9);
    }),
  );
});
