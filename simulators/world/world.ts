import { arrayMilliwatts, type ArraySetup } from './array.ts';
import {
  fuelCellMeters,
  newFuelCell,
  stepFuelCell,
  type FuelCellMeters,
  type FuelCellSetup,
  type FuelCellState,
} from './fuel-cell.ts';
import {
  gridMeters,
  newGrid,
  stepGrid,
  type GridMeters,
  type GridSetup,
  type GridState,
} from './grid.ts';
import { demandAt } from './household.ts';
import {
  drawNlPerMin,
  exchanged,
  fullPackKg,
  gaugePressureMpa,
  hydrogenKgAt,
  packAtRest,
  stepPack,
  usableKg,
  type PackSetup,
  type PackState,
} from './pack.ts';
import { act, type RigAction } from './rig.ts';
import { openTap, tapPressureMpa, type TapState } from './tap.ts';
import { weatherAt, type Climate, type Weather } from './weather.ts';

export interface WorldSetup {
  readonly climate: Climate;
  readonly pack: PackSetup;
  readonly array: ArraySetup;
  readonly pulsesPerKwh: number;
  readonly fuelCell: FuelCellSetup;
  readonly grid: GridSetup;
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
  readonly tap: TapState;
  /** A held pack keeps mass and temperature: somebody pinned them. */
  readonly packHeld: boolean;
  readonly generatedMillijoules: number;
  readonly fuelCell: FuelCellState;
  readonly grid: GridState;
}

/** What is so, whatever any sensor says. */
export interface Truth {
  readonly worldMs: number;
  /** In the pack, and before the transmitter; gauge. */
  readonly pressureMpa: number;
  readonly tapMpa: number;
  readonly line: TapState['line'];
  readonly gasC: number;
  readonly wallC: number;
  readonly ambientC: number;
  /** In the open cylinders, and in the closed ones. */
  readonly hydrogenKg: number;
  readonly closedKg: number;
  readonly closedCylinders: number;
  readonly usableKg: number;
  readonly drawnKg: number;
  readonly lostKg: number;
  readonly exchanges: number;
  readonly powerW: number;
  readonly generatedWh: number;
  readonly pulses: number;
  readonly fuelCell: FuelCellMeters;
  readonly grid: GridMeters;
}

/** The world moves in whole seconds of its own clock, so that every split of time makes the same steps. */
const stepMs = 1000;
const millijoulesPerWh = 3_600_000;
const millijoulesPerKwh = 1000 * millijoulesPerWh;

export function newWorld(setup: WorldSetup, worldMs: number, displayWh: number): WorldState {
  return {
    worldMs,
    pack: packAtRest(fullPackKg(setup.pack), weatherAt(setup.climate, worldMs).ambientC),
    tap: openTap,
    packHeld: false,
    generatedMillijoules: displayWh * millijoulesPerWh,
    fuelCell: newFuelCell(setup.fuelCell),
    grid: newGrid(setup.grid),
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
  let { pack, generatedMillijoules, fuelCell, grid } = state;
  for (let atMs = nextStep(state.worldMs); atMs <= untilMs; atMs += stepMs) {
    const weather = weatherAt(setup.climate, atMs);
    if (!state.packHeld) pack = stepProcess(setup.pack, { ...state, pack }, weather, atMs);
    const fromSun = arrayMilliwatts(setup.array, weather);
    generatedMillijoules += (fromSun * stepMs) / 1000;
    const demand = demandAt(setup.climate.seed, atMs, weather.ambientC);
    const taken = Math.round(demand.electricW * 1_000);
    // It measures what the home still takes: it does not push the roof's power out to the grid.
    const electricW = Math.max(0, taken - fromSun) / 1_000;
    fuelCell = stepFuelCell(setup.fuelCell, fuelCell, { ...demand, electricW });
    grid = stepGrid(grid, taken, fromSun, fuelCell.milliwatts);
  }
  return { ...state, worldMs: untilMs, pack, generatedMillijoules, fuelCell, grid };
}

/** The process draws while the line is open to the pack; one that has come down to its residual is exchanged. */
function stepProcess(
  setup: PackSetup,
  { pack, tap }: Pick<WorldState, 'pack' | 'tap'>,
  weather: Weather,
  atMs: number,
): PackState {
  if (gaugePressureMpa(setup, pack) <= setup.exchangeAtMpa)
    return exchanged(pack, fullPackKg(setup), weather.ambientC);
  const nlPerMin = tap.line === 'open' ? drawNlPerMin(setup, atMs) : 0;
  return stepPack(setup, pack, weather, nlPerMin, stepMs / 1000);
}

/** Does something to the pack or its tap. Throws a RangeError for what cannot be done. */
export function actOnPack(setup: WorldSetup, state: WorldState, action: RigAction): WorldState {
  const { ambientC } = weatherAt(setup.climate, state.worldMs);
  const rig = act(setup.pack, state, action, { atMs: state.worldMs, ambientC });
  return { ...state, ...rig };
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
  const hydrogenKg = hydrogenKgAt(setup.pack, pressureMpa, temperatureC, state.pack);
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

/** Brings another pack, one that shows `pressureMpa` at the present air. */
export function exchangePack(
  setup: WorldSetup,
  state: WorldState,
  pressureMpa: number,
): WorldState {
  const { ambientC } = weatherAt(setup.climate, state.worldMs);
  const hydrogenKg = hydrogenKgAt(setup.pack, pressureMpa, ambientC);
  return actOnPack(setup, state, { kind: 'exchange', hydrogenKg });
}

/** Lets a held pack go on from where it is. */
export function releasePack(state: WorldState): WorldState {
  return { ...state, packHeld: false };
}

/** What an exact gauge on the pack would show, MPa. */
export function gaugeMpaOf(setup: WorldSetup, { pack }: WorldState): number {
  return gaugePressureMpa(setup.pack, pack);
}

/** What an exact transmitter at the tap would show, MPa gauge. */
export function tapMpaOf(setup: WorldSetup, { pack, tap, worldMs }: WorldState): number {
  return tapPressureMpa(setup.pack, pack, tap, worldMs);
}

export function truthOf(setup: WorldSetup, state: WorldState): Truth {
  const { pack } = state;
  const weather = weatherAt(setup.climate, state.worldMs);
  return {
    worldMs: state.worldMs,
    pressureMpa: gaugeMpaOf(setup, state),
    tapMpa: tapMpaOf(setup, state),
    line: state.tap.line,
    gasC: pack.gasC,
    wallC: pack.wallC,
    ambientC: weather.ambientC,
    hydrogenKg: pack.hydrogenKg,
    closedKg: pack.closedKg,
    closedCylinders: pack.closedCylinders,
    usableKg: usableKg(setup.pack, pack),
    drawnKg: pack.drawnKg,
    lostKg: pack.lostKg,
    exchanges: pack.exchanges,
    powerW: arrayMilliwatts(setup.array, weather) / 1000,
    generatedWh: displayWh(state),
    pulses: pulsesOf(setup, state.generatedMillijoules),
    fuelCell: fuelCellMeters(setup.fuelCell, state.fuelCell),
    grid: gridMeters(state.grid),
  };
}
