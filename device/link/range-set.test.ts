import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RangeSet } from './range-set.ts';

const span = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .map(([first, length]) => ({
    first,
    last: first + length,
  }));
const actions = fc.array(fc.record({ add: fc.boolean(), span }), { maxLength: 40 });

test('it behaves as a plain set of numbers, in sorted disjoint ranges', () => {
  fc.assert(
    fc.property(actions, span, (steps, probe) => {
      const ranges = new RangeSet();
      const plain = new Set<number>();
      for (const { add, span } of steps) {
        if (add) ranges.add(span.first, span.last);
        else ranges.remove(span.first, span.last);
        for (let value = span.first; value <= span.last; value += 1) {
          if (add) plain.add(value);
          else plain.delete(value);
        }
      }
      expect(ranges.size).toBe(plain.size);
      expect(ranges.empty).toBe(plain.size === 0);
      for (let value = 0; value <= 80; value += 1) expect(ranges.has(value)).toBe(plain.has(value));
      const numbers = Array.from(
        { length: probe.last - probe.first + 1 },
        (_, index) => probe.first + index,
      );
      expect(ranges.covers(probe.first, probe.last)).toBe(
        numbers.every((value) => plain.has(value)),
      );
      let absent = probe.first;
      while (plain.has(absent)) absent += 1;
      expect(ranges.nextAbsent(probe.first)).toBe(absent);
      const list = ranges.ranges;
      expect(
        list.every(({ first }, index) => index === 0 || first > (list[index - 1]?.last ?? 0) + 1),
      ).toBe(true);
    }),
  );
});
