import type { FuelCellConfig, FuelCellSettings } from '../config/reduction.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { exact } from '../emissions/exact.ts';
import { dateMs, fiscalYearOf } from '../emissions/fiscal-year.ts';
import type { FuelTerms } from '../emissions/fuel.ts';

/** What is configured of fuel cells, by `{site}/{generator}`. */
export function configuredFuelCells({
  sites,
}: Pick<GatewayConfig, 'sites'>): ReadonlyMap<string, FuelCellConfig> {
  return new Map(
    sites.flatMap(({ id: site, generators }) =>
      generators.flatMap(({ id, reduction: { fuelCell } }) =>
        fuelCell === undefined ? [] : [[`${site}/${id}`, fuelCell] as const],
      ),
    ),
  );
}

/** Sets of settings, the oldest first. */
function history({ earlier, ...now }: FuelCellConfig): FuelCellSettings[] {
  const { fuel } = now;
  return [...earlier.map((each) => ({ ...each, fuel })), now].toSorted((a, b) =>
    (a.validFrom ?? '') < (b.validFrom ?? '') ? -1 : 1,
  );
}

/** The settings of a fiscal year; undefined before the first. */
export function settingsIn(
  config: FuelCellConfig,
  fiscalYear: number,
): FuelCellSettings | undefined {
  return history(config).findLast(({ validFrom = '' }) => validFrom <= `${fiscalYear}-04-01`);
}

/** What a fuel cell is calculated with from a fiscal year on. */
export interface DatedTerms {
  /** 0: from the beginning. */
  readonly fiscalYear: number;
  readonly terms: FuelTerms;
}

/** The oldest first. */
export function datedTerms(config: FuelCellConfig): DatedTerms[] {
  return history(config).map((settings) => ({
    fiscalYear: settings.validFrom === undefined ? 0 : fiscalYearOf(dateMs(settings.validFrom)),
    terms: fuelTermsOf(settings),
  }));
}

/** The numbers as they were written. */
export function fuelTermsOf(settings: FuelCellSettings): FuelTerms {
  const { fuel, boilerEfficiency, heatingValue, gasMeter } = settings;
  return {
    fuel,
    boilerEfficiency: exact(String(boilerEfficiency.value)),
    heatingValue: exact(String(heatingValue.gjPer1000Nm3)),
    gas: {
      temperatureC: exact(String(gasMeter.temperatureC)),
      gaugePressureKpa: exact(String(gasMeter.gaugePressureKpa)),
    },
  };
}
