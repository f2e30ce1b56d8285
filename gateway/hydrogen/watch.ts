import { standardUncertainty, type PackGeometry } from './budget.ts';
import { hourMs, type Point } from './flow.ts';
import { drawn, stretchBudget } from './ledger/drawn.ts';
import type { HourPoint } from './ledger/state.ts';
import { density, pressureAtDensity } from './nist2008.ts';
import { gaugeMpa, kelvin, toAbsolute } from './pressure.ts';

const dayHours = 24;
const toleranceMs = 2 * 60_000;
const longestDays = 3;
/** Standard uncertainties that an idle day's loss must exceed: 30 quiet days give no alarm (README, "Idle"). */
const lossFactor = 3;

/** A loss on idle days, kg a day, over so many whole days. */
export interface IdleLoss {
  readonly days: number;
  readonly kgPerDay: number;
  readonly expandedUncertaintyKgPerDay: number;
}

/**
 * Mass that fell while nothing was seen drawn, over whole days, so that what the hour of day does to the readings is the
 * same at both ends. Undefined when there is none.
 */
export function idleLoss(
  pack: PackGeometry,
  hours: readonly HourPoint[],
): IdleLoss | 'not-observable' | undefined {
  const newest = hours.at(-1);
  let looked = false;
  if (newest === undefined) return 'not-observable';
  for (let days = 1; days <= longestDays; days += 1) {
    const then = newest.at - days * dayHours * hourMs;
    const first = hours.findIndex(({ at }) => Math.abs(at - then) <= toleranceMs);
    const start = hours[first];
    if (start === undefined || hours.slice(first + 1).some(({ drawing }) => drawing))
      return undefined;
    const lossKg = start.kg - newest.kg;
    const u = standardUncertainty(stretchBudget({ pack, from: start, to: newest }));
    if (lossKg > lossFactor * u)
      return { days, kgPerDay: lossKg / days, expandedUncertaintyKgPerDay: (2 * u) / days };
  }
  return looked ? undefined : 'not-observable';
}

/** How pressure follows temperature at constant mass, MPa/K: 0.069 in a full pack, 0.004 at 1 MPa. */
export function isochoreMpaPerKelvin({ pressureMpa, temperatureC }: Point): number {
  const held = density(toAbsolute(gaugeMpa(pressureMpa)), kelvin(temperatureC));
  const stepK = 0.01;
  const warmer = pressureAtDensity(held, kelvin(temperatureC + stepK));
  return (warmer - toAbsolute(gaugeMpa(pressureMpa))) / stepK;
}

const leastSwingK = 3;
const followsShare = 0.3;

export type StuckVerdict = 'stuck' | 'moves' | 'not-observable';

/**
 * Whether the pressure follows the temperature at all, over the points of up to a day. Where the transmitter's own
 * temperature coefficient could make up the share that is asked for, or the temperature hardly moved, nothing can be said.
 */
export function stuck(pack: PackGeometry, points: readonly Point[]): StuckVerdict {
  const newest = points.at(-1);
  const { instrument } = pack.chain;
  if (newest === undefined || instrument.kind === 'needle') return 'not-observable';
  const pressures = extent(points.map(({ pressureMpa }) => pressureMpa));
  const swingK = extent(points.map(({ temperatureC }) => temperatureC));
  const follows = followsShare * isochoreMpaPerKelvin(newest);
  const driftMpaPerK = ((instrument.coefficientPercentPer10K / 100) * instrument.spanMpa) / 10;
  if (pressures >= follows * swingK && pressures > 0) return 'moves';
  if (swingK < leastSwingK || follows <= driftMpaPerK) return 'not-observable';
  return 'stuck';
}

function extent(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
}

/** What a metered or declared draw says about the gauge and the cylinders. */
export type DrawVerdict =
  | { readonly kind: 'agrees' | 'not-observable' }
  | { readonly kind: 'no-fall'; readonly expectedKg: number; readonly fellKg: number }
  | { readonly kind: 'cylinders'; readonly openCylinders: number; readonly expanded: number };

/**
 * Compares the fall of the computed mass with what a meter counted (or a person declared) as drawn. No fall at all: the
 * gauge's root valve is closed, since trapped gas follows temperature just as the pack does. A fall larger than the draw:
 * the volume is smaller than assumed, so cylinders are closed; the ratio says how many are open.
 */
export function compareDraw(
  pack: PackGeometry,
  from: Point,
  to: Point,
  expected: { readonly kg: number; readonly expandedUncertaintyKg: number },
): DrawVerdict {
  const fall = drawn([{ pack, from, to }]);
  const uncertain = Math.hypot(fall.expandedUncertaintyKg, expected.expandedUncertaintyKg);
  if (expected.kg <= 2 * uncertain) return { kind: 'not-observable' };
  if (fall.kg <= uncertain) return { kind: 'no-fall', expectedKg: expected.kg, fellKg: fall.kg };
  const share = expected.kg / fall.kg;
  const relative = Math.hypot(
    fall.expandedUncertaintyKg / fall.kg,
    expected.expandedUncertaintyKg / expected.kg,
  );
  const half = 0.5 / pack.openCylinders;
  if (1 - share <= Math.max(relative, half)) return { kind: 'agrees' };
  const openCylinders = Math.max(1, Math.round(share * pack.openCylinders));
  return { kind: 'cylinders', openCylinders, expanded: relative * pack.openCylinders };
}

/** The gauge pressure that a pack's gas would show at another temperature, MPa. */
export function pressureAtMpa(point: Point, temperatureC: number): number {
  const held = density(toAbsolute(gaugeMpa(point.pressureMpa)), kelvin(point.temperatureC));
  return pressureAtDensity(held, kelvin(temperatureC)) - toAbsolute(gaugeMpa(0));
}
