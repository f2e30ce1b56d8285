import type { Band, Claim } from '#gateway/contract';
import { type Exact, exact, isBelow, plus, readExact, times } from './exact.ts';
import type { Findings } from './findings.ts';
import type { RowOf } from './rows.ts';

const half = exact(1n, 2n);
/** Receiving-end factors of grid power, and the only unit in which they are read. */
const unit = 't-CO2/kWh';

/** A factor of grid power as a rule makes it, and how it says so. */
export interface Cef {
  readonly value: Exact;
  readonly source: string;
}

/** The rule: all-source throughout, or C_mo (1 - f) + C_a f; where C_mo is below C_a, C_a. Undefined without the rows it needs. */
export function cefOf(
  band: Band,
  year: number,
  factors: readonly RowOf<'factors'>[],
): Cef | undefined {
  const value = (symbol: string) => {
    const row = factors.find(
      ({ cells }) => cells.fiscal_year === String(year) && cells.symbol === symbol,
    );
    return row?.cells.unit === unit ? readExact(row.cells.value) : undefined;
  };
  const all = value('C_a');
  if (all === undefined && band !== 't<1') return undefined;
  const whole = all && { value: all, source: `C_a ${year}` };
  if (band === 'all' || band === 't>=2.5') return whole;
  const marginal = value('C_mo');
  if (marginal === undefined || all === undefined) return undefined;
  if (isBelow(marginal, all)) return { value: all, source: `C_a ${year} (C_mo ${year} is lower)` };
  if (band === 't<1') return { value: marginal, source: `C_mo ${year}` };
  return {
    value: times(plus(marginal, all), half),
    source: `(C_mo ${year} + C_a ${year}) / 2`,
  };
}

/** Rows of a fixture only in a fixture; published ones verified by somebody. */
export function checkFactors(
  factors: readonly RowOf<'factors'>[],
  { fixture }: Claim,
  findings: Findings,
): void {
  for (const { cells, row } of factors) {
    const place = { file: 'factors.csv', row };
    if (cells.class === 'fixture' && !fixture)
      findings.equal(place, '区分 class', 'published', cells.class);
    // The rows that ship say where they were read, and no day.
    if (cells.class === 'published' && cells.verified_by === '')
      findings.equal(place, '確認者 verified_by', 'who verified it', cells.verified_by);
  }
}
