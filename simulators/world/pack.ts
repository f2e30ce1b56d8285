import { absolutePressureMpa, atmosphereMpa, densityKgM3 } from './leachman.ts';
import type { Weather } from './weather.ts';

/**
 * A cylinder pack whose manifold is open to all `openCylinders`.
 *
 * Draw: a process takes `batchNlPerMin` for `batchMinutes` out of every `cycleMinutes`; cycles count from
 * `firstBatchAtMs`. NL are at 0 degC and 101.325 kPa.
 */
export interface PackSetup {
  readonly openCylinders: number;
  readonly cylinderLitres: number;
  readonly draw: {
    readonly batchNlPerMin: number;
    readonly batchMinutes: number;
    readonly cycleMinutes: number;
    readonly firstBatchAtMs: number;
  };
  /** Gauge pressure at which the pack is exchanged for a full one. */
  readonly exchangeAtMpa: number;
}

export interface PackState {
  readonly hydrogenKg: number;
  readonly gasC: number;
  readonly wallC: number;
  /** All that was ever drawn, and how often a full pack came. */
  readonly drawnKg: number;
  readonly exchanges: number;
  /** Mass gained at exchanges: with `drawnKg` it balances `hydrogenKg`. */
  readonly exchangedKg: number;
}

/** kg per Nm3 at 0 degC and 101.325 kPa (facts: 0.0898822). */
export const kgPerNormalCubicMetre = 0.0898822;

/** A lawful full pack: 19.6 MPa gauge at 35 degC. */
const fullGaugeMpa = 19.6;
const fullC = 35;

/** Residual pressure that must stay in a pack, gauge (Tokyo notice, section 3(3)). */
const residualGaugeMpa = 1;

const kelvin = (celsius: number): number => celsius + 273.15;
const packVolumeM3 = (setup: PackSetup): number =>
  (setup.openCylinders * setup.cylinderLitres) / 1000;

export function gaugePressureMpa(setup: PackSetup, hydrogenKg: number, gasC: number): number {
  return absolutePressureMpa(hydrogenKg / packVolumeM3(setup), kelvin(gasC)) - atmosphereMpa;
}

/** Mass in kg at a gauge pressure in MPa and a gas temperature in degC. */
export function hydrogenKgAt(setup: PackSetup, gaugeMpa: number, gasC: number): number {
  return densityKgM3(gaugeMpa + atmosphereMpa, kelvin(gasC)) * packVolumeM3(setup);
}

/** Mass above the residual pressure at the present temperature; 0 below it. */
export function usableKg(setup: PackSetup, state: PackState): number {
  return Math.max(0, state.hydrogenKg - hydrogenKgAt(setup, residualGaugeMpa, state.gasC));
}

export function fullPackKg(setup: PackSetup): number {
  return hydrogenKgAt(setup, fullGaugeMpa, fullC);
}

/** A full pack that stood beside the old one: at rest with the air. */
export function fullPack(setup: PackSetup, ambientC: number): PackState {
  return {
    hydrogenKg: fullPackKg(setup),
    gasC: ambientC,
    wallC: ambientC,
    drawnKg: 0,
    exchanges: 0,
    exchangedKg: 0,
  };
}

/** Draw at an instant, NL/min. */
export function drawNlPerMin({ draw }: PackSetup, atMs: number): number {
  const cycleMs = draw.cycleMinutes * 60_000;
  const phaseMs = (((atMs - draw.firstBatchAtMs) % cycleMs) + cycleMs) % cycleMs;
  return phaseMs < draw.batchMinutes * 60_000 ? draw.batchNlPerMin : 0;
}

/**
 * Per 50 L steel cylinder, typical: 55 kg of steel at 470 J/(kg K), 1.0 m2 inside with 50 W/(m2 K) (natural
 * convection in dense hydrogen), 1.2 m2 outside with 10 W/(m2 K), 0.05 m2 effective sun-facing absorption.
 * Orders of magnitude, not a model of one product: the gas must lag the wall, the wall the air and the sun.
 */
const wallJPerK = 55 * 470;
const gasToWallWPerK = 50;
const wallToAirWPerK = 12;
const sunAreaM2 = 0.05;
/** Ideal-gas isochoric heat capacity of normal hydrogen near 293 K, J/(kg K). */
const isochoricJPerKgK = 10_160;

/** One explicit step, short against the gas's time constant of seconds (empty) to minutes (full). */
export function stepPack(
  setup: PackSetup,
  state: PackState,
  weather: Weather,
  atMs: number,
  dtSeconds: number,
): PackState {
  const gaugeMpa = gaugePressureMpa(setup, state.hydrogenKg, state.gasC);
  if (gaugeMpa <= setup.exchangeAtMpa) return exchanged(setup, state, weather.ambientC);
  const drawKgPerS = (drawNlPerMin(setup, atMs) / 60_000) * kgPerNormalCubicMetre;
  const hydrogenKg = state.hydrogenKg - drawKgPerS * dtSeconds;
  // Gas that leaves does p/rho of work on its way out: the rest cools by it.
  const volumeM3PerKg = packVolumeM3(setup) / state.hydrogenKg;
  const expansionW = drawKgPerS * (gaugeMpa + atmosphereMpa) * 1e6 * volumeM3PerKg;
  const { openCylinders } = setup;
  const intoGasW = openCylinders * gasToWallWPerK * (state.wallC - state.gasC);
  const fromAirW = openCylinders * wallToAirWPerK * (weather.ambientC - state.wallC);
  const fromSunW = openCylinders * sunAreaM2 * weather.globalWPerM2;
  const gasHeat = hydrogenKg * isochoricJPerKgK;
  const wallHeat = openCylinders * wallJPerK;
  return {
    ...state,
    hydrogenKg,
    drawnKg: state.drawnKg + drawKgPerS * dtSeconds,
    gasC: state.gasC + ((intoGasW - expansionW) * dtSeconds) / gasHeat,
    wallC: state.wallC + ((fromAirW + fromSunW - intoGasW) * dtSeconds) / wallHeat,
  };
}

function exchanged(setup: PackSetup, state: PackState, ambientC: number): PackState {
  const full = fullPack(setup, ambientC);
  return {
    ...full,
    drawnKg: state.drawnKg,
    exchanges: state.exchanges + 1,
    exchangedKg: state.exchangedKg + full.hydrogenKg - state.hydrogenKg,
  };
}
