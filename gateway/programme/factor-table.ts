import { shippedFactorRows } from '../emissions/factor-rows.ts';
import { type FactorRow, factorRowSchema } from '../emissions/factor.ts';
import { type Confirmation, methodologyIds } from '../emissions/methodology.ts';
import { factorBodySchema } from '../records/programme-kinds.ts';
import type { Programme } from './programme.ts';

/** Shipped rows, and after them those that people entered; what the core cannot take is as if it were not there. */
export function factorTable({ factors }: Pick<Programme, 'factors'>): FactorRow[] {
  const entered = factors.flatMap((row) => {
    // Who recorded it and when is no part of the row.
    const parsed = factorRowSchema.safeParse(factorBodySchema.strip().parse(row));
    return parsed.success ? parsed.data : [];
  });
  return [...shippedFactorRows, ...entered];
}

/** What people confirmed of the methodologies that this program knows. */
export function confirmationsOf({
  confirmations,
}: Pick<Programme, 'confirmations'>): Confirmation[] {
  return confirmations.flatMap(({ methodology: said, document, version, page }) => {
    const methodology = methodologyIds.find((id) => id === said);
    return methodology === undefined ? [] : { methodology, document, version, page };
  });
}
