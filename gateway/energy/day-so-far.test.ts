import { expect, test } from 'vitest';
import { daySoFar } from './day-so-far.ts';
import type { RegisterInput } from './input.ts';
import { account, midnight, minuteMs, reading } from './testing-register.ts';

const today = (inputs: readonly RegisterInput[]) => {
  const { state, spans } = account(inputs);
  return daySoFar(state, spans, midnight + 700 * minuteMs);
};

test('counts from midnight, in proportion across it', () => {
  const readings = [reading(-20, 90), reading(-2, 100), reading(2, 104), reading(600, 1_504)];
  expect(today(readings)).toEqual({
    wh: 1_402,
    since: midnight,
    until: midnight + 600 * minuteMs,
  });
});

test('an outage over midnight is not booked to the day', () => {
  expect(today([reading(-300, 100), reading(400, 900), reading(600, 1_500)])).toEqual({
    wh: 600,
    since: midnight + 400 * minuteMs,
    until: midnight + 600 * minuteMs,
  });
});

test('no figure while something is in doubt, and again when it is settled', () => {
  const fall = [reading(10, 1_000), reading(11, 1_005), reading(12, 0)];
  expect(today(fall)).toBeNull();
  expect(today([...fall, reading(13, 1_010)])?.wh).toBe(10);
  expect(today([...fall, reading(13, 50)])).toBeNull();
  expect(today(fall.map((input) => ({ ...input, at: input.at - 86_400_000 })))).toBeNull();
});

test('nothing measured today is unknown, not zero', () => {
  expect(today([])).toBeNull();
  expect(today([reading(-60, 10), reading(-58, 11)])).toBeNull();
});
