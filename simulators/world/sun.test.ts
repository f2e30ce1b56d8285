import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { incidenceCosine, sunPosition } from './sun.ts';

const tokyo = { latitudeDeg: 35.63, longitudeDeg: 139.76 };

/** Highest altitude of a day and when, by the minute. */
function culmination(midnightJst: string) {
  const fromMs = Date.parse(midnightJst);
  const minutes = Array.from({ length: 1440 }, (_, minute) => fromMs + minute * 60_000);
  const all = minutes.map((atMs) => ({ atMs, ...sunPosition(atMs, tokyo) }));
  return all.reduce((best, one) => (one.altitudeDeg > best.altitudeDeg ? one : best));
}

// 90 - latitude + declination of the solstices (23.44) and of the equinox (0), with the sun due south.
test.each([
  ['2026-06-21', 77.81],
  ['2026-12-22', 30.93],
  ['2026-03-20', 54.37],
])('on %s the sun culminates in Tokyo at %f degrees, in the south', (day, altitudeDeg) => {
  const noon = culmination(`${day}T00:00:00+09:00`);
  // The declination moves by up to 0.4 degrees a day around the equinox.
  expect(Math.abs(noon.altitudeDeg - altitudeDeg)).toBeLessThan(day === '2026-03-20' ? 0.4 : 0.02);
  expect(Math.abs(noon.azimuthDeg - 180)).toBeLessThan(1);
});

test('Tokyo’s noon is at 11:41 plus minus the equation of time', () => {
  const minutesJst = (day: string): number =>
    (culmination(`${day}T00:00:00+09:00`).atMs - Date.parse(`${day}T00:00:00+09:00`)) / 60_000;
  // 4 min x (139.76 - 135) before 12:00, less the equation of time: -14.2 min in February, +16.4 in November.
  expect(Math.abs(minutesJst('2026-02-11') - (720 - 19.04 + 14.2))).toBeLessThan(1.5);
  expect(Math.abs(minutesJst('2026-11-03') - (720 - 19.04 - 16.4))).toBeLessThan(1.5);
});

test('a plane that faces the sun sees all of it and one that turns away nothing', () => {
  const altitude = fc.double({ min: 1, max: 89, noNaN: true });
  const azimuth = fc.double({ min: 0, max: 359, noNaN: true });
  fc.assert(
    fc.property(altitude, azimuth, (altitudeDeg, azimuthDeg) => {
      const sun = { altitudeDeg, azimuthDeg };
      expect(incidenceCosine(sun, 90 - altitudeDeg, azimuthDeg)).toBeCloseTo(1, 9);
      expect(incidenceCosine(sun, 90, azimuthDeg + 180)).toBe(0);
    }),
  );
});
