import type { FuelCellConfig } from '../config/reduction.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { exact } from '../emissions/exact.ts';
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

/** The numbers as they were written. */
export function fuelTermsOf(config: FuelCellConfig): FuelTerms {
  const { fuel, boilerEfficiency, heatingValue, gasMeter } = config;
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
