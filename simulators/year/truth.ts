import type { YearSpan } from './calendar.ts';
import type { Home } from './home.ts';
import type { Amounts } from './house.ts';
import type { HomePlan } from './plan.ts';

/** Of the year's own factor table, class `fixture`: nobody published it. */
export const yearFactors = { tonnesPerKwh: '0.000437', townGasTonnesPerGj: '0.05' } as const;

/**
 * What may be credited of a year, from what the simulator itself knows: of the roofs, whose claim is `claim/`, and of the
 * fuel cells, where there are any.
 */
export function truthOf(homes: readonly Home[], { fiscalYear }: YearSpan) {
  const cells = of(homes, 'fuel-cell');
  return {
    fiscalYear,
    factors: yearFactors,
    ...of(homes, 'pv'),
    fuelCells: cells.members.length === 0 ? null : cells,
  };
}

function of(homes: readonly Home[], kind: HomePlan['kind']) {
  const members = homes.filter(({ plan }) => plan.kind === kind);
  const tenths = members.reduce((sum, { creditable }) => sum + tenthsOfMilligrams(creditable), 0n);
  return {
    elWh: members.reduce((sum, { creditable }) => sum + elWh(creditable), 0),
    reductionKg: decimal(tenths, 7),
    tonnes: Number(tenths / 10_000_000_000n),
    members: members.map(({ plan, creditable }) => ({
      member: plan.member,
      elWh: elWh(creditable),
      gasDm3: creditable.gasDm3,
      heatKj: creditable.heatKj,
      ends: plan.endsAt?.why ?? null,
      faults: plan.faults.map((fault) => fault.kind),
    })),
  };
}

function elWh({ generatedWh, soldWh }: Amounts): number {
  return generatedWh - soldWh;
}

/**
 * 437 mg for each Wh. Heat through a boiler of 80 %: 1 kJ / 0.8 x 50 mg/kJ is 62.5 mg. Gas of 45 kJ/dm3: 2,250 mg/dm3.
 */
function tenthsOfMilligrams(amounts: Amounts): bigint {
  const { heatKj, gasDm3 } = amounts;
  return BigInt(elWh(amounts)) * 4_370n + BigInt(heatKj) * 625n - BigInt(gasDm3) * 22_500n;
}

/** An exact decimal without trailing zeros, of what is not negative. */
function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const whole = digits.slice(0, -places);
  const part = digits.slice(-places).replace(/0+$/, '');
  return part === '' ? whole : `${whole}.${part}`;
}
