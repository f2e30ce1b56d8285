import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

const settings = { firstMs: 500, longestMs: 30_000 };

test('waits double up to the longest, and at least half of each is certain', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, random) => {
        const fullMs = Math.min(30_000, 500 * 2 ** Math.max(0, attempt - 1));
        const waitMs = backoffMs(settings, attempt, () => random);
        expect(waitMs).toBeGreaterThanOrEqual(fullMs / 2);
        expect(waitMs).toBeLessThanOrEqual(fullMs);
      },
    ),
  );
});
