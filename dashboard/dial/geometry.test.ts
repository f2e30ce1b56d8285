import fc from 'fast-check';
import { expect, test } from 'vitest';
import { angleOf, arcPath, centre, pointAt, scaleFor, ticksOf } from './geometry.ts';

const scale = scaleFor(19.6);

test('a pack of 19.6 MPa has the 0 to 25 MPa gauge', () => {
  expect(scale.rangeMpa).toBe(25);
  expect(scaleFor(14.7).rangeMpa).toBe(25);
  expect(scaleFor(35).rangeMpa).toBe(40);
  expect(scaleFor(1_000).rangeMpa).toBe(100);
});

test('the scale sweeps 270 degrees with its middle on top', () => {
  expect(angleOf(0, scale)).toBe(-135);
  expect(angleOf(12.5, scale)).toBe(0);
  expect(angleOf(25, scale)).toBe(135);
  expect(pointAt(100, 0)).toEqual({ x: centre, y: centre - 100 });
  expect(pointAt(100, 90)).toEqual({ x: centre + 100, y: centre });
});

test('beyond the scale the needle rests on a pin', () => {
  expect(angleOf(-3, scale)).toBe(-139);
  expect(angleOf(110, scale)).toBe(139);
});

test('inside the scale more pressure is further clockwise, in proportion', () => {
  const pressure = fc.double({ min: 0, max: 25, noNaN: true });
  fc.assert(
    fc.property(pressure, pressure, (first, second) => {
      const turned = angleOf(second, scale) - angleOf(first, scale);
      expect(turned).toBeCloseTo((second - first) * 10.8, 9);
    }),
  );
});

test('ticks stand every half MPa, longer each 1, numbered each 5', () => {
  const ticks = ticksOf(scale);
  const at = (kind: string) => ticks.filter((tick) => tick.kind === kind);
  expect(ticks).toHaveLength(51);
  expect(at('major').map((tick) => tick.pressureMpa)).toEqual([0, 5, 10, 15, 20, 25]);
  expect(at('medium')).toHaveLength(20);
});

test('an arc takes the long way only where it is more than half a turn', () => {
  expect(arcPath(150, 0, 1, scale)).toMatch(/A150 150 0 0 1/);
  expect(arcPath(150, 0, 25, scale)).toMatch(/A150 150 0 1 1/);
});
