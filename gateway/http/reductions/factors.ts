import { Hono } from 'hono';
import { type FactorList, routes, type ShownFactor } from '#gateway/contract';
import { shippedFactorRows } from '../../emissions/factor-rows.ts';
import { factorOf, type FactorRow, isVerified } from '../../emissions/factor.ts';
import { fiscalYearOf } from '../../emissions/fiscal-year.ts';
import type { Env } from '../env.ts';
import type { AppParts } from '../parts.ts';
import { noQuery, readQuery } from '../query.ts';

type FactorParts = Pick<AppParts, 'factors' | 'clock'>;

const verified = (is: boolean) => (is ? 'verified' : '要確認');

/** The factor table, and what would apply to every fiscal year from its first row to the present. */
export function factorRoutes({ factors, clock }: FactorParts): Hono<Env> {
  return new Hono<Env>().get(routes.factors.path, (c) => {
    readQuery(c.req.url, noQuery);
    const rows = factors();
    const answer: FactorList = { items: rows.map(shown), years: yearsOf(rows, clock.wallMs()) };
    return c.json(answer);
  });
}

function shown(row: FactorRow): ShownFactor {
  const { verifiedBy = null, verifiedOn = null } = row;
  const origin = shippedFactorRows.includes(row) ? 'shipped' : 'entered';
  return { ...row, verifiedBy, verifiedOn, status: verified(isVerified(row)), origin };
}

function yearsOf(rows: readonly FactorRow[], nowMs: number): FactorList['years'] {
  const last = fiscalYearOf(nowMs);
  const first = Math.min(last, ...rows.flatMap(({ fiscalYear }) => fiscalYear ?? []));
  const years = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return years.flatMap((fiscalYear) =>
    (['C_a', 'C_mo'] as const).map((symbol) => {
      const found = factorOf(rows, { symbol, fiscalYear, class: 'published' });
      return {
        fiscalYear,
        symbol,
        value: found?.row.value ?? null,
        ofYear: found?.row.fiscalYear ?? null,
        status: verified(found !== undefined && !found.provisional),
      };
    }),
  );
}
