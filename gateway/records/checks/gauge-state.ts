import type { ConfiguredPack } from '../../derive/pack.ts';
import { insideRange } from '../../hydrogen/nist2008.ts';
import { atmosphereMpa, gaugeMpa, kelvin, toAbsolute } from '../../hydrogen/pressure.ts';
import type { Mistake } from '../refusal.ts';

/** A pack's state as somebody read it: MPa gauge, degC. */
export interface ReadState {
  readonly pressureMpa: number;
  readonly temperatureC: number;
}

/** What the transmitter showed at the time, and by how much the two may differ (both tolerances). */
export interface Shown {
  readonly pressureMpa: number;
  readonly toleranceMpa: number;
}

/** Above this no thermometer on a pack was ever right: kelvin, or degrees Fahrenheit of a hot day. */
const hottestC = 85;
/** Sea-level weather and the rounding of a display, MPa. */
const weatherMpa = 0.01;
const mpaPerBar = 0.1;
/** 1 kgf/cm2 = 0.0980665 MPa, exactly (standard gravity). */
const mpaPerKgfPerCm2 = 0.0980665;

/** What is wrong with a state read by eye; `prefix` names the object it stands in. */
export function stateMistakes(
  pack: ConfiguredPack,
  { pressureMpa, temperatureC }: ReadState,
  prefix = '',
  shown?: Shown,
): Mistake[] {
  const of = (field: string, value: number, detail: string | undefined): Mistake[] =>
    detail === undefined ? [] : [{ field: `${prefix}${field}`, value, detail }];
  return [
    ...of('temperatureC', temperatureC, temperatureMistake(temperatureC)),
    ...of(
      'pressureMpa',
      pressureMpa,
      pressureMistake(pack, pressureMpa) ?? absoluteMistake(pack, pressureMpa, shown),
    ),
  ];
}

function temperatureMistake(celsius: number): string | undefined {
  if (celsius > hottestC)
    return `is more than ${hottestC} degC: write degrees Celsius, not kelvin or Fahrenheit`;
  if (insideRange(toAbsolute(gaugeMpa(1)), kelvin(celsius))) return undefined;
  return 'is outside the range of the equation of state (-53 degC and up)';
}

/** A needle stops at zero and at the end of its scale: what lies beyond was not read from it. */
function pressureMistake(pack: ConfiguredPack, mpa: number): string | undefined {
  if (mpa < 0) return 'is below zero: a gauge shows 0 in the open air';
  const { config } = pack;
  const { spanMpa } = pack.manual.geometry.chain.instrument;
  const mostMpa =
    config.gauge.spanMpa ?? Math.max(spanMpa, (config.fillingPressureMpa * spanMpa) / 19.6);
  if (mpa > mostMpa)
    return `is more than the gauge's scale of ${round(mostMpa)} MPa: ${round(mpa * mpaPerBar)} MPa if it was bar, ${round(mpa * mpaPerKgfPerCm2)} MPa if it was kgf/cm2`;
  if (insideRange(toAbsolute(gaugeMpa(mpa)), 293)) return undefined;
  return 'is outside the range of the equation of state (at most 70 MPa absolute)';
}

/**
 * An absolute pressure taken for a gauge's is too high by one atmosphere. That can be told from a true reading only where
 * an atmosphere is more than instruments may miss:
 * - near 0.1 MPa on a gauge that cannot show it, because half a division is larger: the needle of an empty pack stands at
 *   0, and an absolute instrument beside it at 0.1. Nothing is lost by asking for the 0.
 * - where the transmitter's value plus one atmosphere fits, its value alone does not, and the tolerances are so small that
 *   both cannot be (an atmosphere is more than twice the two together).
 */
function absoluteMistake(
  pack: ConfiguredPack,
  mpa: number,
  shown: Shown | undefined,
): string | undefined {
  const { instrument } = pack.manual.geometry.chain;
  const atmosphere = Math.abs(mpa - atmosphereMpa) <= weatherMpa;
  if (atmosphere && instrument.kind === 'needle' && instrument.readingMpa > atmosphereMpa / 2)
    return `is the pressure of the open air, and no gauge with half divisions of ${instrument.readingMpa} MPa shows it: an absolute pressure? An empty pack's gauge reads 0`;
  if (shown === undefined || 2 * shown.toleranceMpa >= atmosphereMpa) return undefined;
  const above = mpa - shown.pressureMpa;
  if (Math.abs(above - atmosphereMpa) > shown.toleranceMpa) return undefined;
  return `lies one atmosphere above the transmitter's ${round(shown.pressureMpa)} MPa: an absolute pressure? Write ${round(mpa - atmosphereMpa)} MPa, what a gauge shows`;
}

function round(mpa: number): number {
  return Math.round(mpa * 1000) / 1000;
}

/** No more cylinders can be open than the pack has. */
export function cylinderMistakes({ config }: ConfiguredPack, open: number): Mistake[] {
  if (open >= 1 && open <= config.cylinders) return [];
  const detail = `a number from 1 to ${config.cylinders}, the cylinders of the pack`;
  return [{ field: 'openCylinders', value: open, detail }];
}
