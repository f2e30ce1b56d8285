import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Age, ageOf } from './age.ts';

const now = 1_775_001_600_000;
const ago = (seconds: number): Age => ageOf(now - seconds * 1000, now);

test('an age is told in the unit a person would use', () => {
  expect(ago(0)).toEqual({ kind: 'seconds', seconds: 0 });
  expect(ago(59.9)).toEqual({ kind: 'seconds', seconds: 59 });
  expect(ago(60)).toEqual({ kind: 'minutes', minutes: 1 });
  expect(ago(3_599)).toEqual({ kind: 'minutes', minutes: 59 });
  expect(ago(3_660)).toEqual({ kind: 'hours', hours: 1, minutes: 1 });
  expect(ago(48 * 3_600)).toEqual({ kind: 'days', days: 2 });
  expect(ageOf(null, now)).toEqual({ kind: 'never' });
});

test('a device clock that leads a little is no news, one that leads much is', () => {
  expect(ago(-5)).toEqual({ kind: 'seconds', seconds: 0 });
  expect(ago(-6)).toEqual({ kind: 'ahead', seconds: 6 });
});

function atLeastSeconds(age: Age): number {
  switch (age.kind) {
    case 'never':
    case 'ahead':
      return 0;
    case 'seconds':
      return age.seconds;
    case 'minutes':
      return age.minutes * 60;
    case 'hours':
      return (age.hours * 60 + age.minutes) * 60;
    case 'days':
      return age.days * 86_400;
  }
}

test('no figure ever looks older than it is, nor younger by more than the unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 * 366 * 86_400 }), (seconds) => {
      const told = atLeastSeconds(ago(seconds));
      expect(told).toBeLessThanOrEqual(seconds);
      expect(told).toBeGreaterThan(seconds - Math.max(1, seconds < 48 * 3_600 ? 60 : 86_400));
    }),
  );
});
