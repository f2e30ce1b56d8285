import { expect, test } from 'vitest';
import type { PackHistoryPoint } from '#gateway/contract';
import { openingLink } from '../link/supervise.ts';
import { packWithoutPressure, sampleAtMs, samplePack, samplePlant } from './plant.sample.ts';
import { gatewayNowMs, memoryOf, openingPage, packKey, withHistory, withPlant } from './state.ts';
import { viewPack } from './pack-view.ts';

const heard = { monotonicMs: 5_000, wallMs: 0 };
const opened = openingPage(openingLink(heard));
const key = packKey(samplePack);
const good = withPlant(opened, samplePlant, heard);
const cutPlant = { ...samplePlant, at: sampleAtMs + 1_000, packs: [packWithoutPressure] };

const point = (at: number, pressureMpa: number | null): PackHistoryPoint => ({
  at,
  measuredAt: at,
  pressureMpa,
  temperatureC: 20,
  totalKg: pressureMpa === null ? null : 11,
  usableKg: pressureMpa === null ? null : 10,
  expandedUncertaintyKg: 0.3,
  usableExpandedUncertaintyKg: 0.3,
  quality: pressureMpa === null ? 'bad' : 'good',
});

test("the gateway's time goes on with this page's elapsed time, whatever the browser's clock says", () => {
  const { latest } = good;
  if (latest === undefined) throw new Error('a plant was given');
  expect(gatewayNowMs(latest, { monotonicMs: 8_000, wallMs: 0 })).toBe(sampleAtMs + 3_000);
});

test('when the pressure is lost, the last good one is remembered with its time', () => {
  const cut = withPlant(good, cutPlant, heard);
  const memory = memoryOf(cut, key);
  expect(memory.lastGood).toEqual({ measuredAt: sampleAtMs - 800, pressureMpa: 10 });
  const view = viewPack(packWithoutPressure, memory, true);
  expect(view.pressure).toMatchObject({ standing: 'bad', value: null, why: 'loop-open' });
  expect(view.usable).toMatchObject({ standing: 'bad', value: null, uncertaintyKg: null });
  expect(view.temperature).toMatchObject({ standing: 'good', value: 20 });
  expect(view.lastGood?.pressureMpa).toBe(10);
});

test('a page opened during a fault learns the last good value from the history', () => {
  const cut = withPlant(opened, cutPlant, heard);
  expect(memoryOf(cut, key).lastGood).toBe(undefined);
  const told = withHistory(cut, key, [point(sampleAtMs - 120_000, 9.5), point(sampleAtMs, null)]);
  expect(memoryOf(told, key).lastGood).toEqual({
    measuredAt: sampleAtMs - 120_000,
    pressureMpa: 9.5,
  });
});

test('live points give way to the history as it reaches them', () => {
  expect(memoryOf(good, key).tail).toHaveLength(1);
  const behind = withHistory(good, key, [point(sampleAtMs - 60_000, 10)]);
  expect(memoryOf(behind, key).tail).toHaveLength(1);
  const reached = withHistory(good, key, [point(sampleAtMs, 10)]);
  expect(memoryOf(reached, key).tail).toHaveLength(0);
});

test('a history that cannot be read keeps the earlier one and says so', () => {
  const read = withHistory(good, key, [point(sampleAtMs, 10)]);
  const failed = memoryOf(withHistory(read, key, undefined), key);
  expect(failed.history).toEqual({ points: [point(sampleAtMs, 10)], failed: true });
});

test('packs that leave the plant are forgotten', () => {
  const gone = withPlant(good, { ...samplePlant, packs: [] }, heard);
  expect(gone.memories.size).toBe(0);
  expect(withHistory(gone, key, []).memories.size).toBe(0);
});

test('a mass is as old as the older of pressure and temperature, and old without the gateway', () => {
  const view = viewPack(samplePack, memoryOf(good, key), true);
  expect(view.usable).toMatchObject({
    standing: 'good',
    measuredAt: sampleAtMs - 1_500,
    uncertaintyKg: 0.28,
  });
  expect(viewPack(samplePack, memoryOf(good, key), false).usable).toMatchObject({
    standing: 'old',
    value: 10.4488,
  });
});
