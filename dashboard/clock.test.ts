import { expect, test } from 'vitest';
import { elapsedMs } from './clock.ts';

const start = { monotonicMs: 1_000, wallMs: 50_000 };

test('both clocks running: their common difference', () => {
  expect(elapsedMs(start, { monotonicMs: 4_000, wallMs: 53_000 })).toBe(3_000);
});

test('a suspended computer: the wall clock knows', () => {
  expect(elapsedMs(start, { monotonicMs: 1_100, wallMs: 3_650_000 })).toBe(3_600_000);
});

test('a wall clock stepped back makes nothing younger', () => {
  expect(elapsedMs(start, { monotonicMs: 9_000, wallMs: 0 })).toBe(8_000);
});
