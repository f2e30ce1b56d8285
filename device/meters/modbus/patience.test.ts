import { expect, test } from 'vitest';
import { afterRound, freshPatience, isSuspect, pauseMs } from './patience.ts';

test('one lost answer is noise; then pauses double from 5 s to a minute, and one answer ends it', () => {
  let patience = afterRound(freshPatience, false, 0);
  expect(isSuspect(patience)).toBe(false);
  const pauses: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    patience = afterRound(patience, false, 1_000);
    expect(isSuspect(patience)).toBe(true);
    pauses.push(pauseMs(patience, 1_000));
  }
  expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  expect(pauseMs(patience, 31_000)).toBe(30_000);
  expect(pauseMs(patience, 99_000)).toBe(0);
  expect(afterRound(patience, true, 99_000)).toEqual(freshPatience);
});
