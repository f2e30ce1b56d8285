import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { joined, toRuns } from './runs.ts';

const seqs = fc.array(fc.nat({ max: 40 }), { maxLength: 60 });
const stamped = (numbers: readonly number[]) => numbers.map((seq) => ({ seq, at: seq * 10 }));

test('runs hold exactly the numbers given, apart from each other', () => {
  fc.assert(
    fc.property(seqs, (numbers) => {
      const runs = toRuns(stamped(numbers));
      const held = runs.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      expect(held).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      for (const [index, run] of runs.entries())
        expect(run.first).toBeGreaterThan((runs[index - 1]?.last ?? -2) + 1);
      expect(
        runs.every((run) => run.firstAt === run.first * 10 && run.lastAt === run.last * 10),
      ).toBe(true);
    }),
  );
});

test('the first time given for a number counts', () => {
  const frames = [
    { seq: 5, at: 1 },
    { seq: 5, at: 2 },
  ];
  expect(toRuns(frames)).toEqual([{ first: 5, last: 5, firstAt: 1, lastAt: 1 }]);
  const there = { first: 5, last: 7, firstAt: 1, lastAt: 3 };
  const same = { first: 5, last: 7, firstAt: 8, lastAt: 9 };
  expect(joined([there], same)).toEqual(there);
});

test('a run that bridges two makes one of three', () => {
  const left = { first: 0, last: 3, firstAt: 0, lastAt: 30 };
  const right = { first: 6, last: 9, firstAt: 60, lastAt: 90 };
  const bridge = { first: 4, last: 5, firstAt: 40, lastAt: 50 };
  expect(joined([left, right], bridge)).toEqual({ first: 0, last: 9, firstAt: 0, lastAt: 90 });
  expect(joined([], bridge)).toEqual(bridge);
});
