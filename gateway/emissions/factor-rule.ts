import { compare, type Exact, plus, ratio, times } from './exact.ts';
import {
  type FactorClass,
  factorOf,
  type FactorRow,
  type FactorSymbol,
  valueOf,
} from './factor.ts';
import { type JapanDate, monthsAfter } from './fiscal-year.ts';

/** All-source throughout, or from marginal to all-source in the years after operation started (facts/jcredit.md). */
export const factorRules = ['all-source', 'transitional'] as const;
export type FactorRule = (typeof factorRules)[number];

/** Years since operation started, t: `first` t < 1, `middle` 1 <= t < 2.5, `last` from then on; `all` where t means nothing. */
export const bands = ['all', 'first', 'middle', 'last'] as const;
export type Band = (typeof bands)[number];

const middleAfterMonths = 12;
const lastAfterMonths = 30;

/** The midnights at which a device's band changes; none under the all-source rule. */
export function bandCuts(rule: FactorRule, operationStartedOn: JapanDate): number[] {
  if (rule === 'all-source') return [];
  return [
    monthsAfter(operationStartedOn, middleAfterMonths),
    monthsAfter(operationStartedOn, lastAfterMonths),
  ];
}

export function bandOf(rule: FactorRule, operationStartedOn: JapanDate, atMs: number): Band {
  if (rule === 'all-source') return 'all';
  const [middle = Infinity, last = Infinity] = bandCuts(rule, operationStartedOn);
  if (atMs >= last) return 'last';
  return atMs >= middle ? 'middle' : 'first';
}

const shareOfAllSource: Readonly<Record<Band, Exact>> = {
  all: ratio(1n, 1n),
  first: ratio(0n, 1n),
  middle: ratio(1n, 2n),
  last: ratio(1n, 1n),
};

/**
 * CEF(t) = C_mo (1 - f) + C_a f; where the marginal factor is below the all-source one, the all-source one counts.
 * t-CO2/kWh in, t-CO2/kWh out.
 */
export function electricityFactor(band: Band, allSource: Exact, marginal: Exact): Exact {
  if (compare(marginal, allSource) < 0) return allSource;
  const share = shareOfAllSource[band];
  const rest = plus(ratio(1n, 1n), times(share, ratio(-1n, 1n)));
  return plus(times(marginal, rest), times(allSource, share));
}

/** A factor for a fiscal year and band, with the rows it is made of. */
export interface AppliedFactor {
  /** t-CO2/kWh. */
  readonly value: Exact;
  readonly rows: readonly FactorRow[];
  /** Rows among them that are of another year. */
  readonly provisional: readonly FactorRow[];
}

export interface MissingFactor {
  readonly missing: FactorSymbol;
  readonly fiscalYear: number;
}

/** The factor of electricity, or which one the table lacks. The last band needs no marginal factor: there is none left in it. */
export function electricityFactorOf(
  table: readonly FactorRow[],
  { fiscalYear, band, class: wanted }: { fiscalYear: number; band: Band; class: FactorClass },
): AppliedFactor | MissingFactor {
  const find = (symbol: FactorSymbol) => factorOf(table, { symbol, fiscalYear, class: wanted });
  const allSource = find('C_a');
  if (allSource === undefined) return { missing: 'C_a', fiscalYear };
  const needsMarginal = band === 'first' || band === 'middle';
  const marginal = needsMarginal ? find('C_mo') : allSource;
  if (marginal === undefined) return { missing: 'C_mo', fiscalYear };
  const found = needsMarginal ? [allSource, marginal] : [allSource];
  return {
    value: electricityFactor(band, valueOf(allSource.row), valueOf(marginal.row)),
    rows: found.map(({ row }) => row),
    provisional: found.filter(({ provisional }) => provisional).map(({ row }) => row),
  };
}
