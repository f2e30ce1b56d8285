import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { driftAt, normalAt, uniformAt } from './noise.ts';

const seed = fc.integer({ min: 0, max: 0xffff_ffff });

test('noise stays in its range and repeats itself', () => {
  fc.assert(
    fc.property(seed, fc.nat({ max: 200 }), fc.maxSafeNat(), (from, stream, place) => {
      const uniform = uniformAt(from, stream, place);
      expect(uniform).toBeGreaterThanOrEqual(0);
      expect(uniform).toBeLessThan(1);
      expect(uniformAt(from, stream, place)).toBe(uniform);
    }),
  );
});

test('uniform and normal noise have the moments they should, on every stream', () => {
  for (const stream of [1, 10, 11]) {
    const places = Array.from({ length: 20_000 }, (_, index) => 17_000_000_000 + index);
    const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
    const normal = places.map((place) => normalAt(7, stream, place));
    expect(Math.abs(mean(places.map((place) => uniformAt(7, stream, place))) - 0.5)).toBeLessThan(
      0.01,
    );
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(Math.abs(mean(normal.map((value) => value * value)) - 1)).toBeLessThan(0.05);
  }
});

test('drift has no steps: a thousandth of its period moves it by little', () => {
  fc.assert(
    fc.property(seed, fc.integer({ min: 0, max: 2_000_000_000_000 }), (from, atMs) => {
      const step = driftAt(from, 3, atMs + 1, 1000) - driftAt(from, 3, atMs, 1000);
      expect(Math.abs(step)).toBeLessThan(0.004);
    }),
  );
});
