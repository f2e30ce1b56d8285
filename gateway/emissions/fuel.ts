import { dividedBy, type Exact, exact, plus, times, whole } from './exact.ts';
import type { AppliedFactor, MissingFactor } from './factor-rule.ts';
import {
  type FactorClass,
  factorOf,
  type FactorRow,
  type FactorSymbol,
  valueOf,
} from './factor.ts';
import type { Fuel } from './methodology.ts';

/** What a gas meter measures at; pressure as a gauge shows it, kPa above 101.325. */
export interface GasConditions {
  readonly temperatureC: Exact;
  readonly gaugePressureKpa: Exact;
}

/** What the formula of a fuel cell needs beside registers and factors; all of it on one basis (HHV). */
export interface FuelTerms {
  readonly fuel: Fuel;
  /** Of the boiler that it replaces, a share of 1. */
  readonly boilerEfficiency: Exact;
  /** GJ (HHV) per 1,000 Nm3. */
  readonly heatingValue: Exact;
  readonly gas: GasConditions;
}

const zeroCelsiusK = exact('273.15');
const standardKpa = exact('101.325');

/** Nm3 (0 degC, 101.325 kPa) in the m3 of a meter: 273.15 / (273.15 + T) x (101.325 + p) / 101.325 (facts/jcredit.md). */
export function normalVolume({ temperatureC, gaugePressureKpa }: GasConditions): Exact {
  const cooled = dividedBy(zeroCelsiusK, plus(zeroCelsiusK, temperatureC));
  return times(cooled, dividedBy(plus(standardKpa, gaugePressureKpa), standardKpa));
}

/** What heat and fuel are multiplied by. */
export interface FuelFactors {
  /** kg-CO2 of the replaced boiler per kJ of useful heat: CEF_fuel / eta. */
  readonly heat: Exact;
  /** kg-CO2 per dm3 that the gas meter counted: HV x CEF_fuel, at the meter's conditions. */
  readonly gas: Exact;
}

/** @param cef of the fuel, t-CO2/GJ. */
export function fuelFactors(
  { boilerEfficiency, heatingValue, gas }: FuelTerms,
  cef: Exact,
): FuelFactors {
  // kJ x t/GJ: 10^-6 GJ in the kJ, 10^3 kg in the tonne. dm3 x GJ/1,000 m3 x t/GJ: the same.
  const perThousand = dividedBy(cef, whole(1_000));
  return {
    heat: dividedBy(perThousand, boilerEfficiency),
    gas: times(times(perThousand, heatingValue), normalVolume(gas)),
  };
}

const symbols: Readonly<Record<Fuel, FactorSymbol>> = {
  'town-gas': 'CEF_town_gas',
  lpg: 'CEF_lpg',
};

/** The CO2 factor of a fuel, t-CO2/GJ, or which one the table lacks. */
export function fuelFactorOf(
  table: readonly FactorRow[],
  { fuel, fiscalYear, class: wanted }: { fuel: Fuel; fiscalYear: number; class: FactorClass },
): AppliedFactor | MissingFactor {
  const symbol = symbols[fuel];
  const found = factorOf(table, { symbol, fiscalYear, class: wanted });
  if (found === undefined) return { missing: symbol, fiscalYear };
  const { row, provisional } = found;
  return { value: valueOf(row), rows: [row], provisional: provisional ? [row] : [] };
}

/** GJ (HHV) per 1,000 Nm3 of town gas 13A (Tokyo Gas; 0 degC, 101.325 kPa): facts/jcredit.md. */
export const townGasHeatingValue: Exact = whole(45);
