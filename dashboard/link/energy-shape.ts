import type { EnergyBalance, SiteEnergy } from '#gateway/contract';
import { listOf, nullable, shape, text, whole } from './shape.ts';

/** More registers than a site has. */
const mostRegisters = 4_000;

const balance = shape<EnergyBalance>({
  start: whole,
  generatedWh: nullable(whole),
  exportedWh: nullable(whole),
  selfConsumedWh: nullable(whole),
  coveredPercent: whole,
  until: nullable(whole),
});

export const siteEnergyList = shape<{ items: SiteEnergy[] }>({
  items: listOf(
    shape<SiteEnergy>({
      site: text,
      generatedBy: listOf(text, mostRegisters),
      exportedBy: listOf(text, mostRegisters),
      openEvents: whole,
      halfHour: balance,
      today: balance,
      month: balance,
      fiscalYear: balance,
    }),
    500,
  ),
});
