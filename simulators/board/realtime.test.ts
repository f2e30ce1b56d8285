import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { runInRealTime } from './realtime.ts';

/** A machine whose clock moves only by waiting and by simulating, at `costMs` real milliseconds for each. */
function machine(costMs: number) {
  const state = { nowMs: 5000, longestBurstMs: 0, turns: 0, waitedMs: 0 };
  let next: { delayMs: number; callback: () => void } | undefined;
  const pacer = runInRealTime({
    board: {
      runMs(ms) {
        state.longestBurstMs = Math.max(state.longestBurstMs, ms);
        state.nowMs += ms * costMs;
      },
    },
    clock: { monotonicMs: () => state.nowMs },
    after(delayMs, callback) {
      next = { delayMs, callback };
      return () => (next = undefined);
    },
    sliceMs: 8,
    maxLagMs: 100,
  });
  const turn = (oversleepMs = 0): boolean => {
    const due = next;
    if (due === undefined) return false;
    next = undefined;
    state.turns += 1;
    state.waitedMs += due.delayMs;
    state.nowMs += due.delayMs + oversleepMs;
    due.callback();
    return true;
  };
  return { state, pacer, turn };
}

const elapsedMs = (nowMs: number): number => nowMs - 5000;

test('a fast machine simulates real time and sleeps in between', () => {
  const { state, pacer, turn } = machine(0.4);
  while (elapsedMs(state.nowMs) < 10_000) turn();
  expect(pacer.slippedMs).toBe(0);
  expect(elapsedMs(state.nowMs) - pacer.ranMs).toBeLessThan(20);
  expect(state.waitedMs).toBeGreaterThan(5000);
});

test('a slow machine slips, and every millisecond is accounted for', () => {
  const { state, pacer, turn } = machine(2);
  while (elapsedMs(state.nowMs) < 10_000) turn();
  expect(pacer.slippedMs).toBeGreaterThan(4000);
  expect(elapsedMs(state.nowMs) - pacer.ranMs - pacer.slippedMs).toBeLessThan(130);
});

test('whatever the delays, no burst is longer than a slice and nothing is run twice', () => {
  const delays = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(delays, fc.double({ min: 0, max: 3, noNaN: true }), (oversleepsMs, costMs) => {
      const { state, pacer, turn } = machine(costMs);
      for (const oversleepMs of oversleepsMs) turn(oversleepMs);
      expect(state.longestBurstMs).toBeLessThanOrEqual(8);
      expect(pacer.ranMs + pacer.slippedMs).toBeLessThanOrEqual(elapsedMs(state.nowMs) + 1e-6);
    }),
  );
});

test('stop ends it', () => {
  const { pacer, turn } = machine(0.4);
  expect(turn()).toBe(true);
  pacer.stop();
  expect(turn()).toBe(false);
});
