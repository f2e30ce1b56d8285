import type { Context } from 'hono';
import type { z } from 'zod';
import type { RecordKind } from '../../records/kinds.ts';
import { type Entered, enter, type Statement } from '../../records/enter.ts';
import type { Company, KnownRecord, RecordDesk } from '../../records/desk.ts';
import type { Refusal } from '../../records/refusal.ts';
import type { RecordSources } from '../../records/shown/sources.ts';
import { readJson } from '../body.ts';
import type { Env } from '../env.ts';
import type { AppParts } from '../parts.ts';
import { HttpProblem, shown } from '../problem.ts';

/** What the routes about statements need. */
export type StatementParts = Pick<
  AppParts,
  'store' | 'packs' | 'clock' | 'desk' | 'books' | 'ledger' | 'progress' | 'arrived' | 'limits'
>;

export function sourcesOf(parts: StatementParts): RecordSources {
  const { desk, store, books, ledger, progress, clock } = parts;
  return { desk, store, books, ledger, progress, nowMs: () => clock.wallMs() };
}

/** Operators' bodies hold no secrets: what is wrong in them is shown with its value. */
export function readBody<Schema extends z.ZodType>(
  c: Context<Env>,
  schema: Schema,
  { limits }: Pick<AppParts, 'limits'>,
): Promise<z.output<Schema>> {
  return readJson(c.req.raw, schema, { mostBytes: limits.bodyBytes, values: 'shown' });
}

/** Records a statement and answers its record, new or standing. Throws `HttpProblem` for a refusal. */
export async function record<Kind extends RecordKind>(
  { desk, clock }: Pick<StatementParts, 'desk' | 'clock'>,
  statement: Statement & { readonly kind: Kind },
  check: () => Promise<Refusal | undefined> | Refusal | undefined,
  company?: Company,
): Promise<KnownRecord<Kind>> {
  const entered: Entered = await enter(desk, statement, clock.wallMs(), check, company);
  if (entered.kind === 'refused') throw refusalProblem(entered);
  return standing(desk, statement.kind, statement.site, entered.record.id);
}

function standing<Kind extends RecordKind>(
  desk: RecordDesk,
  kind: Kind,
  site: string,
  id: string,
): KnownRecord<Kind> {
  const found = desk.known(kind, site, id);
  if (found === undefined) throw new Error(`the ${kind} ${id} was recorded and is not there`);
  return found;
}

/** A refusal as a problem: every field, with its value and the way out. */
export function refusalProblem({ status, mistakes }: Refusal): HttpProblem {
  const [first] = mistakes;
  const detail = first === undefined ? 'refused' : `${first.field}: ${first.detail}`;
  const errors = mistakes.map((each) => ({ ...each, value: shown(each.value) }));
  return new HttpProblem(status, detail, errors.slice(0, 50));
}
