import {
  density,
  equationName,
  insideRange,
  pressureAtDensity,
  relativeUncertainty,
} from './nist2008.ts';
import { gaugeMpa, kelvin, toAbsolute, toGauge, type GaugeMpa } from './pressure.ts';
import { standardUncertainties, type SensorChain } from './sensor-chain.ts';

/** What must stay in the pack: the notice's section 3(3) asks for 1 MPa or more, read on a gauge. */
export const residualPressureMpa = gaugeMpa(1);

/** Hydrogen per normal cubic metre (0 degC, 101.325 kPa). */
const kgPerNormalCubicMetre = 0.0898822;

/** Everything that turns a reading into kilograms, besides the reading. */
export interface PackGeometry {
  readonly openCylinders: number;
  readonly cylinderLitres: number;
  readonly chain: SensorChain;
  /** The pack must still read 1 MPa after cooling to this; see `stopPressure`. */
  readonly stopReferenceC: number;
}

/** Kilograms; uncertainties are expanded, k = 2. */
export interface Inventory {
  readonly totalKg: number;
  readonly usableKg: number;
  readonly usableBeforeStopKg: number;
  readonly residualKg: number;
  readonly expandedUncertaintyKg: number;
  readonly usableExpandedUncertaintyKg: number;
  readonly normalCubicMetres: number;
  readonly equation: string;
}

function volumeM3(pack: PackGeometry): number {
  return (pack.openCylinders * pack.cylinderLitres) / 1000;
}

function massKg(pack: PackGeometry, pressure: GaugeMpa, temperatureC: number): number {
  return density(toAbsolute(pressure), kelvin(temperatureC)) * volumeM3(pack);
}

/**
 * One stop pressure for stop signal, usable-before-stop and time to stop: what the gauge must show now so that the
 * pack, cooled at constant mass to the reference temperature, still reads 1.0 MPa, plus the expanded uncertainty of
 * the pressure. Never below 1 MPa plus that uncertainty, however cold it is now.
 */
export function stopPressure(pack: PackGeometry, temperatureC: number): GaugeMpa {
  const atReference = density(toAbsolute(residualPressureMpa), kelvin(pack.stopReferenceC));
  const now = toGauge(pressureAtDensity(atReference, kelvin(temperatureC)));
  const { pressureMpa } = standardUncertainties(pack.chain, residualPressureMpa, temperatureC);
  return gaugeMpa(Math.max(now, residualPressureMpa) + 2 * pressureMpa);
}

/**
 * Hydrogen in the pack at a gauge pressure and gas temperature; undefined outside the equation's range
 * (-53 degC and up, above vacuum, at most 70 MPa absolute).
 */
export function inventory(
  pack: PackGeometry,
  pressure: GaugeMpa,
  temperatureC: number,
): Inventory | undefined {
  if (!insideRange(toAbsolute(pressure), kelvin(temperatureC))) return undefined;
  const totalKg = massKg(pack, pressure, temperatureC);
  const residualKg = massKg(pack, residualPressureMpa, temperatureC);
  const atStopKg = massKg(pack, stopPressure(pack, temperatureC), temperatureC);
  const uncertainty = propagate(pack, pressure, temperatureC);
  return {
    totalKg,
    usableKg: Math.max(0, totalKg - residualKg),
    usableBeforeStopKg: Math.max(0, totalKg - atStopKg),
    residualKg,
    expandedUncertaintyKg: 2 * uncertainty.totalKg,
    usableExpandedUncertaintyKg: 2 * uncertainty.usableKg,
    normalCubicMetres: totalKg / kgPerNormalCubicMetre,
    equation: equationName,
  };
}

/**
 * Standard uncertainties of total and usable mass (GUM 5.1.2: sensitivities times input uncertainties, in quadrature).
 * Usable is a difference of two masses at one temperature in one volume, so both move together and partly cancel.
 */
function propagate(
  pack: PackGeometry,
  pressure: GaugeMpa,
  temperatureC: number,
): { totalKg: number; usableKg: number } {
  const inputs = standardUncertainties(pack.chain, pressure, temperatureC);
  const stepMpa = 1e-4;
  const stepK = 1e-3;
  const total = massKg(pack, pressure, temperatureC);
  const residual = massKg(pack, residualPressureMpa, temperatureC);
  const perMpa = (massKg(pack, gaugeMpa(pressure + stepMpa), temperatureC) - total) / stepMpa;
  const perK = (massKg(pack, pressure, temperatureC + stepK) - total) / stepK;
  const residualPerK = (massKg(pack, residualPressureMpa, temperatureC + stepK) - residual) / stepK;
  const scale = Math.hypot(inputs.relativeVolume, relativeUncertainty / 2);
  return {
    totalKg: Math.hypot(perMpa * inputs.pressureMpa, perK * inputs.temperatureK, total * scale),
    usableKg: Math.hypot(
      perMpa * inputs.pressureMpa,
      (perK - residualPerK) * inputs.temperatureK,
      (total - residual) * scale,
    ),
  };
}
