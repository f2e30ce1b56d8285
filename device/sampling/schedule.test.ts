import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextDue } from './schedule.ts';

const pack = { id: 'pack-1', sampleIntervalMs: 1_000 };
const meter = { id: 'pv-1', sampleIntervalMs: 60_000 };

test('everything is due at the start, then each at its own multiples', () => {
  expect(nextDue([pack, meter], 500, 499, 500)).toEqual({
    dueMs: 500,
    items: [pack, meter],
    missed: 0,
  });
  expect(nextDue([pack, meter], 500, 500, 600)).toEqual({ dueMs: 1_500, items: [pack], missed: 0 });
  expect(nextDue([pack, meter], 500, 59_500, 59_600)).toEqual({
    dueMs: 60_500,
    items: [pack, meter],
    missed: 0,
  });
});

test('an instant is served a little late; after that it is counted as missed and the next one stands for it', () => {
  expect(nextDue([pack], 0, 1_000, 2_400)).toEqual({ dueMs: 2_000, items: [pack], missed: 0 });
  expect(nextDue([pack], 0, 1_000, 4_700)).toEqual({ dueMs: 5_000, items: [pack], missed: 3 });
});

test('a meter whose minute passed during a stall is sampled at the next instant, not a minute later', () => {
  expect(nextDue([pack, meter], 0, 59_000, 61_700)).toEqual({
    dueMs: 62_000,
    items: [pack, meter],
    missed: 2,
  });
});

test('fractions are a broken invariant', () => {
  expect(() => nextDue([pack], 0.5, 0, 0)).toThrow('whole milliseconds');
  expect(() => nextDue([{ sampleIntervalMs: 1_100.000_000_2 }], 0, 0, 0)).toThrow('whole');
});

test('over any stalls every instant is served or counted, and served instants rise', () => {
  const intervals = fc.array(fc.integer({ min: 100, max: 5_000 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(intervals, fc.array(fc.nat(7_000), { maxLength: 40 }), (intervalsMs, servingMs) => {
      const items = intervalsMs.map((sampleIntervalMs) => ({ sampleIntervalMs }));
      let servedMs = -1;
      let nowMs = 0;
      let served = 0;
      let missed = 0;
      for (const tookMs of servingMs) {
        const due = nextDue(items, 0, servedMs, nowMs);
        expect(due.dueMs).toBeGreaterThan(servedMs);
        expect(due.items.length).toBeGreaterThan(0);
        servedMs = due.dueMs;
        nowMs = Math.max(nowMs, due.dueMs) + tookMs;
        served += due.items.length;
        missed += due.missed;
      }
      const all = intervalsMs.reduce(
        (sum, ms) => sum + (servedMs < 0 ? 0 : Math.floor(servedMs / ms) + 1),
        0,
      );
      expect(served + missed).toBe(all);
    }),
  );
});
