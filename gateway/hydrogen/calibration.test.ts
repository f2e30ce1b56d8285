import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Calibration, calibrationAt, corrected, pointsMistake } from './calibration.ts';

const calibration: Calibration = {
  fromMs: 1000,
  validUntilMs: 2000,
  points: [
    { shownMpa: 1.1, referenceMpa: 1 },
    { shownMpa: 10.2, referenceMpa: 10 },
    { shownMpa: 19.9, referenceMpa: 20 },
  ],
};

test('a reading at a point is its reference; between points a straight line; beyond them the nearest correction', () => {
  for (const { shownMpa, referenceMpa } of calibration.points)
    expect(corrected(calibration, shownMpa)).toBeCloseTo(referenceMpa, 12);
  expect(corrected(calibration, 5.65)).toBeCloseTo(5.5, 12);
  expect(corrected(calibration, 0.5)).toBeCloseTo(0.4, 12);
  expect(corrected(calibration, 25)).toBeCloseTo(25.1, 12);
});

test('the newest calibration that has begun is in force', () => {
  const later = { ...calibration, fromMs: 5000 };
  expect(calibrationAt([calibration, later], 999)).toBeUndefined();
  expect(calibrationAt([calibration, later], 4999)).toBe(calibration);
  expect(calibrationAt([calibration, later], 5000)).toBe(later);
});

test.each([
  [[{ shownMpa: 1, referenceMpa: 1 }], 'two points'],
  [
    [
      { shownMpa: 5, referenceMpa: 5 },
      { shownMpa: 1, referenceMpa: 1 },
    ],
    'rise in both columns',
  ],
  [
    [
      { shownMpa: 1, referenceMpa: 5 },
      { shownMpa: 5, referenceMpa: 1 },
    ],
    'rise in both columns',
  ],
])('points that cannot be a calibration: %j', (points, detail) => {
  expect(pointsMistake(points)?.detail).toContain(detail);
});

test('a correction keeps the order of readings and has no step', () => {
  const mpa = fc.double({ min: 0, max: 40, noNaN: true });
  fc.assert(
    fc.property(mpa, (shown) => {
      const here = corrected(calibration, shown);
      const next = corrected(calibration, shown + 0.001);
      expect(next).toBeGreaterThan(here);
      expect(next - here).toBeLessThan(0.0012);
    }),
  );
});
