import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FreeTime } from './free-time.ts';

test('property: a time that is called free was never taken', () => {
  const step = fc.record({ at: fc.nat({ max: 60 }), look: fc.boolean() });
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 60 })), fc.array(step), (stored, steps) => {
      const taken = new Set(stored);
      const free = new FreeTime(stored.length === 0 ? -Infinity : Math.max(...stored));
      for (const { at, look } of steps) {
        expect(free.isFree(at) && taken.has(at)).toBe(false);
        if (look) {
          // What a query finds: the next reading after a time, or none.
          const later = [...taken].filter((each) => each > at);
          free.found(at, later.length === 0 ? free.newest : Math.min(...later));
        } else {
          free.take(at);
          taken.add(at);
        }
        for (let each = 0; each <= 60; each += 1)
          if (free.isFree(each)) expect(taken.has(each)).toBe(false);
      }
    }),
  );
});

test('data in order and, after live went ahead, the backlog in order need no question', () => {
  const free = new FreeTime(100);
  for (const at of [101, 102, 103, 500, 501, 502, ...range(104, 499), 503]) {
    expect(free.isFree(at)).toBe(true);
    free.take(at);
    expect(free.isFree(at)).toBe(false);
  }
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
