import { density, relativeUncertainty } from './nist2008.ts';
import { gaugeMpa, kelvin, toAbsolute, type GaugeMpa } from './pressure.ts';
import {
  gasDifferenceK,
  type PressureErrors,
  pressureErrors,
  standardThermometerK,
  type SensorChain,
} from './sensor-chain.ts';

/** Everything that turns a reading into kilograms, besides the reading. */
export interface PackGeometry {
  readonly openCylinders: number;
  readonly cylinderLitres: number;
  readonly chain: SensorChain;
  /** The pack must still read 1 MPa after cooling to this; see `stopPressure`. */
  readonly stopReferenceC: number;
}

/** Where a pack was measured: MPa gauge, degC. */
export interface OperatingPoint {
  readonly pressureMpa: number;
  readonly temperatureC: number;
}

/**
 * An error budget (GUM 5.1.2): what one standard uncertainty of each independent source does to a figure, in the
 * figure's unit and with its sign. Budgets of two figures that share their instruments can be subtracted source by
 * source; that is what makes the difference of two masses so much surer than either.
 */
export interface Budget extends Readonly<Record<keyof PressureErrors, number>> {
  readonly thermometer: number;
  readonly gasDifference: number;
  readonly volume: number;
  readonly equation: number;
}

export const noError: Budget = {
  zero: 0,
  span: 0,
  temperatureCoefficient: 0,
  shunt: 0,
  adcGain: 0,
  adcOffset: 0,
  reading: 0,
  thermometer: 0,
  gasDifference: 0,
  volume: 0,
  equation: 0,
};

export function volumeM3(pack: PackGeometry): number {
  return (pack.openCylinders * pack.cylinderLitres) / 1000;
}

export function massKg(pack: PackGeometry, pressure: GaugeMpa, temperatureC: number): number {
  return density(toAbsolute(pressure), kelvin(temperatureC)) * volumeM3(pack);
}

const stepMpa = 1e-4;
const stepK = 1e-3;

/** dm/dT at constant pressure, kg/K: negative. */
export function massPerKelvin(pack: PackGeometry, { pressureMpa, temperatureC }: OperatingPoint) {
  const here = massKg(pack, gaugeMpa(pressureMpa), temperatureC);
  return (massKg(pack, gaugeMpa(pressureMpa), temperatureC + stepK) - here) / stepK;
}

/** dm/dp at constant temperature, kg/MPa. */
export function massPerMpa(pack: PackGeometry, { pressureMpa, temperatureC }: OperatingPoint) {
  const here = massKg(pack, gaugeMpa(pressureMpa), temperatureC);
  return (massKg(pack, gaugeMpa(pressureMpa + stepMpa), temperatureC) - here) / stepMpa;
}

/** Budget of the mass in the pack, kg. */
export function massBudget(pack: PackGeometry, at: OperatingPoint): Budget {
  const { chain } = pack;
  const pressure = gaugeMpa(at.pressureMpa);
  const errors = pressureErrors(chain.instrument, pressure, at.temperatureC);
  const perMpa = massPerMpa(pack, at);
  return {
    ...fixedPressureBudget(pack, () => pressure, at.temperatureC),
    zero: perMpa * errors.zero,
    span: perMpa * errors.span,
    temperatureCoefficient: perMpa * errors.temperatureCoefficient,
    shunt: perMpa * errors.shunt,
    adcGain: perMpa * errors.adcGain,
    adcOffset: perMpa * errors.adcOffset,
    reading: perMpa * errors.reading,
  };
}

/** Budget of the mass at a pressure that is defined, not measured (the residual, the stop pressure), kg. */
export function fixedPressureBudget(
  pack: PackGeometry,
  pressureAt: (temperatureC: number) => GaugeMpa,
  temperatureC: number,
): Budget {
  const { chain } = pack;
  const here = massKg(pack, pressureAt(temperatureC), temperatureC);
  const warmer = temperatureC + stepK;
  const perK = (massKg(pack, pressureAt(warmer), warmer) - here) / stepK;
  return {
    ...noError,
    thermometer: perK * standardThermometerK(chain.thermometer, temperatureC),
    gasDifference: perK * gasDifferenceK(chain.placement),
    volume: (here * chain.volumePercent) / 100 / Math.sqrt(3),
    equation: (here * relativeUncertainty) / 2,
  };
}

export function mapBudget(
  budget: Budget,
  change: (effect: number, source: keyof Budget) => number,
) {
  return {
    zero: change(budget.zero, 'zero'),
    span: change(budget.span, 'span'),
    temperatureCoefficient: change(budget.temperatureCoefficient, 'temperatureCoefficient'),
    shunt: change(budget.shunt, 'shunt'),
    adcGain: change(budget.adcGain, 'adcGain'),
    adcOffset: change(budget.adcOffset, 'adcOffset'),
    reading: change(budget.reading, 'reading'),
    thermometer: change(budget.thermometer, 'thermometer'),
    gasDifference: change(budget.gasDifference, 'gasDifference'),
    volume: change(budget.volume, 'volume'),
    equation: change(budget.equation, 'equation'),
  };
}

/** Budget of a - b where both were measured at one moment: every source is shared. */
export function minus(a: Budget, b: Budget): Budget {
  return mapBudget(a, (effect, source) => effect - b[source]);
}

export function plus(a: Budget, b: Budget): Budget {
  return mapBudget(a, (effect, source) => effect + b[source]);
}

export function times(budget: Budget, factor: number): Budget {
  return mapBudget(budget, (effect) => effect * factor);
}

/** Standard uncertainty of the figure: its effects in quadrature. */
export function standardUncertainty(budget: Budget): number {
  return Math.hypot(...Object.values(budget));
}

/**
 * Budget of the change from b to a, measured at two times. Instruments keep their errors; an eye looks anew, and the
 * gas's difference from the thermometer is as alike as `likeness` says (1: the same still, 0: independent).
 */
export function change(a: Budget, b: Budget, likeness: number): Budget {
  const apart = (x: number, y: number, alike: number) =>
    Math.sqrt(Math.max(0, x * x + y * y - 2 * alike * x * y));
  return {
    ...minus(a, b),
    reading: apart(a.reading, b.reading, 0),
    gasDifference: apart(a.gasDifference, b.gasDifference, likeness),
  };
}
