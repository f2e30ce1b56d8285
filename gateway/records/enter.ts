import { randomUUID } from 'node:crypto';
import type { ConfiguredPack } from '../derive/pack.ts';
import { minuteStaleKey } from '../derive/stale.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import type { OperatorRecord } from '../store/port.ts';
import type { Company, RecordDesk } from './desk.ts';
import { recordBodies, type RecordKind } from './kinds.ts';
import { refusal, type Refusal } from './refusal.ts';
import { changesFrom } from './statements.ts';

/** What somebody states, before it is a record. */
export interface Statement {
  readonly kind: RecordKind;
  readonly site: string;
  /** The pack it is about; undefined for the site itself. */
  readonly pack?: ConfiguredPack;
  /** Of what is no pack: the asset it is about. */
  readonly subject?: string;
  /** The sender's own; without one it gets one. */
  readonly id: string | undefined;
  readonly at: number;
  readonly by: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** `again`: it stood already, with the same content. */
export type Entered =
  | { readonly kind: 'entered' | 'again'; readonly record: OperatorRecord }
  | Refusal;

/** Kinds whose time is that of their recording: the same said again is the same. */
const timeless: ReadonlySet<RecordKind> = new Set(['allotment', 'withdrawal']);

/**
 * Records a statement, together with what it brings (readings) and the mark of the first minute that must be derived
 * anew. `check` is asked only where it does not stand already. Durable once this resolves; rejects with StoreError.
 */
export function enter(
  desk: RecordDesk,
  statement: Statement,
  nowMs: number,
  check: () => Promise<Refusal | undefined> | Refusal | undefined,
  company: Company = {},
): Promise<Entered> {
  return desk.inTurn(async () => {
    const record = recordOf(statement, nowMs);
    const standing = desk.find(record.site, statement.kind, record.id);
    if (standing !== undefined) return repeated(desk, standing, record, statement);
    const refused = (await check()) ?? misshapen(statement);
    if (refused !== undefined) return refused;
    const stale = [...(company.stale ?? []), ...staleKeys(desk, statement, record, nowMs)];
    const added = await desk.add(record, { ...company, stale });
    if (added.kind === 'added') return { kind: 'entered', record };
    return conflict('id', record.id, `another ${added.what} stands under this identity`);
  });
}

function recordOf({ kind, site, pack, subject, id, at, by, body }: Statement, nowMs: number) {
  // Defaults of the kind are part of what is kept; what has no such shape is refused before it is.
  const shaped = recordBodies[kind].safeParse(body);
  return {
    site,
    kind,
    id: id ?? randomUUID(),
    subject: pack?.config.id ?? subject ?? '',
    at,
    recordedAt: nowMs,
    by,
    body: shaped.success ? shaped.data : body,
  };
}

/** The last word of the kind's own shape, for what no check named. */
function misshapen({ kind, body }: Statement): Refusal | undefined {
  const shaped = recordBodies[kind].safeParse(body);
  return refusal(
    (shaped.error?.issues ?? []).map(({ path, message }) => ({
      field: path.join('.'),
      value: undefined,
      detail: message,
    })),
  );
}

function repeated(
  desk: RecordDesk,
  standing: OperatorRecord,
  record: OperatorRecord,
  { kind }: Statement,
): Entered {
  const taken = desk.withdrawal(standing);
  if (taken !== undefined)
    return conflict('id', record.id, `was taken back by ${taken.by}: give the new one its own id`);
  const content = ({ subject, at, by, body }: OperatorRecord) =>
    canonicalJson([subject, timeless.has(kind) ? 0 : at, by, body], 'record');
  if (content(standing) === content(record)) return { kind: 'again', record: standing };
  return conflict('id', record.id, 'stands already, with another content');
}

function conflict(field: string, value: unknown, detail: string): Refusal {
  return { kind: 'refused', status: 409, mistakes: [{ field, value, detail }] };
}

/** Nothing is derived of the future yet: what takes effect then finds the record in place. */
function staleKeys(
  desk: RecordDesk,
  { pack }: Statement,
  record: OperatorRecord,
  nowMs: number,
): string[] {
  const from = changesFrom(desk, record);
  if (pack === undefined || from === undefined || from > nowMs) return [];
  return [minuteStaleKey(pack, from)];
}
