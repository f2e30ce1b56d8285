import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { loopMilliamps, shuntVolts, type Transmitter } from './transmitter.ts';

const exact: Transmitter = { seed: 1, stream: 10, low: 0, high: 40, accuracyPercent: 0, noise: 0 };

test('an exact transmitter is linear from 4 to 20 mA and saturates as NAMUR NE 43 says', () => {
  expect(loopMilliamps(exact, 0, 0)).toBe(4);
  expect(loopMilliamps(exact, 40, 0)).toBe(20);
  expect(loopMilliamps(exact, 10, 0)).toBe(8);
  expect(loopMilliamps(exact, 400, 0)).toBe(20.5);
  expect(loopMilliamps(exact, -400, 0)).toBe(3.8);
  expect(shuntVolts(20, 150)).toBeCloseTo(3, 12);
});

test('noise has the size that was asked for and changes ten times a second', () => {
  const noisy = { ...exact, noise: 0.001 };
  const values = Array.from({ length: 5000 }, (_, index) => {
    const milliamps = loopMilliamps(noisy, 20, index * 100);
    return ((milliamps - 12) / 16) * 40;
  });
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + value * value, 0) / values.length,
  );
  expect(Math.abs(deviation / 0.001 - 1)).toBeLessThan(0.1);
  expect(loopMilliamps(noisy, 20, 199)).toBe(loopMilliamps(noisy, 20, 100));
  expect(loopMilliamps(noisy, 20, 200)).not.toBe(loopMilliamps(noisy, 20, 100));
});

test('an inexact transmitter errs by no more than its class in offset and span, and always alike', () => {
  const value = fc.double({ min: 0, max: 40, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), value, (seed, mpa) => {
      const inexact = { ...exact, seed, accuracyPercent: 0.5 };
      const error = ((loopMilliamps(inexact, mpa, 0) - loopMilliamps(exact, mpa, 0)) / 16) * 40;
      expect(Math.abs(error)).toBeLessThanOrEqual(0.005 * 40 + 0.005 * mpa + 1e-9);
      expect(loopMilliamps(inexact, mpa, 5000)).toBe(loopMilliamps(inexact, mpa, 0));
    }),
  );
});
