import { expect, test } from 'vitest';
import { sampleMeter } from './meter.sample.ts';
import { coveredPercent, measuredBy, metersOf, ofTotal, siteMeters } from './meters.ts';
import { sampleAtMs } from './plant.sample.ts';

const of = (meter: string) => ({ ...sampleMeter, meter });
const meters = [
  sampleMeter,
  of('keihin/pv-1/exported'),
  of('keihin/grid-1/imported'),
  of('keihin/grid-1/exported'),
  of('another/pv-1/generated'),
];

test('registers stand with the generator they hang on; those of no generator together', () => {
  const pv = { site: 'keihin', id: 'pv-1' };
  expect(metersOf(meters, pv).map(({ meter }) => meter)).toEqual([
    'keihin/pv-1/generated',
    'keihin/pv-1/exported',
  ]);
  const [grid, another] = siteMeters(meters, [pv]);
  expect(grid).toMatchObject({ site: 'keihin', asset: 'grid-1' });
  expect(grid?.meters).toHaveLength(2);
  expect(another).toMatchObject({ site: 'another', asset: 'pv-1' });
});

test('a meter falls silent, one read by people does not, and an open event makes figures uncertain', () => {
  const readAt = sampleAtMs - 331_000;
  expect(measuredBy(sampleMeter, sampleAtMs)).toMatchObject({ quality: 'good' });
  expect(measuredBy({ ...sampleMeter, readAt }, sampleAtMs)).toMatchObject({ why: 'stale' });
  const slow = { ...sampleMeter, readAt, reportingPeriod: { seconds: 1_800, assumed: false } };
  expect(measuredBy(slow, sampleAtMs)).toMatchObject({ quality: 'good' });
  expect(measuredBy(slow, sampleAtMs + 1_800_000)).toMatchObject({ why: 'stale' });
  const byPeople = { ...sampleMeter, readAt, device: null };
  expect(measuredBy(byPeople, sampleAtMs)).toMatchObject({ quality: 'good' });
  const open = { ...sampleMeter, openEventCount: 1 };
  expect(measuredBy(open, sampleAtMs)).toMatchObject({ quality: 'uncertain' });
  const never = { ...sampleMeter, readAt: null };
  expect(measuredBy(never, sampleAtMs)).toMatchObject({ quality: 'bad', why: 'no-data' });
  // There is no device to look at.
  const nobody = measuredBy({ ...never, device: null }, sampleAtMs);
  expect(nobody).toEqual({ measuredAt: null, quality: 'bad' });
});

test('a total that began late is uncertain, and its covered time is rounded down', () => {
  const total = { start: 0, wh: 5, coveredSeconds: 999 };
  expect(coveredPercent(total, 1_000_900)).toBe(99);
  expect(coveredPercent({ ...total, coveredSeconds: 1_000 }, 1_000_900)).toBe(100);
  expect(coveredPercent(total, null)).toBe(100);
  const good = measuredBy(sampleMeter, sampleAtMs);
  expect(ofTotal(good, 99).quality).toBe('uncertain');
  expect(ofTotal(good, 100)).toBe(good);
});
