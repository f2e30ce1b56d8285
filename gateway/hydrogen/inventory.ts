import {
  fixedPressureBudget,
  massBudget,
  massKg,
  minus,
  standardUncertainty,
  type Budget,
  type PackGeometry,
} from './budget.ts';
import { equationName, insideRange } from './nist2008.ts';
import { gaugeMpa, kelvin, toAbsolute, type GaugeMpa } from './pressure.ts';
import { residualPressureMpa, stopPressure } from './stop.ts';

/** Hydrogen per normal cubic metre (0 degC, 101.325 kPa). */
export const kgPerNormalCubicMetre = 0.0898822;

/** Kilograms; uncertainties are expanded, k = 2. */
export interface Inventory {
  readonly totalKg: number;
  readonly usableKg: number;
  readonly usableBeforeStopKg: number;
  readonly residualKg: number;
  readonly expandedUncertaintyKg: number;
  readonly usableExpandedUncertaintyKg: number;
  readonly usableBeforeStopExpandedUncertaintyKg: number;
  readonly residualExpandedUncertaintyKg: number;
  readonly normalCubicMetres: number;
  readonly equation: string;
}

/** The budgets behind an inventory, kg. */
export interface InventoryBudgets {
  readonly total: Budget;
  readonly usable: Budget;
  readonly usableBeforeStop: Budget;
  readonly residual: Budget;
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
  const budgets = inventoryBudgets(pack, pressure, temperatureC);
  const expanded = (budget: Budget) => 2 * standardUncertainty(budget);
  return {
    totalKg,
    usableKg: Math.max(0, totalKg - residualKg),
    usableBeforeStopKg: Math.max(0, totalKg - atStopKg),
    residualKg,
    expandedUncertaintyKg: expanded(budgets.total),
    usableExpandedUncertaintyKg: expanded(budgets.usable),
    usableBeforeStopExpandedUncertaintyKg: expanded(budgets.usableBeforeStop),
    residualExpandedUncertaintyKg: expanded(budgets.residual),
    normalCubicMetres: totalKg / kgPerNormalCubicMetre,
    equation: equationName,
  };
}

/** Usable masses are differences at one temperature in one volume: both masses move together and partly cancel. */
export function inventoryBudgets(
  pack: PackGeometry,
  pressure: GaugeMpa,
  temperatureC: number,
): InventoryBudgets {
  const total = massBudget(pack, { pressureMpa: pressure, temperatureC });
  const residual = fixedPressureBudget(pack, () => residualPressureMpa, temperatureC);
  const atStop = fixedPressureBudget(pack, (celsius) => stopPressure(pack, celsius), temperatureC);
  return {
    total,
    residual,
    usable: minus(total, residual),
    usableBeforeStop: minus(total, atStop),
  };
}

/**
 * Mass of a lawfully full pack, kg: 19.6 MPa gauge is a pressure at 35 degC, so the full mass is that isochore's at any
 * temperature.
 */
export function fullReferenceKg(pack: PackGeometry, fillingPressureMpa: number): number {
  return massKg(pack, gaugeMpa(fillingPressureMpa), 35);
}
