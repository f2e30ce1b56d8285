import { expect, test } from 'vitest';
import { sampleMeter } from './meter.sample.ts';
import { measuredBy, metersOf, siteMeters } from './meters.ts';
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
  const readAt = sampleAtMs - 301_000;
  expect(measuredBy(sampleMeter, sampleAtMs)).toMatchObject({ quality: 'good' });
  expect(measuredBy({ ...sampleMeter, readAt }, sampleAtMs)).toMatchObject({ why: 'stale' });
  const byPeople = { ...sampleMeter, readAt, device: null };
  expect(measuredBy(byPeople, sampleAtMs)).toMatchObject({ quality: 'good' });
  const open = { ...sampleMeter, openEventCount: 1 };
  expect(measuredBy(open, sampleAtMs)).toMatchObject({ quality: 'uncertain' });
  const never = { ...sampleMeter, readAt: null };
  expect(measuredBy(never, sampleAtMs)).toMatchObject({ quality: 'bad', why: 'no-data' });
});
