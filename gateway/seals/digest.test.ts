import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { halfHourMs } from '../energy/calendar.ts';
import { dayMs } from '../energy/japan-day.ts';
import { type DayDigests, Digester, emptyDay, readingLine } from './digest.ts';

const start = Date.parse('2026-04-01T00:00:00+09:00');
const reading = fc.record({
  at: fc.integer({ min: 0, max: 5 * dayMs }).map((ms) => start + ms),
  value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  raw: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  quality: fc.constantFrom('good', 'uncertain', 'bad'),
  why: fc.constantFrom(null, 'loop-open', 'stale'),
  clock: fc.constantFrom('synced', 'estimated'),
});

test('whatever the readings, each half hour is digested by itself, and the others are zero', () => {
  const some = fc.uniqueArray(reading, { selector: ({ at }) => at, maxLength: 60 });
  fc.assert(
    fc.property(some, (unsorted) => {
      const readings = unsorted.toSorted((a, b) => a.at - b.at);
      const digester = new Digester('a/pv-1/generated');
      const days: DayDigests[] = readings.flatMap((each) => digester.take(each) ?? []);
      days.push(...[digester.end()].flatMap((last) => last ?? []));
      const expected = new Map<number, Buffer>();
      for (let half = start; half < start + 6 * dayMs; half += halfHourMs) {
        const own = readings.filter(({ at }) => at >= half && at < half + halfHourMs);
        if (own.length === 0) continue;
        const day = start + Math.floor((half - start) / dayMs) * dayMs;
        const digests = expected.get(day) ?? Buffer.alloc(emptyDay.length);
        createHash('sha256')
          .update(`kadoru half hour 1\na/pv-1/generated\n${half}\n${own.map(readingLine).join('')}`)
          .digest()
          .copy(digests, ((half - day) / halfHourMs) * 32);
        expected.set(day, digests);
      }
      expect(new Map(days.map(({ day, digests }) => [day, digests.toString('hex')]))).toEqual(
        new Map([...expected].map(([day, digests]) => [day, digests.toString('hex')])),
      );
    }),
  );
});
