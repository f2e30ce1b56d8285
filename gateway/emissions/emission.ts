import { dividedBy, type Exact, minus, plus, times, whole, zero } from './exact.ts';

/** kg-CO2, exact. The reduction keeps its sign. */
export interface Emissions {
  readonly baselineKg: Exact;
  readonly projectKg: Exact;
  readonly reductionKg: Exact;
}

/**
 * EL = generated - sold - auxiliary, Wh; negative where more left than came. `auxiliaryWh` is left out where it is
 * treated as incidental.
 */
export function replacedWh(generatedWh: number, soldWh: number, auxiliaryWh = 0): number {
  return generatedWh - soldWh - auxiliaryWh;
}

/** PV (EN-R-002): what is used at home replaces grid power; the main project emission is 0. Factor in t-CO2/kWh. */
export function pvEmissions(elWh: number | bigint, electricity: Exact): Emissions {
  const baselineKg = electricityKg(elWh, electricity);
  return { baselineKg, projectKg: zero, reductionKg: baselineKg };
}

/** t-CO2/kWh times Wh are kg: a thousand kg in the tonne, a thousand Wh in the kWh. */
function electricityKg(wh: number | bigint, factor: Exact): Exact {
  return times(whole(wh), factor);
}

/** What a fuel cell took and gave beside electricity, all metered, and on one basis (HHV). */
export interface FuelAndHeat {
  /** Fuel, dm3 at the reference state of `heatingValue`. */
  readonly gasDm3: number | bigint;
  /** Useful heat, kJ. */
  readonly heatKj: number | bigint;
  /** Efficiency of the boiler it replaces, a share of 1. */
  readonly boilerEfficiency: Exact;
  /** GJ (HHV) per 1,000 Nm3. */
  readonly heatingValue: Exact;
  /** t-CO2/GJ. */
  readonly fuel: Exact;
}

/**
 * Household fuel cell (EN-S-007; the formula is inferred): electricity and the heat of a boiler are replaced, the fuel
 * is burnt. EM_BL = EL CEF + Q / eta CEF_fuel, EM_PJ = F HV CEF_fuel.
 */
export function fuelCellEmissions(
  elWh: number | bigint,
  electricity: Exact,
  { gasDm3, heatKj, boilerEfficiency, heatingValue, fuel }: FuelAndHeat,
): Emissions {
  // kJ x t/GJ: 10^-6 GJ in the kJ, 10^3 kg in the tonne. dm3 x GJ/1,000 m3 x t/GJ: the same.
  const perThousand = (value: Exact): Exact => dividedBy(value, whole(1_000));
  const heatKg = perThousand(times(dividedBy(whole(heatKj), boilerEfficiency), fuel));
  const baselineKg = plus(electricityKg(elWh, electricity), heatKg);
  const projectKg = perThousand(times(times(whole(gasDm3), heatingValue), fuel));
  return { baselineKg, projectKg, reductionKg: minus(baselineKg, projectKg) };
}

/** GJ (HHV) per 1,000 Nm3 of town gas 13A (Tokyo Gas; 0 degC, 101.325 kPa): facts/jcredit.md. */
export const townGasHeatingValue: Exact = whole(45);
