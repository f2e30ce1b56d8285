import { expect, test } from 'vitest';
import { viewOutlook } from './outlook.ts';
import { packWithoutPressure, sampleAtMs, samplePack } from './plant.sample.ts';

const hourMs = 3_600_000;
const measuredAt = samplePack.measuredAt ?? 0;

test('a known consumption has its number, and the stop its time', () => {
  const { pace, stop } = viewOutlook(samplePack, true, sampleAtMs);
  expect(pace).toMatchObject({ state: 'steady', value: 0.541, standing: 'good' });
  expect(pace.numberless).toBeUndefined();
  expect(stop).toMatchObject({ standing: 'good', kgPerHour: 0.54, basisHours: 6 });
  expect(stop?.atMs).toBe(measuredAt + 18.7 * hourMs);
});

test.each(['calculating', 'not-significant', 'unknown'] as const)(
  'a state without a number shows none, whatever was sent with it: %s',
  (state) => {
    const consumption = { ...samplePack.consumption, state };
    const { pace } = viewOutlook({ ...samplePack, consumption }, true, sampleAtMs);
    expect(pace).toMatchObject({ value: null, numberless: state });
  },
);

test('numbers that rest on a pressure nobody may believe are unknown', () => {
  const { pace, stop } = viewOutlook(packWithoutPressure, true, sampleAtMs);
  expect(pace).toMatchObject({ value: null, numberless: 'unknown', state: 'unknown' });
  expect(stop).toBeUndefined();
});

test('while the gateway is not heard the clock time stays, the hours shrink, and both are old', () => {
  const { pace, stop } = viewOutlook(samplePack, false, measuredAt + 16 * hourMs);
  expect(pace.standing).toBe('old');
  expect(stop?.standing).toBe('old');
  expect(stop?.atMs).toBe(measuredAt + 18.7 * hourMs);
  expect(stop?.value).toBeCloseTo(2.7, 9);
  expect(stop?.lowHours).toBe(0);
});
