import type { Demand } from './household.ts';

/**
 * A household fuel cell with a hot water tank (Ene-Farm). Efficiencies are on the higher heating value; the tank is what
 * it can hold above the mains.
 */
export interface FuelCellSetup {
  readonly ratedW: number;
  readonly minimumW: number;
  readonly electricalEfficiency: number;
  readonly heatEfficiency: number;
  readonly tankMj: number;
  /** What its counters show in a new world. */
  readonly startsAtWh: number;
  readonly startsAtGasDm3: number;
}

/** Whole numbers, so that any split of time makes the same sums: energy in mJ and J, gas in millionths of a dm3. */
export interface FuelCellState {
  readonly running: boolean;
  readonly milliwatts: number;
  readonly tankJoules: number;
  readonly generatedMillijoules: number;
  readonly gasMicroDm3: number;
}

const millijoulesPerWh = 3_600_000;
const microPerUnit = 1_000_000;
/** Town gas 13A, higher heating value: 45 GJ per 1,000 Nm3 (0 degC, 101.325 kPa; Tokyo Gas). */
const joulesPerNormalDm3 = 45_000;
/** A gas meter counts at 15 degC and 2 kPa above the air: 0.96665 normal volumes for each of its own. */
const normalPerMetered = 0.96665;
/** From its least to its rated power in about eight minutes: an assumption. */
const milliwattsPerS = 1_000;
/** Full, it stops; at half it starts again: it lives with the hot water of a day. */
const restartsAtShare = 0.5;

export function newFuelCell({ tankMj, startsAtWh, startsAtGasDm3 }: FuelCellSetup): FuelCellState {
  return {
    running: true,
    milliwatts: 0,
    tankJoules: Math.round(tankMj * 1e6 * restartsAtShare),
    generatedMillijoules: startsAtWh * millijoulesPerWh,
    gasMicroDm3: startsAtGasDm3 * microPerUnit,
  };
}

/**
 * One second: it follows the household's electricity between its least and its rated power, as long as the tank takes
 * its heat. What the tank lacks comes from a burner with a meter of its own, not from here.
 */
export function stepFuelCell(
  setup: FuelCellSetup,
  state: FuelCellState,
  { electricW, hotWaterW }: Demand,
): FuelCellState {
  const tankFullJoules = setup.tankMj * 1e6;
  const running = state.running
    ? state.tankJoules < tankFullJoules
    : state.tankJoules <= tankFullJoules * restartsAtShare;
  const wantedW = Math.min(setup.ratedW, Math.max(setup.minimumW, electricW));
  const wanted = Math.round(wantedW * 1_000);
  const milliwatts = running
    ? Math.min(
        state.milliwatts + milliwattsPerS,
        Math.max(state.milliwatts - milliwattsPerS, wanted),
      )
    : 0;
  const fuelW = milliwatts / 1_000 / setup.electricalEfficiency;
  const tank = state.tankJoules + Math.round(fuelW * setup.heatEfficiency - hotWaterW);
  return {
    running,
    milliwatts,
    tankJoules: Math.min(tankFullJoules, Math.max(0, tank)),
    generatedMillijoules: state.generatedMillijoules + milliwatts,
    gasMicroDm3: state.gasMicroDm3 + Math.round(meteredDm3PerS(fuelW) * microPerUnit),
  };
}

/** What its meters show: whole units, as a node tells them. */
export interface FuelCellMeters {
  readonly powerW: number;
  readonly generatedWh: number;
  readonly gasDm3: number;
  readonly gasDm3PerH: number;
}

export function fuelCellMeters(setup: FuelCellSetup, state: FuelCellState): FuelCellMeters {
  const watts = state.milliwatts / 1_000;
  const fuelW = watts / setup.electricalEfficiency;
  return {
    powerW: Math.round(watts),
    generatedWh: Math.floor(state.generatedMillijoules / millijoulesPerWh),
    gasDm3: Math.floor(state.gasMicroDm3 / microPerUnit),
    gasDm3PerH: Math.round(meteredDm3PerS(fuelW) * 3_600),
  };
}

/** The same fuel cell with counters that stand at least there: what was once read is not taken back. */
export function withFuelCellAtLeast(
  state: FuelCellState,
  generatedWh: number,
  gasDm3: number,
): FuelCellState {
  return {
    ...state,
    generatedMillijoules: Math.max(state.generatedMillijoules, generatedWh * millijoulesPerWh),
    gasMicroDm3: Math.max(state.gasMicroDm3, gasDm3 * microPerUnit),
  };
}

function meteredDm3PerS(fuelW: number): number {
  return fuelW / joulesPerNormalDm3 / normalPerMetered;
}
