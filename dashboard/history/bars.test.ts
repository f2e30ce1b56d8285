import { expect, test } from 'vitest';
import type { EnergyInterval } from '#gateway/contract';
import { barsOf } from './bars.ts';

const start = Date.parse('2026-04-01T12:00:00+09:00');
const interval: EnergyInterval = {
  start,
  end: start + 1_800_000,
  wh: 250,
  unallocated: [
    { from: start - 60_000, to: start + 60_000, wh: 30 },
    { from: start + 600_000, to: start + 900_000, wh: 5 },
  ],
  coveredSeconds: 900,
  quality: 'uncertain',
  revision: 1,
  openEvents: [],
};

test('what is covered is a part of what has passed, and amounts across gaps stay apart', () => {
  const [whole] = barsOf([interval], start + 9_000_000);
  expect(whole).toMatchObject({ wh: 250, unallocatedWh: 35, coveredPercent: 50 });
  const [running] = barsOf([interval], start + 1_000_000);
  expect(running?.coveredPercent).toBe(90);
});
