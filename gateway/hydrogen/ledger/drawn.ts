import {
  change,
  massBudget,
  noError,
  plus,
  standardUncertainty,
  type Budget,
  type PackGeometry,
} from '../budget.ts';
import { hourMs, type Point } from '../flow.ts';
import { likeness } from '../lag.ts';

/** An amount of hydrogen and its expanded uncertainty (k = 2), kg. */
export interface Amount {
  readonly kg: number;
  readonly expandedUncertaintyKg: number;
}

/** Two points of one segment: what left between them is the fall of the mass. */
export interface Stretch {
  readonly pack: PackGeometry;
  readonly from: Point;
  readonly to: Point;
}

export function stretchBudget({ pack, from, to }: Stretch): Budget {
  const alike = likeness(pack.chain.placement, (to.at - from.at) / hourMs);
  return change(massBudget(pack, from), massBudget(pack, to), alike);
}

/** How far the gas may be from the thermometer is a judgement, and here it decides: a tenth on top (GUM G.4.2). */
const judged = 1.1;

/**
 * What was drawn over stretches that share their instruments: their constant errors add up with their signs, the gas's
 * difference from the thermometer is new in each. Negative where the mass rose within its uncertainty.
 */
export function drawn(stretches: readonly Stretch[]): Amount {
  let kg = 0;
  let constant = noError;
  let changing = 0;
  for (const stretch of stretches) {
    kg += stretch.from.kg - stretch.to.kg;
    const { reading, gasDifference, ...shared } = stretchBudget(stretch);
    constant = plus(constant, { ...shared, reading: 0, gasDifference: 0 });
    changing += reading ** 2 + (judged * gasDifference) ** 2;
  }
  const u = Math.hypot(standardUncertainty(constant), Math.sqrt(changing));
  return { kg, expandedUncertaintyKg: 2 * u };
}

/** What a meter counted, with its class as half-width (rectangular); the register is in whole grams. */
export function meteredAmount(grams: number, classPercent: number): Amount {
  const kg = grams / 1000;
  const u = Math.hypot((kg * classPercent) / 100, 0.001) / Math.sqrt(3);
  return { kg, expandedUncertaintyKg: 2 * u };
}
