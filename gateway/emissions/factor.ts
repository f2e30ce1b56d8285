import { z } from 'zod';
import { compare, exact, parseExact, zero } from './exact.ts';

const text = z.string().trim().min(1).max(300);
const year = z.int().min(1990).max(2200);

/** `C_a`: all-source; `C_mo`: marginal. The others are of fuels. */
export const factorSymbols = ['C_a', 'C_mo', 'CEF_lpg', 'CEF_town_gas'] as const;
export type FactorSymbol = (typeof factorSymbols)[number];
const units: Readonly<Record<FactorSymbol, string>> = {
  C_a: 't-CO2/kWh',
  C_mo: 't-CO2/kWh',
  CEF_lpg: 't-CO2/GJ',
  CEF_town_gas: 't-CO2/GJ',
};

/**
 * One emission factor. `value` is an exact decimal. `end`: where the electricity is taken from; a receiving-end factor
 * contains transmission loss, so none is added. `class` `fixture` is for tests and trials, and says so wherever it
 * shows. A published row counts once somebody has `verified` it against the document.
 */
export const factorRowSchema = z
  .strictObject({
    /** Null where the document states one value for every year. */
    fiscalYear: year.nullable(),
    symbol: z.enum(factorSymbols),
    value: z.string().refine((value) => {
      const parsed = parseExact(value);
      return parsed !== undefined && !value.includes('/') && compare(parsed, zero) >= 0;
    }, 'is a decimal number of at least 0, such as 0.000487'),
    unit: z.enum(['t-CO2/kWh', 't-CO2/GJ']),
    end: z.enum(['receiving', 'combustion']),
    class: z.enum(['published', 'fixture']),
    document: text,
    version: text,
    page: text,
    verifiedBy: text.optional(),
    verifiedOn: z.iso.date('is a date: 2026-04-01').optional(),
  })
  .refine(({ symbol, unit }) => units[symbol] === unit, {
    path: ['unit'],
    error: 'is not the unit of this symbol',
  });
export type FactorRow = z.infer<typeof factorRowSchema>;
export type FactorClass = FactorRow['class'];

/** Whether a claim may be built on it. What a fixture says is true by definition. */
export function isVerified(row: FactorRow): boolean {
  return row.class === 'fixture' || row.verifiedBy !== undefined;
}

export interface FoundFactor {
  readonly row: FactorRow;
  /** It is of another fiscal year and only stands in: no claim takes it, and it is marked wherever it shows. */
  readonly provisional: boolean;
}

export interface FactorQuestion {
  readonly symbol: FactorSymbol;
  readonly fiscalYear: number;
  /** Rows of the other class are as if they were not there: the two are never mixed. */
  readonly class: FactorClass;
}

/**
 * The factor of a fiscal year. Where no verified row of that year is, the last verified one before it stands in, or the
 * first one after it. Of several rows of one year the last one stands: a revision is a new row. Undefined: there is none.
 */
export function factorOf(
  rows: readonly FactorRow[],
  { symbol, fiscalYear, class: wanted }: FactorQuestion,
): FoundFactor | undefined {
  const verified = rows.filter(
    (row) => row.symbol === symbol && row.class === wanted && isVerified(row),
  );
  const own = verified.findLast((row) => row.fiscalYear === fiscalYear || row.fiscalYear === null);
  if (own !== undefined) return { row: own, provisional: false };
  const row = nearest(verified, fiscalYear);
  return row === undefined ? undefined : { row, provisional: true };
}

function nearest(rows: readonly FactorRow[], fiscalYear: number): FactorRow | undefined {
  const yearOf = (row: FactorRow): number => row.fiscalYear ?? fiscalYear;
  const years = rows.map(yearOf);
  const before = Math.max(...years.filter((year) => year < fiscalYear));
  const after = Math.min(...years.filter((year) => year > fiscalYear));
  return rows.findLast((row) => yearOf(row) === (before === -Infinity ? after : before));
}

export function valueOf({ value }: FactorRow): ReturnType<typeof exact> {
  return exact(value);
}
