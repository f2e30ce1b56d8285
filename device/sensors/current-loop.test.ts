import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convertLoop, currentLoopSensor } from './current-loop.ts';

const pressure = { shuntOhm: 150, range: [0, 40] } as const;
const volts = (milliamperes: number): number => (milliamperes / 1_000) * 150;

test('4 and 20 mA are the ends of the range, and the line between is straight', () => {
  expect(convertLoop(volts(4), pressure)).toEqual({ value: 0, quality: 'good' });
  expect(convertLoop(volts(20), pressure, 24_000)).toEqual({
    value: 40,
    raw: 24_000,
    quality: 'good',
  });
  expect(convertLoop(volts(12), { shuntOhm: 150, range: [-40, 85] })).toEqual({
    value: 22.5,
    quality: 'good',
  });
});

test('NAMUR NE 43: every current has exactly one meaning', () => {
  const meanings = [
    [-0.5, 'loop-open', 'bad'],
    [0, 'loop-open', 'bad'],
    [3.6, 'loop-open', 'bad'],
    [3.7, 'out-of-range', 'uncertain'],
    [3.85, undefined, 'good'],
    [20.45, undefined, 'good'],
    [20.7, 'out-of-range', 'uncertain'],
    [21, 'loop-short', 'bad'],
    [27, 'loop-short', 'bad'],
  ] as const;
  for (const [milliamperes, why, quality] of meanings) {
    const measured = convertLoop(volts(milliamperes), pressure, 7);
    expect(measured).toMatchObject({
      raw: 7,
      quality,
      ...(why !== undefined && { value: null, why }),
    });
  }
});

test('a value is never given outside 3.8 to 20.5 mA, and rises with the current inside', () => {
  const current = fc.double({ min: -10, max: 40, noNaN: true });
  fc.assert(
    fc.property(current, current, (a, b) => {
      const [low, high] = [
        convertLoop(volts(Math.min(a, b)), pressure),
        convertLoop(volts(Math.max(a, b)), pressure),
      ];
      for (const { value } of [low, high]) {
        if (value === null) continue;
        expect(value).toBeGreaterThanOrEqual(-0.5 - 1e-6);
        expect(value).toBeLessThanOrEqual(41.25 + 1e-6);
      }
      if (low.value !== null && high.value !== null)
        expect(high.value).toBeGreaterThanOrEqual(low.value);
    }),
  );
});

test('a converter that fails is a bus error, not a loop error', async () => {
  const sensor = currentLoopSensor(
    { read: () => Promise.resolve({ kind: 'failed', detail: 'absent' }) },
    pressure,
  );
  expect(await sensor.read()).toEqual({ value: null, quality: 'bad', why: 'bus-error' });
});
