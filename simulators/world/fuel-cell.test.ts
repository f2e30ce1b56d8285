import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type FuelCellState,
  fuelCellMeters,
  newFuelCell,
  stepFuelCell,
  withFuelCellAtLeast,
} from './fuel-cell.ts';
import { demandAt } from './household.ts';

const setup = {
  ratedW: 700,
  minimumW: 200,
  electricalEfficiency: 0.36,
  heatEfficiency: 0.5,
  tankMj: 20,
  startsAtWh: 1_000,
  startsAtGasDm3: 300,
};
const winterMs = Date.parse('2026-01-27T00:00:00+09:00');

/** Lives through so many seconds at an outdoor temperature. */
function live(state: FuelCellState, fromMs: number, seconds: number, ambientC: number) {
  const seen: FuelCellState[] = [];
  let at = state;
  for (let second = 1; second <= seconds; second += 1) {
    at = stepFuelCell(setup, at, demandAt(7, fromMs + second * 1_000, ambientC));
    seen.push(at);
  }
  return seen;
}

const winterDay = live(newFuelCell(setup), winterMs, 86_400, 5);
const summerDay = live(newFuelCell(setup), winterMs, 86_400, 28);

test('it follows the load between its least and its rated power, and no faster than it can', () => {
  const steps = winterDay
    .slice(1)
    .flatMap(({ milliwatts, running }, second) =>
      running ? [Math.abs(milliwatts - (winterDay[second]?.milliwatts ?? Number.NaN))] : [],
    );
  expect(steps.every((step) => step <= 1_000)).toBe(true);
  expect(winterDay.every(({ milliwatts }) => milliwatts <= 700_000)).toBe(true);
  const night = winterDay[4 * 3_600];
  // In the evening, once the bath has emptied the tank.
  const evening = winterDay.slice(20 * 3_600).map(({ milliwatts }) => milliwatts);
  expect(evening).toContain(700_000);
  expect(night?.milliwatts).toBeLessThan(400_000);
  expect(night?.milliwatts).toBeGreaterThanOrEqual(200_000);
});

test('a full tank stops it, and it starts again when half of the heat is used: more hours in winter', () => {
  const hours = (day: readonly FuelCellState[]): number =>
    day.filter(({ running }) => running).length / 3_600;
  expect(hours(summerDay)).toBeLessThan(hours(winterDay));
  const stopped = summerDay.findIndex(({ running }) => !running);
  expect(stopped).toBeGreaterThan(0);
  const again = summerDay.findIndex(({ running }, second) => running && second > stopped);
  expect(summerDay[again - 1]?.tankJoules).toBeLessThanOrEqual(10e6);
  const tanks = [...summerDay, ...winterDay].map(({ tankJoules }) => tankJoules);
  expect(tanks.every((joules) => joules >= 0 && joules <= 20e6)).toBe(true);
});

test('gas is energy over efficiency and heating value, as a meter at 15 degC and 2 kPa counts it', () => {
  const end = winterDay.at(-1);
  if (end === undefined) throw new Error('a day has seconds');
  const { generatedWh, gasDm3 } = fuelCellMeters(setup, end);
  const normalM3 = ((generatedWh - 1_000) * 3.6e-3) / 0.36 / 45;
  expect((gasDm3 - 300) / 1_000).toBeCloseTo(normalM3 / 0.96665, 2);
  // At rated power: 0.7 kW / 36 % of 45 MJ/Nm3.
  const rated = { ...end, milliwatts: 700_000 };
  expect(fuelCellMeters(setup, rated).gasDm3PerH).toBe(161);
});

test('sums are whole and exact, whatever the household does', () => {
  const demand = fc.record({
    electricW: fc.double({ min: 0, max: 5_000, noNaN: true }),
    hotWaterW: fc.double({ min: 0, max: 20_000, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(demand, { maxLength: 200 }), (demands) => {
      let at = newFuelCell(setup);
      let sum = at.generatedMillijoules;
      for (const each of demands) {
        const next = stepFuelCell(setup, at, each);
        sum += next.milliwatts;
        expect(next.gasMicroDm3).toBeGreaterThanOrEqual(at.gasMicroDm3);
        at = next;
      }
      expect(at.generatedMillijoules).toBe(sum);
      for (const value of [at.generatedMillijoules, at.gasMicroDm3, at.tankJoules])
        expect(Number.isSafeInteger(value)).toBe(true);
    }),
  );
});

test('counters that were read are never taken back', () => {
  const state = newFuelCell(setup);
  expect(fuelCellMeters(setup, withFuelCellAtLeast(state, 1_005, 299))).toMatchObject({
    generatedWh: 1_005,
    gasDm3: 300,
  });
});

test('a household takes about 12 kWh a day, and more hot water when the mains are cold', () => {
  const day = Array.from({ length: 1_440 }, (_, minute) => winterMs + minute * 60_000);
  const meanOf = (pick: (atMs: number) => number): number =>
    day.reduce((sum, atMs) => sum + pick(atMs), 0) / day.length;
  const kwh = (meanOf((atMs) => demandAt(7, atMs, 10).electricW) * 24) / 1_000;
  expect(kwh).toBeGreaterThan(8);
  expect(kwh).toBeLessThan(16);
  const megajoules = (ambientC: number): number =>
    meanOf((atMs) => demandAt(7, atMs, ambientC).hotWaterW) * 0.0864;
  // 400 litres by 35 K and by 12 K.
  expect(megajoules(5)).toBeCloseTo(58.6, 0);
  expect(megajoules(28)).toBeCloseTo(20.1, 0);
  expect(demandAt(7, winterMs, 5)).toEqual(demandAt(7, winterMs, 5));
});
