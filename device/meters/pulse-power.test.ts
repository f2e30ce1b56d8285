import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pulseSeen, samplePower, startPower } from './pulse-power.ts';

test('power is unknown until an interval is known, then the mean of the intervals since the last sample', () => {
  let power = startPower(0);
  expect(samplePower(power, 1_000, 1).watts).toBeUndefined();
  power = pulseSeen(power, 1_000);
  expect(samplePower(power, 1_500, 1).watts).toBeUndefined();
  for (const atMs of [2_000, 4_000, 5_000]) power = pulseSeen(power, atMs);
  const first = samplePower(power, 5_100, 1);
  expect(first.watts).toBeCloseTo((3 * 3_600_000) / 4_000, 6);
  const second = samplePower(pulseSeen(first.power, 6_000), 6_000, 1);
  expect(second.watts).toBeCloseTo(3_600, 6);
});

test('without pulses power falls towards 0: never more than one pulse over the time since the last', () => {
  const seen = pulseSeen(pulseSeen(startPower(0), 0), 1_000);
  const { power, watts } = samplePower(seen, 1_000, 1);
  expect(watts).toBe(3_600);
  expect(samplePower(power, 61_000, 1).watts).toBeCloseTo(60, 6);
  expect(samplePower(power, 3_601_000, 1).watts).toBeCloseTo(1, 6);
});

test('a night without any pulse since the start becomes a bound after ten minutes', () => {
  expect(samplePower(startPower(0), 599_999, 1).watts).toBeUndefined();
  expect(samplePower(startPower(0), 3_600_000, 1).watts).toBeCloseTo(1, 6);
});

test('power over any sampling never accounts for more energy than pulses came, but for one', () => {
  const gaps = fc.array(fc.integer({ min: 60, max: 100_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 500, max: 60_000 }), (gapsMs, sampleMs) => {
      let power = startPower(0);
      let atMs = 0;
      let sampledMs = 0;
      for (const gapMs of gapsMs) {
        atMs += gapMs;
        for (; sampledMs + sampleMs <= atMs; sampledMs += sampleMs) {
          const sample = samplePower(power, sampledMs + sampleMs, 1);
          power = sample.power;
          if (sample.watts === undefined) continue;
          const sinceMs = sampledMs + sampleMs - (power.lastPulseMs ?? 0);
          expect(sample.watts).toBeLessThanOrEqual(
            sinceMs > 0 ? 3_600_000 / sinceMs + 1e-6 : Infinity,
          );
        }
        power = pulseSeen(power, atMs);
      }
    }),
  );
});
