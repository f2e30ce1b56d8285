import { type Amounts, type EmissionFactors, emissionsOf } from './emission.ts';
import { type Exact, floor, sum, times, whole, zero, compare, dividedBy } from './exact.ts';
import type { Band } from './factor-rule.ts';
import type { Stretch } from './stretch.ts';

/** Energy, and of fuel cells fuel and heat, of a fiscal year and band: what is multiplied once. */
export interface BandEnergy {
  readonly fiscalYear: number;
  readonly band: Band;
  readonly elWh: number;
  readonly gasDm3: number;
  readonly heatKj: number;
}

/** What the stretches that count add up to, by fiscal year and band, in order. */
export function energyByBand(stretches: Iterable<Stretch>): BandEnergy[] {
  const sums = new Map<string, BandEnergy>();
  for (const { counted, fiscalYear, band, elWh, gasDm3, heatKj } of stretches) {
    if (!counted || elWh === null) continue;
    const key = `${fiscalYear} ${band}`;
    const before = sums.get(key);
    sums.set(key, {
      fiscalYear,
      band,
      elWh: (before?.elWh ?? 0) + elWh,
      gasDm3: (before?.gasDm3 ?? 0) + (gasDm3 ?? 0),
      heatKj: (before?.heatKj ?? 0) + (heatKj ?? 0),
    });
  }
  return [...sums.values()];
}

/** kg of a fiscal year and band: the one multiplication. */
export function reductionKg(amounts: Amounts, factors: EmissionFactors): Exact {
  return emissionsOf(amounts, factors).reductionKg;
}

export interface YearTotal {
  /** Exact, whatever its sign. */
  readonly kg: Exact;
  readonly t: Exact;
  /** Whole tonnes that can be issued: cut off once; a negative total issues 0. */
  readonly tonnes: bigint;
}

/** The total of one project, methodology and fiscal year. */
export function yearTotal(kgs: Iterable<Exact>): YearTotal {
  const kg = sum(kgs);
  const t = dividedBy(kg, whole(1_000));
  return { kg, t, tonnes: compare(t, zero) <= 0 ? 0n : floor(t) };
}

/** How issued whole tonnes are divided: the partner's share cut off to whole tonnes, the rest is the ward's. */
export function divideIssued(
  tonnes: bigint,
  partnerShare: Exact,
): { readonly partner: bigint; readonly ward: bigint } {
  const partner = floor(times(whole(tonnes), partnerShare));
  return { partner, ward: tonnes - partner };
}
