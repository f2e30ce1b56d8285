import { relax } from './heat.ts';
import { absolutePressureMpa, atmosphereMpa, densityKgM3 } from './leachman.ts';
import type { Weather } from './weather.ts';

/** A cylinder pack whose manifold is open to all `openCylinders`, less those that were closed since (`PackState`). */
export interface Cylinders {
  readonly openCylinders: number;
  readonly cylinderLitres: number;
}

/**
 * Cylinders with a scheduled process on them.
 *
 * Draw: the process takes `batchNlPerMin` for `batchMinutes` out of every `cycleMinutes`; cycles count from
 * `firstBatchAtMs`. NL are at 0 degC and 101.325 kPa.
 */
export interface PackSetup extends Cylinders {
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
  /** Gas in the open cylinders: what the manifold sees and what can be drawn. */
  readonly hydrogenKg: number;
  readonly gasC: number;
  readonly wallC: number;
  /** All that was ever drawn, and how often a full pack came. */
  readonly drawnKg: number;
  readonly exchanges: number;
  /** Mass gained at exchanges: with `drawnKg` and `lostKg` it balances `hydrogenKg` and `closedKg`. */
  readonly exchangedKg: number;
  /** Cylinders whose valves were closed, and the gas in them, at the temperature of the wall. */
  readonly closedCylinders: number;
  readonly closedKg: number;
  /** What leaves the pack past every meter, at present and in all. */
  readonly lossNlPerMin: number;
  readonly lostKg: number;
}

/** kg per Nm3 at 0 degC and 101.325 kPa (facts: 0.0898822). */
export const kgPerNormalCubicMetre = 0.0898822;

/** A lawful full pack: 19.6 MPa gauge at 35 degC. */
const fullGaugeMpa = 19.6;
const fullC = 35;

/** Residual pressure that must stay in a pack, gauge (Tokyo notice, section 3(3)). */
const residualGaugeMpa = 1;

const kelvin = (celsius: number): number => celsius + 273.15;

/** Inner volume of the open cylinders, m3. */
export function openVolumeM3(setup: Cylinders, { closedCylinders }: OpenPart = allOpen): number {
  return ((setup.openCylinders - closedCylinders) * setup.cylinderLitres) / 1000;
}

type OpenPart = Pick<PackState, 'closedCylinders'>;
const allOpen: OpenPart = { closedCylinders: 0 };

/** What an exact gauge on the manifold would show, MPa. */
export function gaugePressureMpa(setup: Cylinders, state: PackState): number {
  const densityKgM3 = state.hydrogenKg / openVolumeM3(setup, state);
  return absolutePressureMpa(densityKgM3, kelvin(state.gasC)) - atmosphereMpa;
}

/** Mass in kg in the open cylinders at a gauge pressure in MPa and a gas temperature in degC. */
export function hydrogenKgAt(
  setup: Cylinders,
  gaugeMpa: number,
  gasC: number,
  open: OpenPart = allOpen,
): number {
  return densityKgM3(gaugeMpa + atmosphereMpa, kelvin(gasC)) * openVolumeM3(setup, open);
}

/** Mass above the residual pressure at the present temperature; 0 below it. */
export function usableKg(setup: Cylinders, state: PackState): number {
  const residualKg = hydrogenKgAt(setup, residualGaugeMpa, state.gasC, state);
  return Math.max(0, state.hydrogenKg - residualKg);
}

export function fullPackKg(setup: Cylinders): number {
  return hydrogenKgAt(setup, fullGaugeMpa, fullC);
}

/** A pack with so much hydrogen that stood beside the old one: at rest with the air, all its cylinders open. */
export function packAtRest(hydrogenKg: number, ambientC: number): PackState {
  return {
    hydrogenKg,
    gasC: ambientC,
    wallC: ambientC,
    drawnKg: 0,
    exchanges: 0,
    exchangedKg: 0,
    closedCylinders: 0,
    closedKg: 0,
    lossNlPerMin: 0,
    lostKg: 0,
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

/**
 * One step of a pack from which `drawNlPerMin` is drawn. Mass is exact; the temperatures are those of constant weather
 * and of the step's mean mass, so a step of a minute ends where sixty of a second do (pack.test.ts says how closely).
 * Nothing flows out below atmospheric pressure.
 */
export function stepPack(
  setup: Cylinders,
  state: PackState,
  weather: Pick<Weather, 'ambientC' | 'globalWPerM2'>,
  drawNlPerMin: number,
  dtSeconds: number,
): PackState {
  const { hydrogenKg, lossNlPerMin } = state;
  const outNlPerMin = drawNlPerMin + lossNlPerMin;
  let outKg = (outNlPerMin / 60_000) * kgPerNormalCubicMetre * dtSeconds;
  let expansionW = 0;
  if (outKg > 0) {
    const gaugeMpa = gaugePressureMpa(setup, state);
    const aboveAirKg = (hydrogenKg * gaugeMpa) / (gaugeMpa + atmosphereMpa);
    outKg = Math.min(outKg, Math.max(0, aboveAirKg));
    // Gas that leaves does p/rho of work on its way out: the rest cools by it.
    const volumeM3PerKg = openVolumeM3(setup, state) / hydrogenKg;
    expansionW = (outKg / dtSeconds) * (gaugeMpa + atmosphereMpa) * 1e6 * volumeM3PerKg;
  }
  const lostKg = lossNlPerMin === 0 ? 0 : (outKg * lossNlPerMin) / outNlPerMin;
  const cylinders = setup.openCylinders - state.closedCylinders;
  const { gasC, wallC } = relax(state, weather.ambientC, dtSeconds, {
    gasJPerK: (hydrogenKg - outKg / 2) * isochoricJPerKgK,
    wallJPerK: cylinders * wallJPerK,
    gasToWallWPerK: cylinders * gasToWallWPerK,
    wallToAirWPerK: cylinders * wallToAirWPerK,
    intoGasW: -expansionW,
    intoWallW: cylinders * sunAreaM2 * weather.globalWPerM2,
  });
  return {
    ...state,
    hydrogenKg: hydrogenKg - outKg,
    drawnKg: state.drawnKg + (outKg - lostKg),
    lostKg: state.lostKg + lostKg,
    gasC,
    wallC,
  };
}

/** The pack is exchanged for one with `hydrogenKg`; what was drawn and lost, and the leak, go on being counted. */
export function exchanged(state: PackState, hydrogenKg: number, ambientC: number): PackState {
  return {
    ...packAtRest(hydrogenKg, ambientC),
    drawnKg: state.drawnKg,
    lossNlPerMin: state.lossNlPerMin,
    lostKg: state.lostKg,
    exchanges: state.exchanges + 1,
    exchangedKg: state.exchangedKg + hydrogenKg - state.hydrogenKg - state.closedKg,
  };
}

/** Closes the valves of `count` more cylinders. Throws a RangeError when none would stay open. */
export function closeCylinders(setup: Cylinders, state: PackState, count: number): PackState {
  const open = setup.openCylinders - state.closedCylinders;
  if (!Number.isInteger(count) || count < 1 || count >= open)
    throw new RangeError(`${count} of ${open} open cylinders cannot be closed: one stays open`);
  const takenKg = (state.hydrogenKg * count) / open;
  return {
    ...state,
    hydrogenKg: state.hydrogenKg - takenKg,
    closedCylinders: state.closedCylinders + count,
    closedKg: state.closedKg + takenKg,
  };
}

/** Opens every closed cylinder: pressures equalise at once, and the inner energy (of an ideal gas) is that of both. */
export function openCylinders(state: PackState): PackState {
  const { hydrogenKg, closedKg, gasC, wallC } = state;
  return {
    ...state,
    hydrogenKg: hydrogenKg + closedKg,
    gasC: (hydrogenKg * gasC + closedKg * wallC) / (hydrogenKg + closedKg),
    closedCylinders: 0,
    closedKg: 0,
  };
}
