import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSettled, moveNeedle, type Needle } from './needle.ts';

const resting: Needle = { angle: -135, speed: 0 };
const angle = fc.double({ min: -139, max: 139, noNaN: true });

test('a step is covered to 99 % in 6.64 / 7 of a second', () => {
  const { angle } = moveNeedle(resting, -35, 6.64 / 7);
  expect(angle).toBeGreaterThan(-36);
  expect(angle).toBeLessThan(-35);
});

test('from rest it never overshoots, and it arrives', () => {
  fc.assert(
    fc.property(angle, angle, fc.double({ min: 0, max: 5, noNaN: true }), (from, to, seconds) => {
      const moved = moveNeedle({ angle: from, speed: 0 }, to, seconds).angle;
      expect(moved).toBeGreaterThanOrEqual(Math.min(from, to) - 1e-9);
      expect(moved).toBeLessThanOrEqual(Math.max(from, to) + 1e-9);
      expect(isSettled(moveNeedle({ angle: from, speed: 0 }, to, 5), to)).toBe(true);
    }),
  );
});

test('many small frames and one long one end at the same place', () => {
  const frames = fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { maxLength: 50 });
  fc.assert(
    fc.property(angle, angle, frames, (from, to, seconds) => {
      const start = { angle: from, speed: 20 };
      const stepped = seconds.reduce((needle, each) => moveNeedle(needle, to, each), start);
      const total = seconds.reduce((sum, each) => sum + each, 0);
      const leapt = moveNeedle(start, to, total);
      expect(stepped.angle).toBeCloseTo(leapt.angle, 6);
      expect(stepped.speed).toBeCloseTo(leapt.speed, 6);
    }),
  );
});

test('a clock that goes back moves nothing', () => {
  expect(moveNeedle(resting, 0, -1)).toEqual(resting);
});
