import type { YearSpan } from './calendar.ts';
import type { Home } from './home.ts';

/** Of the year's own factor table, class `fixture`: nobody published it. */
export const yearFactor = { tonnesPerKwh: '0.000437', milligramsPerWh: 437n } as const;

/** What may be credited of a year, from what the simulator itself knows. */
export function truthOf(homes: readonly Home[], { fiscalYear }: YearSpan) {
  const total = homes.reduce((sum, { creditableWh }) => sum + BigInt(creditableWh), 0n);
  const milligrams = total * yearFactor.milligramsPerWh;
  return {
    fiscalYear,
    factorTonnesPerKwh: yearFactor.tonnesPerKwh,
    elWh: Number(total),
    reductionKg: decimal(milligrams, 6),
    tonnes: Number(milligrams / 1_000_000_000n),
    members: homes.map(({ plan, creditableWh, lostWh }) => ({
      member: plan.member,
      elWh: creditableWh,
      notCreditableWh: lostWh,
      ends: plan.endsAt?.why ?? null,
      faults: plan.faults.map(({ kind }) => kind),
    })),
  };
}

/** An exact decimal without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const whole = digits.slice(0, -places);
  const part = digits.slice(-places).replace(/0+$/, '');
  return part === '' ? whole : `${whole}.${part}`;
}
