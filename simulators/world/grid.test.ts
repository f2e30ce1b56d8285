import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseScenario, worldSetup } from '../scenarios/scenario.ts';
import { gridMeters, newGrid, stepGrid, withGridAtLeast } from './grid.ts';
import { demandAt } from './household.ts';
import { newWorld, stepWorld } from './world.ts';
import { weatherAt } from './weather.ts';

const power = fc.integer({ min: 0, max: 10_000_000 });

test('taken less generated is imported less exported, to the millijoule; neither ever falls', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(power, power), { maxLength: 50 }), (seconds) => {
      let state = newGrid({ startsAtImportedWh: 0, startsAtExportedWh: 0 });
      let net = 0;
      for (const [taken, generated] of seconds) {
        const next = stepGrid(state, taken, generated);
        expect(next.importedMillijoules).toBeGreaterThanOrEqual(state.importedMillijoules);
        expect(next.exportedMillijoules).toBeGreaterThanOrEqual(state.exportedMillijoules);
        expect(gridMeters(next).powerW).toBe((taken - generated) / 1_000);
        state = next;
        net += taken - generated;
      }
      expect(state.importedMillijoules - state.exportedMillijoules).toBe(net);
    }),
  );
});

test('in the world it is the household’s demand less roof and fuel cell, in a summer hour at noon', () => {
  const setup = worldSetup(parseScenario('', 'defaults'));
  const noonMs = Date.parse('2026-06-21T12:00:00+09:00');
  const start = newWorld(setup, noonMs, 0);
  const end = stepWorld(setup, start, 3_600_000);
  let takenMillijoules = 0;
  for (let second = 1; second <= 3_600; second += 1) {
    const atMs = noonMs + second * 1_000;
    const { ambientC } = weatherAt(setup.climate, atMs);
    takenMillijoules += Math.round(demandAt(setup.climate.seed, atMs, ambientC).electricW * 1_000);
  }
  const gained = (of: (state: typeof end) => number): number => of(end) - of(start);
  expect(gained(({ grid }) => grid.importedMillijoules - grid.exportedMillijoules)).toBe(
    takenMillijoules -
      gained(({ generatedMillijoules }) => generatedMillijoules) -
      gained(({ fuelCell }) => fuelCell.generatedMillijoules),
  );
  expect(gained(({ grid }) => grid.exportedMillijoules)).toBeGreaterThan(0);
});

test('registers go on from the higher of what they show and what was read of them', () => {
  const state = newGrid({ startsAtImportedWh: 10, startsAtExportedWh: 20 });
  expect(gridMeters(withGridAtLeast(state, 15, 5))).toEqual({
    powerW: 0,
    importedWh: 15,
    exportedWh: 20,
    solarExportedWh: 0,
  });
  expect(gridMeters(withGridAtLeast(state, 0, 0, 7)).solarExportedWh).toBe(7);
});

test('the roof sells what is left of it after home and fuel cell, and never more than leaves', () => {
  const start = newGrid({ startsAtImportedWh: 0, startsAtExportedWh: 0 });
  const sold = (taken: number, sun: number, fuelCell: number): number =>
    stepGrid(start, taken, sun, fuelCell).solarExportedMillijoules;
  expect(sold(500, 2_000, 300)).toBe(1_800);
  expect(sold(100, 0, 300)).toBe(0);
  expect(sold(100, 50, 300)).toBe(50);
  expect(sold(3_000, 2_000, 300)).toBe(0);
});
