import { expect, test } from 'vitest';
import { packWithoutPressure, sampleAtMs, samplePack } from '../plant/plant.sample.ts';
import { appendTail, longestTail, tailSpacingMs, type TrendPoint } from './tail.ts';

const packAt = (at: number) => ({ ...samplePack, measuredAt: at });

test('points are kept at a spacing, but a fault and its end at once', () => {
  let tail = appendTail([], packAt(sampleAtMs), sampleAtMs);
  tail = appendTail(tail, packAt(sampleAtMs + 1_000), sampleAtMs + 1_000);
  expect(tail).toHaveLength(1);
  tail = appendTail(tail, packWithoutPressure, sampleAtMs + 2_000);
  tail = appendTail(tail, packAt(sampleAtMs + 3_000), sampleAtMs + 3_000);
  expect(tail.map((point) => point.pressureMpa)).toEqual([10, null, 10]);
  tail = appendTail(tail, packAt(sampleAtMs + 3_000 + tailSpacingMs), sampleAtMs + 9_000);
  expect(tail).toHaveLength(4);
});

test('an older, repeated or far future measurement adds nothing', () => {
  const tail = appendTail([], packAt(sampleAtMs), sampleAtMs);
  expect(appendTail(tail, packAt(sampleAtMs - 9_000), sampleAtMs + 9_000)).toBe(tail);
  expect(appendTail(tail, packAt(sampleAtMs), sampleAtMs + 9_000)).toBe(tail);
  expect(appendTail(tail, packAt(sampleAtMs + 9e6), sampleAtMs + 9_000)).toBe(tail);
});

test('the tail is bounded and the oldest leave first', () => {
  let tail: readonly TrendPoint[] = [];
  for (let index = 0; index < longestTail + 10; index += 1) {
    const at = sampleAtMs + index * tailSpacingMs;
    tail = appendTail(tail, packAt(at), at);
  }
  expect(tail).toHaveLength(longestTail);
  expect(tail[0]?.at).toBe(sampleAtMs + 10 * tailSpacingMs);
});
