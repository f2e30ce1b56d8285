import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseScenario, worldSetup } from '../scenarios/scenario.ts';
import { drawNlPerMin, fullPackKg, kgPerNormalCubicMetre } from './pack.ts';
import {
  addPulses,
  displayWh,
  gaugeMpaOf,
  holdPack,
  newWorld,
  pulsesOf,
  releasePack,
  stepWorld,
  truthOf,
  withDisplay,
} from './world.ts';

const setup = worldSetup(parseScenario('', 'defaults'));
const summerMs = Date.parse('2026-06-21T00:00:00+09:00');
const hourMs = 3_600_000;

test('the same seed gives the same bytes in any split of time', () => {
  const splits = fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(splits, fc.integer({ min: 0, max: 86_400_000 }), (steps, offsetMs) => {
      const start = newWorld(setup, summerMs + offsetMs, 1000);
      const split = steps.reduce((state, dtMs) => stepWorld(setup, state, dtMs), start);
      const atOnce = stepWorld(
        setup,
        start,
        steps.reduce((a, b) => a + b, 0),
      );
      expect(JSON.stringify(split)).toBe(JSON.stringify(atOnce));
    }),
    { numRuns: 30 },
  );
});

test('another seed gives another day', () => {
  const other = { ...setup, climate: { ...setup.climate, seed: setup.climate.seed + 1 } };
  const day = (of: typeof setup): number =>
    displayWh(stepWorld(of, newWorld(of, summerMs, 0), 24 * hourMs));
  expect(day(other)).not.toBe(day(setup));
});

test('a world that was written down and read again goes on as if nothing had happened', () => {
  const morning = stepWorld(setup, newWorld(setup, summerMs, 0), 9 * hourMs + 123);
  const read: typeof morning = JSON.parse(JSON.stringify(morning));
  expect(stepWorld(setup, read, hourMs)).toEqual(stepWorld(setup, morning, hourMs));
});

test('hydrogen is conserved over draws and exchanges, and the draw is the scheduled one', () => {
  const start = newWorld(setup, summerMs, 0);
  const end = stepWorld(setup, start, 40 * hourMs);
  const { hydrogenKg, drawnKg, exchangedKg, exchanges } = end.pack;
  expect(exchanges).toBe(2);
  expect(hydrogenKg).toBeCloseTo(start.pack.hydrogenKg - drawnKg + exchangedKg, 9);
  // 250 NL/min for 45 of each 60 min; at an exchange one second is not drawn.
  const scheduledKg = 40 * 45 * 0.25 * kgPerNormalCubicMetre;
  expect(scheduledKg - drawnKg).toBeGreaterThanOrEqual(-1e-9);
  expect(scheduledKg - drawnKg).toBeLessThan(0.001);
});

test('batches begin on their anchor and leave the rest of the cycle idle', () => {
  const anchorMs = setup.pack.draw.firstBatchAtMs;
  expect(drawNlPerMin(setup.pack, anchorMs)).toBe(250);
  expect(drawNlPerMin(setup.pack, anchorMs + 45 * 60_000 - 1)).toBe(250);
  expect(drawNlPerMin(setup.pack, anchorMs + 45 * 60_000)).toBe(0);
  expect(drawNlPerMin(setup.pack, anchorMs - 1)).toBe(0);
});

test('the pack is exchanged at its residual pressure for the isochore of 19.6 MPa at 35 degC', () => {
  let state = releasePack(holdPack(setup, newWorld(setup, summerMs, 0), 1.2, 20));
  let lowest = Infinity;
  while (state.pack.exchanges === 0) {
    lowest = gaugeMpaOf(setup, state);
    state = stepWorld(setup, state, 1000);
  }
  expect(lowest).toBeCloseTo(1.15, 3);
  expect(state.pack.hydrogenKg).toBe(fullPackKg(setup.pack));
  expect(Math.abs(fullPackKg(setup.pack) / 20.7957 - 1)).toBeLessThan(3e-5);
});

test('gas lags the wall and the wall the air, and a draw cools the gas', () => {
  const idle = {
    ...setup,
    pack: { ...setup.pack, draw: { ...setup.pack.draw, batchNlPerMin: 0 } },
  };
  const warming = truthOf(idle, stepWorld(idle, newWorld(idle, summerMs, 0), 8 * hourMs));
  expect(warming.gasC).toBeLessThan(warming.wallC);
  const drawing = truthOf(setup, stepWorld(setup, newWorld(setup, summerMs, 0), 44 * 60_000));
  const resting = truthOf(idle, stepWorld(idle, newWorld(idle, summerMs, 0), 44 * 60_000));
  expect(drawing.gasC).toBeLessThan(resting.gasC - 0.1);
});

test('a year of days is a year of Tokyo: seasons, sun, and no power at night', () => {
  const dayEnergy = (day: string): number => {
    const fromMs = Date.parse(`${day}T00:00:00+09:00`);
    return displayWh(stepWorld(setup, newWorld(setup, fromMs, 0), 24 * hourMs));
  };
  const summer = ['2026-05-20', '2026-06-05', '2026-06-21'].map(dayEnergy);
  // 5 kW: an overcast day gives a few kWh, a perfect one stays below 8 full hours.
  for (const wh of summer) {
    expect(wh).toBeGreaterThan(2_000);
    expect(wh).toBeLessThan(40_000);
  }
  const night = truthOf(setup, newWorld(setup, summerMs + hourMs, 0));
  expect(night.powerW).toBe(0);
  const ambient = (day: string): number =>
    truthOf(setup, newWorld(setup, Date.parse(`${day}T12:00:00+09:00`), 0)).ambientC;
  expect(ambient('2026-08-05') - ambient('2026-01-27')).toBeGreaterThan(12);
});

test('pulses are exactly the energy’s whole part, over any split and any constant', () => {
  const constants = fc.constantFrom(500, 800, 1000, 1600, 3200, 10_000);
  const steps = fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(constants, steps, (pulsesPerKwh, times) => {
      const metered = { ...setup, pulsesPerKwh };
      let state = newWorld(metered, summerMs + 10 * hourMs, 1_234_567);
      let counted = 0;
      for (const dtMs of times) {
        const next = stepWorld(metered, state, dtMs);
        counted +=
          pulsesOf(metered, next.generatedMillijoules) -
          pulsesOf(metered, state.generatedMillijoules);
        state = next;
      }
      const total = (BigInt(state.generatedMillijoules) * BigInt(pulsesPerKwh)) / 3_600_000_000n;
      const before = (1_234_567n * BigInt(pulsesPerKwh)) / 1000n;
      expect(BigInt(counted)).toBe(total - before);
      expect(Number.isSafeInteger(state.generatedMillijoules)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('pulses that are added are owed exactly, and the display can be set without losing a part', () => {
  const state = stepWorld(setup, newWorld(setup, summerMs + 10 * hourMs, 5), 10_000);
  const added = addPulses(setup, state, 500);
  expect(truthOf(setup, added).pulses - truthOf(setup, state).pulses).toBe(500);
  const set = withDisplay(state, 99);
  expect(displayWh(set)).toBe(99);
  expect(set.generatedMillijoules % 3_600_000).toBe(state.generatedMillijoules % 3_600_000);
});

test('a held pack shows what it was set to until it is let go', () => {
  const held = holdPack(setup, newWorld(setup, summerMs, 0), 12.3, 18);
  const later = stepWorld(setup, held, hourMs);
  expect(truthOf(setup, later).pressureMpa).toBeCloseTo(12.3, 9);
  expect(truthOf(setup, later).gasC).toBe(18);
  const released = stepWorld(setup, releasePack(later), 10 * 60_000);
  expect(released.pack.hydrogenKg).toBeLessThan(later.pack.hydrogenKg);
});

test('a step that is no whole number of milliseconds is refused', () => {
  expect(() => stepWorld(setup, newWorld(setup, summerMs, 0), 0.5)).toThrow('0.5');
  expect(() => stepWorld(setup, newWorld(setup, summerMs, 0), -1)).toThrow('-1');
});
