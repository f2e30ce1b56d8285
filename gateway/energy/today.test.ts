import fc from 'fast-check';
import { expect, test } from 'vitest';
import { japanMidnight } from './japan-day.ts';
import { energyToday, type RegisterReading, step, type Today } from './today.ts';

const midnight = Date.parse('2026-04-01T00:00:00+09:00');
const minute = 60_000;
const at = (minutes: number, wh: number): RegisterReading => ({
  at: midnight + minutes * minute,
  wh,
});
const fold = (readings: readonly RegisterReading[]) =>
  readings.reduce<Today | undefined>((state, reading) => step(state, reading), undefined);
const now = midnight + 700 * minute;

test('a day starts at Japan midnight', () => {
  expect(japanMidnight(midnight)).toBe(midnight);
  expect(japanMidnight(midnight - 1)).toBe(midnight - 24 * 60 * minute);
});

test('counts from the last reading before midnight', () => {
  const state = fold([at(-20, 90), at(-1, 100), at(1, 101), at(600, 1500)]);
  expect(energyToday(state, now)).toEqual({
    wh: 1400,
    since: midnight,
    until: midnight + 600 * minute,
  });
});

test('an outage over midnight is not booked to the day: it counts from the first reading and says so', () => {
  const state = fold([at(-300, 100), at(400, 900), at(600, 1500)]);
  expect(energyToday(state, now)).toEqual({
    wh: 600,
    since: midnight + 400 * minute,
    until: midnight + 600 * minute,
  });
});

test('a register that fell gives no figure, today only', () => {
  const fallen = fold([at(10, 1000), at(20, 5), at(30, 10)]);
  expect(energyToday(fallen, now)).toBeNull();
  const dayLater = [at(24 * 60 + 1, 20), at(24 * 60 + 9, 30)].reduce(step, fallen as Today);
  expect(energyToday(dayLater, now + 24 * 60 * minute)?.wh).toBe(10);
});

test('nothing measured today is unknown, not zero', () => {
  expect(energyToday(undefined, now)).toBeNull();
  expect(energyToday(fold([at(-60, 10)]), now)).toBeNull();
});

test('the day is what the register rose, however it was read, and repeats change nothing', () => {
  const rises = fc.array(fc.nat({ max: 500 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(rises, (steps) => {
      let wh = 1000;
      const readings = steps.flatMap((rise, index) => {
        wh += rise;
        const reading = at(index, wh);
        return [reading, reading];
      });
      const first = steps[0] ?? 0;
      const expected = steps.reduce((sum, rise) => sum + rise, 0) - first;
      expect(energyToday(fold(readings), now)?.wh).toBe(expected);
    }),
  );
});
