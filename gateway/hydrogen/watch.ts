import { massPerKelvin, standardUncertainty, type PackGeometry } from './budget.ts';
import { hourMs, type Point } from './flow.ts';
import { likeness } from './lag.ts';
import { drawn, stretchBudget } from './ledger/drawn.ts';
import type { HourPoint } from './ledger/state.ts';
import { density, pressureAtDensity } from './nist2008.ts';
import { gaugeMpa, kelvin, toAbsolute } from './pressure.ts';
import { gasDifferenceK, type Placement } from './sensor-chain.ts';

const dayHours = 24;
const fewestHours = 20;
const longestDays = 3;
/** Standard uncertainties that a loss must exceed: looked at every hour, 30 quiet days give no alarm. */
const lossFactor = 4;

/** A loss on idle days, kg a day, over so many days. */
export interface IdleLoss {
  readonly days: number;
  readonly kgPerDay: number;
  readonly expandedUncertaintyKgPerDay: number;
}

/**
 * Mass that fell while nothing was seen drawn: the mean of the last 24 hours against that of 24 hours some days before.
 * Whole days, so that what the hour of day does to the readings is the same in both, and means, because the gas's
 * difference from the thermometer comes and goes within hours. Undefined when there is none.
 */
export function idleLoss(
  pack: PackGeometry,
  hours: readonly HourPoint[],
): IdleLoss | 'not-observable' | undefined {
  const newest = hours.at(-1);
  let looked = false;
  if (newest === undefined) return 'not-observable';
  for (let days = 1; days <= longestDays; days += 1) {
    const earlier = dayBefore(hours, newest.at - days * dayHours * hourMs);
    const later = dayBefore(hours, newest.at);
    const first = earlier[0];
    if (first === undefined || earlier.length < fewestHours || later.length < fewestHours) break;
    if (hours.some(({ at, drawing }) => drawing && at > first.at)) break;
    looked = true;
    const lossKg = mean(earlier).kg - mean(later).kg;
    const u = dayUncertaintyKg(pack, earlier, later);
    if (lossKg > lossFactor * u)
      return { days, kgPerDay: lossKg / days, expandedUncertaintyKgPerDay: (2 * u) / days };
  }
  return looked ? undefined : 'not-observable';
}

function dayBefore(hours: readonly HourPoint[], endMs: number): readonly HourPoint[] {
  return hours.filter(({ at }) => at <= endMs && at > endMs - dayHours * hourMs);
}

function mean(points: readonly Point[]): Point {
  const of = (value: (point: Point) => number) =>
    points.reduce((sum, point) => sum + value(point), 0) / points.length;
  return {
    at: of(({ at }) => at),
    pressureMpa: of(({ pressureMpa }) => pressureMpa),
    temperatureC: of(({ temperatureC }) => temperatureC),
    kg: of(({ kg }) => kg),
  };
}

/** Standard uncertainty of the difference of two days' mean masses, kg. */
function dayUncertaintyKg(
  pack: PackGeometry,
  earlier: readonly Point[],
  later: readonly Point[],
): number {
  const { placement } = pack.chain;
  const [from, to] = [mean(earlier), mean(later)];
  const constant = { ...stretchBudget({ pack, from, to }), reading: 0, gasDifference: 0 };
  const gas = Math.hypot(
    ...[earlier, later].map((day) => meanDifferenceK(placement, day) * massPerKelvin(pack, to)),
  );
  return Math.hypot(standardUncertainty(constant), gas);
}

/** Standard uncertainty of the mean of the gas's difference over some points, K. */
function meanDifferenceK(placement: Placement, points: readonly Point[]): number {
  let alike = 0;
  for (const a of points)
    for (const b of points) alike += likeness(placement, (a.at - b.at) / hourMs);
  return (gasDifferenceK(placement) * Math.sqrt(alike)) / points.length;
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
  // Part of a swing may be the thermometer's place alone: what is left of it the gas must have done.
  const swingK =
    extent(points.map(({ temperatureC }) => temperatureC)) -
    4 * gasDifferenceK(pack.chain.placement);
  const follows = followsShare * isochoreMpaPerKelvin(newest);
  const driftMpaPerK = ((instrument.coefficientPercentPer10K / 100) * instrument.spanMpa) / 10;
  if (swingK < leastSwingK || follows <= driftMpaPerK) return 'not-observable';
  return pressures < follows * swingK ? 'stuck' : 'moves';
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
