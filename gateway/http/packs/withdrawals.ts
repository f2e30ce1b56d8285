import { Hono } from 'hono';
import { routes, type Withdrawal, withdrawableSchema } from '#gateway/contract';
import type { ConfiguredPack } from '../../derive/pack.ts';
import type { KnownRecord, RecordDesk } from '../../records/desk.ts';
import type { RecordKind } from '../../records/kinds.ts';
import { refusal } from '../../records/refusal.ts';
import { recordedBy } from '../../records/shown/sources.ts';
import type { Env } from '../env.ts';
import { findPack } from '../find-pack.ts';
import { unknownId } from '../problem.ts';
import { readQuery } from '../query.ts';
import { readBody, record, type StatementParts } from './statement.ts';

/** Takes a record back. It stays, with who took it back and why; everything computed passes over it. */
export function withdrawalRoutes(parts: StatementParts): Hono<Env> {
  return new Hono<Env>().post(routes.stateWithdrawal.path, async (c) => {
    const { site } = readQuery(c.req.url, routes.stateWithdrawal.query);
    const pack = findPack(parts.packs, c.req.param('id'), site);
    const kind = withdrawableSchema.safeParse(c.req.param('kind'));
    if (!kind.success) throw unknownId('kind', c.req.param('kind'), withdrawableSchema.options);
    const { desk } = parts;
    const ids = desk.everOf(kind.data, pack.site, pack.config.id).map(({ id }) => id);
    const taken = c.req.param('record');
    if (!ids.includes(taken)) throw unknownId('record', taken, ids.toReversed());
    const request = await readBody(c, routes.stateWithdrawal.body, parts);
    const what = { site: pack.site, pack, kind: kind.data, record: taken };
    return c.json(await withdraw(parts, what, request), 201);
  });
}

interface Taken {
  readonly site: string;
  readonly pack?: ConfiguredPack;
  readonly kind: RecordKind;
  readonly record: string;
}

/** Throws `HttpProblem` (409) where it was taken back already. */
export async function withdraw(
  parts: Pick<StatementParts, 'desk' | 'clock'>,
  { site, pack, kind, record: taken }: Taken,
  { id, by, why }: { readonly id?: string | undefined; readonly by: string; readonly why: string },
): Promise<Withdrawal> {
  const statement = {
    kind: 'withdrawal',
    site,
    ...(pack === undefined ? {} : { pack }),
    id,
    at: parts.clock.wallMs(),
    by,
    body: { kind, id: taken, why },
  } as const;
  const stored = await record(parts, statement, () =>
    refusal([], takenBack(parts.desk, { site, kind, id: taken })),
  );
  return showWithdrawal(stored);
}

function takenBack(
  desk: RecordDesk,
  what: { readonly site: string; readonly kind: RecordKind; readonly id: string },
) {
  const before = desk.withdrawal(what);
  if (before === undefined) return [];
  const detail = `was taken back by ${before.by} already: ${before.body.why}`;
  return [{ field: 'record', value: what.id, detail }];
}

function showWithdrawal(stored: KnownRecord<'withdrawal'>): Withdrawal {
  const { kind, id, why } = stored.body;
  return { ...recordedBy(stored), kind, record: id, why };
}
