import { expect, test } from 'vitest';
import { placementError, slowErrorAt } from './placement.ts';

const hourMs = 3_600_000;
const noonMs = Date.parse('2026-06-21T12:00:00+09:00');
const seeds = Array.from({ length: 20_000 }, (_, index) => 1_000_000 + index);
const deviation = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

test.each([
  ['wall', 1 / Math.sqrt(3), 0.2],
  ['ambient', 2 / Math.sqrt(3), 1.2],
] as const)(
  '%s: over seeds the difference deviates by %f K and its rate by %f K/h, at any time',
  (placement, kelvin, kelvinPerHour) => {
    for (const atMs of [noonMs, noonMs + 1234 * hourMs]) {
      const errors = seeds.map((seed) => placementError(seed, placement));
      const values = errors.map((error) => slowErrorAt(error, atMs));
      // A central difference over 2 minutes, far below the process's own length.
      const rates = errors.map(
        (error) =>
          (slowErrorAt(error, atMs + 60_000) - slowErrorAt(error, atMs - 60_000)) / (1 / 30),
      );
      expect(Math.abs(deviation(values) / kelvin - 1)).toBeLessThan(0.05);
      expect(Math.abs(deviation(rates) / kelvinPerHour - 1)).toBeLessThan(0.05);
      // Close to normal: within one, two and three deviations.
      const within = (times: number): number =>
        values.filter((value) => Math.abs(value) < times * kelvin).length / values.length;
      expect(within(1)).toBeCloseTo(0.683, 1.5);
      expect(within(2)).toBeCloseTo(0.954, 1.7);
      expect(within(3)).toBeCloseTo(0.997, 2);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs(mean)).toBeLessThan(0.05 * kelvin);
    }
  },
);

test('values two lengths apart correlate as a squared exponential does', () => {
  const lengthMs = (1 / Math.sqrt(3) / 0.2) * hourMs;
  for (const lengths of [0.5, 1, 2]) {
    const products = seeds.map((seed) => {
      const error = placementError(seed, 'wall');
      return slowErrorAt(error, noonMs) * slowErrorAt(error, noonMs + lengths * lengthMs);
    });
    const covariance = products.reduce((sum, value) => sum + value, 0) / products.length;
    expect(Math.abs(3 * covariance - Math.exp(-(lengths ** 2) / 2))).toBeLessThan(0.05);
  }
});

test('it is a pure function of seed and time', () => {
  const at = (seed: number, atMs: number): number =>
    slowErrorAt(placementError(seed, 'ambient'), atMs);
  expect(at(5, noonMs)).toBe(at(5, noonMs));
  expect(at(5, noonMs)).not.toBe(at(6, noonMs));
});
