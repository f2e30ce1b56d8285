import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModbusRequest } from './port.ts';
import { UnansweredRequests } from './unanswered.ts';

const request: ModbusRequest = { unit: 1, function: 4, address: 0x48, count: 4 };

test('while a late answer may come, its unit is asked for another number of words', () => {
  const unanswered = new UnansweredRequests();
  expect(unanswered.safeFirst(request, 0)).toEqual(request);
  unanswered.add(request, 0);
  expect(unanswered.safeFirst(request, 1)).toEqual({ ...request, count: 2 });
  // Others are in no danger.
  expect(unanswered.safeFirst({ ...request, unit: 2 }, 1)?.count).toBe(4);
  expect(unanswered.safeFirst({ ...request, function: 3 }, 1)?.count).toBe(4);
  expect(unanswered.safeFirst({ ...request, count: 6 }, 1)?.count).toBe(6);
  unanswered.settle(1);
  expect(unanswered.safeFirst(request, 2)?.count).toBe(4);
});

test('after half a minute nothing comes any more; when all counts are in doubt, the unit is left alone', () => {
  const unanswered = new UnansweredRequests();
  unanswered.add(request, 0);
  expect(unanswered.safeFirst(request, 29_999)?.count).toBe(2);
  expect(unanswered.safeFirst(request, 30_000)?.count).toBe(4);
  for (let count = 1; count <= 16; count += 1) unanswered.add({ ...request, count }, 40_000);
  expect(unanswered.safeFirst(request, 40_001)).toBeUndefined();
  expect(unanswered.safeFirst(request, 70_000)).toEqual(request);
});

test('what is asked is never what a late answer could pass for', () => {
  const counts = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 40 });
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 20 }), (asked, count) => {
      const unanswered = new UnansweredRequests();
      for (const each of asked) unanswered.add({ ...request, count: each }, 0);
      const first = unanswered.safeFirst({ ...request, count }, 1);
      if (first !== undefined) expect(asked).not.toContain(first.count);
    }),
  );
});
