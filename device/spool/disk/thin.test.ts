import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptWhenThinned, type ThinFrame } from './thin.ts';

const noonJapanMs = Date.UTC(2026, 3, 1, 3);
const quarterMs = 900_000;

function frame(position: number, at: number, channels: readonly string[]): ThinFrame {
  return { position, at, channels, hasEvents: false };
}

test('a pack each second and a meter each minute keep the readings around every quarter of an hour', () => {
  const frames = Array.from({ length: 3_600 }, (_, second) =>
    frame(
      second,
      noonJapanMs + second * 1_000,
      second % 60 === 37 ? ['pack-1/pressure', 'pv-1/generated'] : ['pack-1/pressure'],
    ),
  );
  const quarters = [900, 1_800, 2_700];
  expect([...keptWhenThinned(frames)].toSorted((a, b) => a - b)).toEqual(
    [0, 37, ...quarters.flatMap((at) => [at - 23, at - 1, at, at + 37]), 3_577, 3_599].toSorted(
      (a, b) => a - b,
    ),
  );
});

test('for every channel, the energy of every quarter can be told from what stays as from all of it', () => {
  const channels = fc.subarray(['a', 'b', 'c'], { minLength: 1 });
  const steps = fc.array(fc.record({ passMs: fc.integer({ min: 1, max: 400_000 }), channels }));
  fc.assert(
    fc.property(steps, (list) => {
      let at = noonJapanMs;
      const frames = list.map(({ passMs, channels }, index) =>
        frame(index, (at += passMs), channels),
      );
      const kept = keptWhenThinned(frames);
      for (const channel of ['a', 'b', 'c']) {
        const all = frames.filter(({ channels }) => channels.includes(channel));
        const left = all.filter(({ position }) => kept.has(position));
        for (let edge = noonJapanMs; edge <= at + quarterMs; edge += quarterMs) {
          expect(left.findLast((f) => f.at < edge)).toBe(all.findLast((f) => f.at < edge));
          expect(left.find((f) => f.at >= edge)).toBe(all.find((f) => f.at >= edge));
        }
      }
    }),
  );
});

test('a frame with events stays', () => {
  const frames = [0, 1, 2, 3].map((index) => ({
    ...frame(index, noonJapanMs + index, ['a']),
    hasEvents: index === 2,
  }));
  expect(keptWhenThinned(frames)).toEqual(new Set([0, 2, 3]));
});
