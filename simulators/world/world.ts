import { arrayMilliwatts, type ArraySetup } from './array.ts';
import {
  fuelCellMeters,
  newFuelCell,
  stepFuelCell,
  type FuelCellMeters,
  type FuelCellSetup,
  type FuelCellState,
} from './fuel-cell.ts';
import { demandAt } from './household.ts';
import {
  fullPack,
  gaugePressureMpa,
  hydrogenKgAt,
  stepPack,
  usableKg,
  type PackSetup,
  type PackState,
} from './pack.ts';
import { weatherAt, type Climate } from './weather.ts';

export interface WorldSetup {
  readonly climate: Climate;
  readonly pack: PackSetup;
  readonly array: ArraySetup;
  readonly pulsesPerKwh: number;
  readonly fuelCell: FuelCellSetup;
}

/**
 * Everything that changes: plain data, so that it can be written down and taken up again.
 *
 * Energy is in whole millijoules: a sum that is exact in any split of time, up to 2.5 TWh. The meter's display and
 * its pulses are both read off it.
 */
export interface WorldState {
  readonly worldMs: number;
  readonly pack: PackState;
  /** A held pack keeps mass and temperature: somebody pinned them. */
  readonly packHeld: boolean;
  readonly generatedMillijoules: number;
  readonly fuelCell: FuelCellState;
}

/** What is so, whatever any sensor says. */
export interface Truth {
  readonly worldMs: number;
  readonly pressureMpa: number;
  readonly gasC: number;
  readonly wallC: number;
  readonly ambientC: number;
  readonly hydrogenKg: number;
  readonly usableKg: number;
  readonly drawnKg: number;
  readonly exchanges: number;
  readonly powerW: number;
  readonly generatedWh: number;
  readonly pulses: number;
  readonly fuelCell: FuelCellMeters;
}

/** The world moves in whole seconds of its own clock, so that every split of time makes the same steps. */
const stepMs = 1000;
const millijoulesPerWh = 3_600_000;
const millijoulesPerKwh = 1000 * millijoulesPerWh;

export function newWorld(setup: WorldSetup, worldMs: number, displayWh: number): WorldState {
  return {
    worldMs,
    pack: fullPack(setup.pack, weatherAt(setup.climate, worldMs).ambientC),
    packHeld: false,
    generatedMillijoules: displayWh * millijoulesPerWh,
    fuelCell: newFuelCell(setup.fuelCell),
  };
}

/**
 * Moves the world on by whole milliseconds of its clock: `stepWorld(stepWorld(s, a), b)` is `stepWorld(s, a + b)` to
 * the byte. Throws a RangeError for a time that is negative or not whole.
 */
export function stepWorld(setup: WorldSetup, state: WorldState, dtMs: number): WorldState {
  if (!Number.isSafeInteger(dtMs) || dtMs < 0)
    throw new RangeError(`the world steps by whole milliseconds from 0, not by ${dtMs}`);
  const untilMs = state.worldMs + dtMs;
  let { pack, generatedMillijoules, fuelCell } = state;
  for (let atMs = nextStep(state.worldMs); atMs <= untilMs; atMs += stepMs) {
    const weather = weatherAt(setup.climate, atMs);
    if (!state.packHeld) pack = stepPack(setup.pack, pack, weather, atMs, stepMs / 1000);
    generatedMillijoules += (arrayMilliwatts(setup.array, weather) * stepMs) / 1000;
    const demand = demandAt(setup.climate.seed, atMs, weather.ambientC);
    fuelCell = stepFuelCell(setup.fuelCell, fuelCell, demand);
  }
  return { ...state, worldMs: untilMs, pack, generatedMillijoules, fuelCell };
}

function nextStep(worldMs: number): number {
  return (Math.floor(worldMs / stepMs) + 1) * stepMs;
}

/** Whole pulses that an energy is worth; `pulsesPerKwh` divides the millijoules of a kWh (see the configuration). */
export function pulsesOf(setup: WorldSetup, millijoules: number): number {
  return Math.floor(millijoules / (millijoulesPerKwh / setup.pulsesPerKwh));
}

/** Adds the energy of so many pulses to the meter, for tests that count them. */
export function addPulses(setup: WorldSetup, state: WorldState, pulses: number): WorldState {
  const added = pulses * (millijoulesPerKwh / setup.pulsesPerKwh);
  return { ...state, generatedMillijoules: state.generatedMillijoules + added };
}

/** What the meter's display shows, whole Wh. */
export function displayWh(state: WorldState): number {
  return Math.floor(state.generatedMillijoules / millijoulesPerWh);
}

/** The same world with its meter showing another total; the part of a Wh already gathered stays. */
export function withDisplay(state: WorldState, wh: number): WorldState {
  const part = state.generatedMillijoules % millijoulesPerWh;
  return { ...state, generatedMillijoules: wh * millijoulesPerWh + part };
}

/** Holds the pack where its gauge shows `pressureMpa` at `temperatureC`, gas and wall alike. */
export function holdPack(
  setup: WorldSetup,
  state: WorldState,
  pressureMpa: number,
  temperatureC: number,
): WorldState {
  const hydrogenKg = hydrogenKgAt(setup.pack, pressureMpa, temperatureC);
  const gained = hydrogenKg - state.pack.hydrogenKg;
  return {
    ...state,
    packHeld: true,
    pack: {
      ...state.pack,
      hydrogenKg,
      exchangedKg: state.pack.exchangedKg + gained,
      gasC: temperatureC,
      wallC: temperatureC,
    },
  };
}

/** Lets a held pack go on from where it is. */
export function releasePack(state: WorldState): WorldState {
  return { ...state, packHeld: false };
}

/** What an exact gauge on the pack would show, MPa. */
export function gaugeMpaOf(setup: WorldSetup, { pack }: WorldState): number {
  return gaugePressureMpa(setup.pack, pack.hydrogenKg, pack.gasC);
}

export function truthOf(setup: WorldSetup, state: WorldState): Truth {
  const { pack } = state;
  const weather = weatherAt(setup.climate, state.worldMs);
  return {
    worldMs: state.worldMs,
    pressureMpa: gaugeMpaOf(setup, state),
    gasC: pack.gasC,
    wallC: pack.wallC,
    ambientC: weather.ambientC,
    hydrogenKg: pack.hydrogenKg,
    usableKg: usableKg(setup.pack, pack),
    drawnKg: pack.drawnKg,
    exchanges: pack.exchanges,
    powerW: arrayMilliwatts(setup.array, weather) / 1000,
    generatedWh: displayWh(state),
    pulses: pulsesOf(setup, state.generatedMillijoules),
    fuelCell: fuelCellMeters(setup.fuelCell, state.fuelCell),
  };
}
