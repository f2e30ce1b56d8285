import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { KnownTime } from './known-time.ts';

test('property: what is said to be known is what stands', () => {
  const look = fc.constantFrom('no', 'at', 'on');
  const step = fc.record({ at: fc.nat({ max: 60 }), look, rows: fc.nat({ max: 9 }) });
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 60 })), fc.array(step), (stored, steps) => {
      const stands = new Set(stored);
      const known = new KnownTime(stored.length === 0 ? -Infinity : Math.max(...stored));
      for (const { at, look, rows } of steps) {
        // What a query finds: so many of the readings from a time on, or all there are.
        const from = look === 'on' ? known.end : at;
        const later = [...stands].filter((each) => each >= (from ?? 0)).toSorted((a, b) => a - b);
        const some = later.slice(0, rows + 1);
        const end = some.length < later.length ? (some.at(-1) ?? at) : known.newest;
        if (look === 'at') known.found(at, end + 1, new Set(some));
        else if (look === 'on' && from !== undefined) known.extend(end + 1, some);
        else {
          known.take(at);
          stands.add(at);
          expect(known.isKnown(at)).toBe(false);
        }
        for (let each = 0; each <= 60; each += 1)
          if (known.isKnown(each)) expect(known.isTaken(each)).toBe(stands.has(each));
        expect(known.size).toBeLessThanOrEqual(stands.size);
      }
    }),
  );
});

test('data in order and, after live went ahead, the backlog in order need no question', () => {
  const known = new KnownTime(100);
  for (const at of [101, 102, 103, 500, 501, 502, ...range(104, 499), 503]) {
    expect(known.isKnown(at)).toBe(true);
    known.take(at);
    expect(known.isKnown(at)).toBe(false);
  }
});

test('a backlog between what stands needs no question as far as was read, and keeps less and less', () => {
  const known = new KnownTime(300);
  known.found(0, 200, new Set(range(0, 19).map((tenth) => tenth * 10)));
  for (const at of range(0, 90).filter((each) => each % 10 === 5)) {
    expect(known.isKnown(at)).toBe(true);
    known.take(at);
  }
  expect([known.isKnown(90), known.isTaken(90), known.isTaken(91)]).toEqual([true, true, false]);
  expect(known.size).toBe(11);
  expect([known.end, known.leftMs]).toEqual([200, 114]);
  expect(known.rowsAhead).toBe(1000);
  known.extend(250, [200, 249]);
  expect([known.isTaken(249), known.isKnown(249), known.isKnown(250)]).toEqual([true, true, false]);
  expect([known.size, known.rowsAhead]).toEqual([13, 2000]);
  known.forget();
  expect(known.rowsAhead).toBe(1000);
  expect([known.isKnown(90), known.isKnown(301), known.size]).toEqual([false, true, 0]);
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
