import { canonicalJson } from '../canonical-json.ts';
import { notFinite } from '../finite.ts';
import type { OperatorRecord, RecordFilter } from '../port.ts';
import { type Row, rowsOf, textAt } from './cells.ts';
import type { InfluxClient } from './client.ts';
import type { Document, DocumentLog, Tags } from './documents.ts';
import { grouped } from './grouped.ts';
import { digest } from './identity.ts';
import { anyOf, name, tagsAre, text, where } from './ql.ts';
import { decodeTag, encodeTag } from './text.ts';

export const recordMeasurement = 'kadoru_record';

/** A record made ready: whatever is wrong with it was said. */
export interface PreparedRecord {
  readonly record: OperatorRecord;
  readonly identity: string;
  readonly content: string;
  readonly document: Document;
}

/** Throws StoreError for a number that is not finite and for a body that is not JSON. */
export function prepareRecord(record: OperatorRecord): PreparedRecord {
  const { site, kind, id, subject, at, recordedAt, by } = record;
  const title = `${site} ${kind} ${id}`;
  for (const [field, value] of [
    ['at', at],
    ['recordedAt', recordedAt],
  ] as const)
    if (!Number.isFinite(value)) throw notFinite(`${field} of ${title}`, value);
  const body = canonicalJson(record.body, `${title}: body`);
  const identity = digest(site, kind, id);
  const content = digest(subject, at, by, body);
  const said = `[${JSON.stringify({ id, at, recordedAt, by })},${body}]`;
  return {
    record,
    identity,
    content,
    document: {
      tags: tagsOf(record),
      fields: [
        ['identity', { text: identity }],
        ['content', { text: content }],
      ],
      text: said,
    },
  };
}

/** Which records are new; those under whose identity other content stands, or comes first in the batch, are conflicts. */
export async function newRecords(client: InfluxClient, prepared: readonly PreparedRecord[]) {
  const known = await contents(client, prepared);
  const fresh: PreparedRecord[] = [];
  const conflicts: OperatorRecord[] = [];
  for (const one of prepared) {
    const stands = known.get(one.identity);
    if (stands === undefined) {
      known.set(one.identity, one.content);
      fresh.push(one);
    } else if (stands !== one.content) conflicts.push(one.record);
  }
  return { fresh, conflicts };
}

/** How many identities one condition names. */
const identitiesAtOnce = 100;

async function contents(
  client: InfluxClient,
  prepared: readonly PreparedRecord[],
): Promise<Map<string, string>> {
  const byKind = grouped(
    prepared,
    ({ record }) => `${encodeTag(record.site)} ${encodeTag(record.kind)}`,
  );
  const statements: string[] = [];
  for (const group of byKind.values())
    for (let from = 0; from < group.length; from += identitiesAtOnce) {
      const some = group.slice(from, from + identitiesAtOnce);
      const tags = some[0]?.document.tags.filter(([tag]) => tag !== 'subject') ?? [];
      const identities = anyOf(some.map(({ identity }) => `"identity"=${text(identity)}`));
      statements.push(
        `SELECT "identity","content" FROM ${name(recordMeasurement)}${where(tagsAre(tags), identities)}`,
      );
    }
  const found = new Map<string, string>();
  if (statements.length === 0) return found;
  for (const series of await client.query(statements))
    for (const row of rowsOf(series))
      // The oldest comes first, and stands.
      if (!found.has(textAt(row, 1))) found.set(textAt(row, 1), textAt(row, 2));
  return found;
}

export async function* readRecords(
  log: DocumentLog,
  filter: RecordFilter,
): AsyncGenerator<readonly OperatorRecord[], void, undefined> {
  for await (const { cells, text } of log.read(tagsOf(filter), ['site', 'kind', 'subject']))
    yield [unpack(cells, text)];
}

type Said = readonly [
  Pick<OperatorRecord, 'id' | 'at' | 'recordedAt' | 'by'>,
  OperatorRecord['body'],
];

function unpack(cells: Row, text: string): OperatorRecord {
  const [{ id, at, recordedAt, by }, body]: Said = JSON.parse(text);
  const [site, kind, subject] = [1, 2, 3].map((position) => decodeTag(textAt(cells, position)));
  return {
    site: site ?? '',
    kind: kind ?? '',
    id,
    subject: subject ?? '',
    at,
    recordedAt,
    by,
    body,
  };
}

function tagsOf({ site, kind, subject }: RecordFilter): Tags {
  const tags = { site, kind, subject };
  return Object.entries(tags).flatMap(([tag, value]) =>
    value === undefined ? [] : [[tag, encodeTag(value)] as const],
  );
}
