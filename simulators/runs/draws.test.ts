import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawAt, nextDrawChangeMs, type Draw } from './draws.ts';

const hourMs = 3_600_000;
const span = fc.record({
  fromMs: fc.integer({ min: 0, max: 5 * hourMs }),
  lastsMs: fc.integer({ min: 1, max: 5 * hourMs }),
  nlPerMin: fc.integer({ min: 1, max: 500 }),
});
const draw: fc.Arbitrary<Draw> = fc
  .tuple(span, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.boolean())
  .map(([{ fromMs, lastsMs, nlPerMin }, onMinutes, offMinutes, constant]): Draw => {
    const base = { fromMs, untilMs: fromMs + lastsMs, nlPerMin };
    return constant
      ? { ...base, kind: 'constant' }
      : { ...base, kind: 'batches', onMinutes, everyMinutes: onMinutes + offMinutes };
  });

test('between two changes the draw is the same, and every change is announced', () => {
  const place = fc.integer({ min: 0, max: 11 * hourMs });
  fc.assert(
    fc.property(fc.array(draw, { maxLength: 4 }), place, fc.nat(), (draws, atMs, some) => {
      const nextMs = nextDrawChangeMs(draws, atMs);
      expect(nextMs).toBeGreaterThan(atMs);
      const withinMs = Math.min(nextMs, 24 * hourMs) - atMs;
      expect(drawAt(draws, atMs + (some % withinMs))).toBe(drawAt(draws, atMs));
    }),
  );
});

test('batches begin with their span, last onMinutes, and end with it', () => {
  const batches: Draw = {
    kind: 'batches',
    fromMs: 1000,
    untilMs: 1000 + hourMs,
    nlPerMin: 50,
    onMinutes: 10,
    everyMinutes: 40,
  };
  const at = (minutes: number): number => drawAt([batches], 1000 + minutes * 60_000);
  expect([-0.01, 0, 9.99, 10, 39.9, 40, 49.9, 50, 60].map(at)).toEqual([
    0, 50, 50, 0, 0, 50, 50, 0, 0,
  ]);
  expect(drawAt([batches, { ...batches, kind: 'constant', nlPerMin: 7 }], 1000)).toBe(57);
});
