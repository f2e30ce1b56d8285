import { z } from 'zod';
import { approximate, type Exact, exact, formatExact } from '../emissions/exact.ts';
import { bands } from '../emissions/factor-rule.ts';
import type { FuelFactors } from '../emissions/fuel.ts';
import { reasons } from '../emissions/reason.ts';
import type { JudgedSpan } from '../emissions/stretch.ts';
import type { DerivedRow, Span, Store } from '../store/port.ts';

export const reductionMeasurement = 'emission_reduction';

/** A judged span with the factors that it is multiplied by. `kg` is null where nothing is earned. */
export interface Reduction extends JudgedSpan {
  /** t-CO2/kWh; null where the table has none. */
  readonly factor: Exact | null;
  /** Of fuel cells; null where nothing is burnt, or a factor or a setting lacks. */
  readonly fuel: FuelFactors | null;
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
  // Rows from before there were fuel cells have none of the four.
  gasDm3: wh.default(0),
  heatKj: wh.default(0),
  elWh: wh,
  fiscalYear: z.int(),
  band: z.enum(bands),
  withheld: z.union([z.literal(''), z.enum(reasons)]),
  detail: z.string(),
  factor: z.string(),
  heatFactor: z.string().default(''),
  gasFactor: z.string().default(''),
  kgExact: z.string(),
  standIns: z.string(),
});

/** `kg` is for charts; the exact amount is beside it. */
export function reductionRow(reduction: Reduction): DerivedRow {
  const { from, reason, factor, fuel, kg, standIns, ...rest } = reduction;
  return {
    at: from,
    fields: {
      ...rest,
      withheld: reason ?? '',
      factor: factor === null ? '' : formatExact(factor),
      heatFactor: fuel === null ? '' : formatExact(fuel.heat),
      gasFactor: fuel === null ? '' : formatExact(fuel.gas),
      kg: kg === null ? null : approximate(kg),
      kgExact: kg === null ? '' : formatExact(kg),
      standIns: standIns.join(', '),
    },
  };
}

/** Throws for a row that this program did not write. */
export function reductionOf({ at, fields }: DerivedRow): Reduction {
  const { withheld, factor, heatFactor, gasFactor, kgExact, standIns, ...rest } =
    fieldsSchema.parse(fields);
  return {
    ...rest,
    from: at,
    reason: withheld === '' ? null : withheld,
    factor: factor === '' ? null : exact(factor),
    fuel: heatFactor === '' ? null : { heat: exact(heatFactor), gas: exact(gasFactor) },
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
