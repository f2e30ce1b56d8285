import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createS0Output } from './s0-output.ts';

/** Runs an output and gives the lengths of its low and high stretches between the first and the last edge. */
function record(due: (ms: number) => number, forMs: number) {
  const output = createS0Output(0);
  const stretches: { level: boolean; ms: number }[] = [];
  for (let ms = 0; ms < forMs; ms += 1) {
    output.step(due(ms));
    const last = stretches.at(-1);
    if (last?.level === output.level()) last.ms += 1;
    else stretches.push({ level: output.level(), ms: 1 });
  }
  return { output, stretches };
}

test('every pulse that is due leaves once, 30 ms or more low and 30 ms or more apart', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 300 }),
      (pulses, everyMs) => {
        const due = (ms: number): number => Math.min(pulses, Math.floor(ms / everyMs));
        const { output, stretches } = record(due, pulses * Math.max(everyMs, 120) + 1000);
        const low = stretches.filter((stretch) => !stretch.level);
        const between = stretches.slice(1, -1).filter((stretch) => stretch.level);
        expect(low).toHaveLength(pulses);
        expect(output.emitted).toBe(pulses);
        expect(low.every(({ ms }) => ms === 30 || ms === 60)).toBe(true);
        expect(between.every(({ ms }) => ms >= 30)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test('a meter that keeps up makes pulses of 60 ms', () => {
  const { stretches } = record((ms) => Math.floor(ms / 720), 5000);
  expect(stretches.filter((stretch) => !stretch.level).map(({ ms }) => ms)).toEqual(
    Array.from({ length: 6 }, () => 60),
  );
});

test('a meter far behind empties itself at the fastest the standard allows', () => {
  const { output } = record(() => 500, 500 * 60 + 1000);
  expect(output.emitted).toBe(500);
});
