import { expect, test } from 'vitest';
import { ClockJudge } from './clock.ts';

const nowMs = Date.UTC(2027, 3, 1);
const yearMs = 365 * 24 * 3_600_000;

/** A clock that a test moves; both hands go on together unless it is stepped. */
function movable(wallMs: number) {
  let monotonicMs = 1000;
  let wall = wallMs;
  return {
    clock: { wallMs: () => wall, monotonicMs: () => monotonicMs },
    pass: (ms: number) => {
      wall += ms;
      monotonicMs += ms;
    },
    step: (ms: number) => {
      wall += ms;
    },
  };
}

test.each([
  ['never set', 0, 0],
  ['behind what is stored', nowMs, nowMs + yearMs],
])('a clock that was %s is not trusted, and is once somebody sets it', (_, wallMs, storedMs) => {
  const { clock, step } = movable(wallMs);
  const judge = new ClockJudge(clock, storedMs);
  expect(judge.trusted()).toBe(false);
  step(Math.max(nowMs, storedMs) - wallMs);
  expect(judge.trusted()).toBe(true);
});

test.each([yearMs, -yearMs / 12, 20 * 60_000, -20 * 60_000])(
  'a step of %d ms while running ends the trust, and stepping back restores it',
  (ms) => {
    const { clock, step, pass } = movable(nowMs);
    const judge = new ClockJudge(clock, nowMs - 1000);
    expect(judge.trusted()).toBe(true);
    step(ms);
    pass(3_600_000);
    expect(judge.trusted()).toBe(false);
    step(-ms);
    expect(judge.trusted()).toBe(true);
  },
);

test('a device that agrees with the clock after its step restores the trust; one that does not, does not', () => {
  const { clock, step } = movable(nowMs + 3 * yearMs);
  const judge = new ClockJudge(clock, 0);
  expect(judge.trusted()).toBe(true);
  step(-3 * yearMs);
  judge.heard(nowMs - yearMs);
  expect(judge.trusted()).toBe(false);
  judge.heard(nowMs - 2000);
  expect(judge.trusted()).toBe(true);
});

test('readings of a device that was years ahead once do not end the trust for ever', () => {
  const judge = new ClockJudge(movable(nowMs).clock, nowMs + 10 * yearMs);
  expect(judge.trusted()).toBe(false);
  judge.heard(nowMs + 500);
  expect(judge.trusted()).toBe(true);
});

test('a clock that is slewed by seconds a day for years stays trusted', () => {
  const { clock, step, pass } = movable(nowMs);
  const judge = new ClockJudge(clock, 0);
  for (let day = 0; day < 1000; day += 1) {
    pass(24 * 3_600_000);
    step(5000);
    expect(judge.trusted()).toBe(true);
  }
});
