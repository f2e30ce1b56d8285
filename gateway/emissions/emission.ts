import { type Exact, minus, plus, times, whole, zero } from './exact.ts';
import type { FuelFactors } from './fuel.ts';

/** kg-CO2, exact. The reduction keeps its sign. */
export interface Emissions {
  readonly baselineKg: Exact;
  readonly projectKg: Exact;
  readonly reductionKg: Exact;
}

/** What is multiplied once: Wh that replace grid power, dm3 of fuel as metered, kJ of useful heat. */
export interface Amounts {
  readonly elWh: number | bigint;
  readonly gasDm3: number | bigint;
  readonly heatKj: number | bigint;
}

export interface EmissionFactors {
  /** t-CO2/kWh. */
  readonly electricity: Exact;
  /** Of fuel cells; null for what burns nothing. */
  readonly fuel: FuelFactors | null;
}

/**
 * EL = generated - sold - auxiliary, Wh; negative where more left than came. `auxiliaryWh` is left out where it is
 * treated as incidental.
 */
export function replacedWh(generatedWh: number, soldWh: number, auxiliaryWh = 0): number {
  return generatedWh - soldWh - auxiliaryWh;
}

/**
 * PV (EN-R-002): what is used at home replaces grid power; the main project emission is 0. Household fuel cell
 * (EN-S-007; the formula is inferred): electricity and the heat of a boiler are replaced, the fuel is burnt.
 * EM_BL = EL CEF + Q / eta CEF_fuel, EM_PJ = F HV CEF_fuel.
 */
export function emissionsOf(
  { elWh, gasDm3, heatKj }: Amounts,
  { electricity, fuel }: EmissionFactors,
): Emissions {
  // t-CO2/kWh times Wh are kg: a thousand kg in the tonne, a thousand Wh in the kWh.
  const electricityKg = times(whole(elWh), electricity);
  if (fuel === null)
    return { baselineKg: electricityKg, projectKg: zero, reductionKg: electricityKg };
  const baselineKg = plus(electricityKg, times(whole(heatKj), fuel.heat));
  const projectKg = times(whole(gasDm3), fuel.gas);
  return { baselineKg, projectKg, reductionKg: minus(baselineKg, projectKg) };
}
