import { type IntervalLength, intervalEnd, intervalStart } from '../energy/calendar.ts';
import { secondsIn } from '../energy/interval.ts';
import { type Exact, formatExact, sum } from '../emissions/exact.ts';
import type { Band } from '../emissions/factor-rule.ts';
import type { FuelFactors } from '../emissions/fuel.ts';
import { fiscalYearOf, fiscalYearSpan } from '../emissions/fiscal-year.ts';
import { reductionKg } from '../emissions/reduction.ts';
import { type Stretch, stretchesOf } from '../emissions/stretch.ts';
import type { Span, Store } from '../store/port.ts';
import { type Reduction, storedReductions } from './reduction-rows.ts';

/** A fiscal year of a generator: its rows, those of negative stretches withheld, and its stretches. */
export interface ReductionYear {
  readonly rows: readonly Reduction[];
  readonly stretches: readonly Stretch[];
}

/** Whole fiscal years that a span touches, one after the other: whether a stretch is negative is known of it whole. */
export async function* reductionYears(
  store: Pick<Store, 'derived'>,
  key: string,
  { from, to }: Span,
): AsyncGenerator<ReductionYear, void, undefined> {
  const last = fiscalYearOf(to - 1);
  for (let year = fiscalYearOf(from); year <= last; year += 1) {
    const rows: Reduction[] = [];
    for await (const row of storedReductions(store, key, fiscalYearSpan(year))) rows.push(row);
    if (rows.length === 0) continue;
    const stretches = stretchesOf(rows);
    yield { rows: withNegatives(rows, stretches), stretches };
  }
}

function withNegatives(rows: readonly Reduction[], stretches: readonly Stretch[]): Reduction[] {
  const negative = stretches.filter(({ reason }) => reason === 'negative');
  return rows.map((row) => {
    const stretch = negative.find(({ from, to }) => row.from >= from && row.to <= to);
    if (stretch === undefined) return row;
    return { ...row, reason: 'negative', detail: stretch.detail, kg: null };
  });
}

/** The amounts of a fiscal year and band with one set of factors, and its kilograms: multiplied once. */
export interface ReductionPart {
  readonly fiscalYear: number;
  readonly band: Band;
  readonly elWh: number;
  readonly gasDm3: number;
  readonly heatKj: number;
  readonly factor: Exact;
  /** Null for what burns nothing. */
  readonly fuel: FuelFactors | null;
  readonly kg: Exact;
}

/** What counts of some rows. Rows that are withheld add nothing. */
export class ReductionSum {
  readonly #parts = new Map<string, Omit<ReductionPart, 'kg'>>();
  readonly standIns = new Set<string>();
  generatedWh = 0;
  soldWh = 0;
  auxiliaryWh = 0;
  gasDm3 = 0;
  heatKj = 0;
  elWh = 0;
  coveredSeconds = 0;

  add(row: Reduction): void {
    const { fiscalYear, band, factor, fuel, elWh, kg, from, to } = row;
    if (kg === null || elWh === null || factor === null) return;
    const gasDm3 = row.gasDm3 ?? 0;
    const heatKj = row.heatKj ?? 0;
    const burnt = fuel === null ? '' : `${formatExact(fuel.heat)} ${formatExact(fuel.gas)}`;
    const key = `${fiscalYear} ${band} ${formatExact(factor)} ${burnt}`;
    const before = this.#parts.get(key) ?? { elWh: 0, gasDm3: 0, heatKj: 0 };
    this.#parts.set(key, {
      fiscalYear,
      band,
      factor,
      fuel,
      elWh: before.elWh + elWh,
      gasDm3: before.gasDm3 + gasDm3,
      heatKj: before.heatKj + heatKj,
    });
    this.gasDm3 += gasDm3;
    this.heatKj += heatKj;
    this.generatedWh += row.generatedWh ?? 0;
    this.soldWh += row.soldWh ?? 0;
    this.auxiliaryWh += row.auxiliaryWh ?? 0;
    this.elWh += elWh;
    this.coveredSeconds += secondsIn(from, to);
    for (const name of row.standIns) this.standIns.add(name);
  }

  parts(): ReductionPart[] {
    return [...this.#parts.values()].map((part) => ({
      ...part,
      kg: reductionKg(part, { electricity: part.factor, fuel: part.fuel }),
    }));
  }

  /** Null where nothing counts. */
  kg(): Exact | null {
    return this.#parts.size === 0 ? null : sum(this.parts().map(({ kg }) => kg));
  }
}

/** A row, or an interval made of rows. */
export interface ReductionInterval extends Span {
  readonly sum: ReductionSum;
  /** Of one row alone: itself. */
  readonly row: Reduction | undefined;
  /** Rows that count and lie across one of its ends. */
  readonly unallocated: readonly Reduction[];
}

/** Rows, oldest first, as intervals of a length; at 30m each row is one. Every interval that a row touches. */
export function* reductionIntervals(
  rows: readonly Reduction[],
  length: Exclude<IntervalLength, '1h'>,
): Generator<ReductionInterval, void, undefined> {
  if (length === '30m') {
    for (const row of rows) yield alone(row);
    return;
  }
  let open: { from: number; to: number; sum: ReductionSum; unallocated: Reduction[] } | undefined;
  for (const row of rows)
    for (let from = intervalStart(length, row.from); from < row.to;) {
      const to = intervalEnd(length, from);
      if (open?.from !== from) {
        if (open !== undefined) yield { ...open, row: undefined };
        open = { from, to, sum: new ReductionSum(), unallocated: [] };
      }
      if (row.from >= from && row.to <= to) open.sum.add(row);
      else if (row.kg !== null) open.unallocated.push(row);
      from = to;
    }
  if (open !== undefined) yield { ...open, row: undefined };
}

function alone(row: Reduction): ReductionInterval {
  const sum = new ReductionSum();
  sum.add(row);
  return { from: row.from, to: row.to, sum, row, unallocated: [] };
}
