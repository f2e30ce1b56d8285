import { z } from 'zod';
import { approximate, type Exact, exact, formatExact } from '../emissions/exact.ts';
import { bands } from '../emissions/factor-rule.ts';
import { reasons } from '../emissions/reason.ts';
import type { JudgedSpan } from '../emissions/stretch.ts';
import type { DerivedRow, Span, Store } from '../store/port.ts';

export const reductionMeasurement = 'emission_reduction';

/** A judged span with the factor that it is multiplied by. `kg` is null where nothing is earned. */
export interface Reduction extends JudgedSpan {
  /** t-CO2/kWh; null where the table has none. */
  readonly factor: Exact | null;
  readonly kg: Exact | null;
  /** `{symbol} {year}` of rows that stand in for those of the fiscal year. */
  readonly standIns: readonly string[];
}

const wh = z.number().nullable();
const fieldsSchema = z.object({
  to: z.int(),
  generatedWh: wh,
  soldWh: wh,
  auxiliaryWh: wh,
  elWh: wh,
  fiscalYear: z.int(),
  band: z.enum(bands),
  withheld: z.union([z.literal(''), z.enum(reasons)]),
  detail: z.string(),
  factor: z.string(),
  kgExact: z.string(),
  standIns: z.string(),
});

/** `kg` is for charts; the exact amount is beside it. */
export function reductionRow(reduction: Reduction): DerivedRow {
  const { from, reason, factor, kg, standIns, ...rest } = reduction;
  return {
    at: from,
    fields: {
      ...rest,
      withheld: reason ?? '',
      factor: factor === null ? '' : formatExact(factor),
      kg: kg === null ? null : approximate(kg),
      kgExact: kg === null ? '' : formatExact(kg),
      standIns: standIns.join(', '),
    },
  };
}

/** Throws for a row that this program did not write. */
export function reductionOf({ at, fields }: DerivedRow): Reduction {
  const { withheld, factor, kgExact, standIns, ...rest } = fieldsSchema.parse(fields);
  return {
    ...rest,
    from: at,
    reason: withheld === '' ? null : withheld,
    factor: factor === '' ? null : exact(factor),
    kg: kgExact === '' ? null : exact(kgExact),
    standIns: standIns === '' ? [] : standIns.split(', '),
  };
}

/** The stored reductions of a generator that begin in a span, oldest first. */
export async function* storedReductions(
  store: Pick<Store, 'derived'>,
  key: string,
  span: Span,
): AsyncGenerator<Reduction, void, undefined> {
  const rows = store.derived({ measurement: reductionMeasurement, key }, span);
  for await (const row of rows) yield reductionOf(row);
}
