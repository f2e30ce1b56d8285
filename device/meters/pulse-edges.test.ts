import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PinEvent } from '../board/port.ts';
import { type PulseLine, stepPulseLine } from './pulse-edges.ts';

function run(
  events: readonly PinEvent[],
  minimumWidthMs = 5,
): { pulses: number; glitches: number } {
  let line: PulseLine = { kind: 'unknown' };
  const counts = { pulses: 0, glitches: 0 };
  for (const event of events) {
    const step = stepPulseLine(line, event, minimumWidthMs);
    line = step.line;
    if (step.happened === 'pulse') counts.pulses += 1;
    if (step.happened === 'glitch') counts.glitches += 1;
  }
  return counts;
}

const level = (value: 0 | 1, atMs: number, unsureMs = 0): PinEvent => ({
  kind: 'level',
  level: value,
  atMs,
  unsureMs,
});
const baseline = (value: 0 | 1): PinEvent => ({ kind: 'baseline', level: value, atMs: 0 });

test('a pulse counts once, when it ends; repeated levels are no edges', () => {
  const events = [baseline(1), level(1, 5), level(0, 10), level(0, 20), level(1, 50), level(1, 60)];
  expect(run(events.slice(0, 4))).toEqual({ pulses: 0, glitches: 0 });
  expect(run(events)).toEqual({ pulses: 1, glitches: 0 });
});

test('the baseline is no edge, and a pulse whose beginning was not seen is not counted', () => {
  expect(run([baseline(0), level(1, 40)])).toEqual({ pulses: 0, glitches: 0 });
  expect(run([baseline(0), level(1, 40), level(0, 90), level(1, 130)])).toEqual({
    pulses: 1,
    glitches: 0,
  });
  expect(run([baseline(1), level(0, 10), { kind: 'lost' }, baseline(0), level(1, 50)])).toEqual({
    pulses: 0,
    glitches: 0,
  });
});

test('too short is a glitch, unless a stall of ours made it look short', () => {
  expect(run([baseline(1), level(0, 10), level(1, 12)])).toEqual({ pulses: 0, glitches: 1 });
  expect(run([baseline(1), level(0, 10, 400), level(1, 10, 400)])).toEqual({
    pulses: 1,
    glitches: 0,
  });
  expect(run([baseline(1), level(0, 10), level(1, 12)], 0)).toEqual({ pulses: 1, glitches: 0 });
});

test('through any train of pulses, doubled reports included, each is counted once', () => {
  const pulse = fc.record({
    lowMs: fc.integer({ min: 30, max: 200 }),
    highMs: fc.integer({ min: 30, max: 5_000 }),
    doubled: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(pulse), (train) => {
      const events = [baseline(1)];
      let atMs = 0;
      for (const { lowMs, highMs, doubled } of train) {
        atMs += highMs;
        events.push(level(0, atMs), ...(doubled ? [level(0, atMs + 1)] : []));
        atMs += lowMs;
        events.push(level(1, atMs), ...(doubled ? [level(1, atMs + 1)] : []));
      }
      expect(run(events)).toEqual({ pulses: train.length, glitches: 0 });
    }),
  );
});
