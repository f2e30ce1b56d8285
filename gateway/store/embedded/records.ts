import { canonicalJson } from '../canonical-json.ts';
import { notFinite } from '../finite.ts';
import type { OperatorRecord } from '../port.ts';

/**
 * A record as the table holds it. Every text is JSON: people may have typed any character, and a text parameter ends
 * at a NUL (see README). The body is canonical, so that equal content is equal text.
 */
export interface RecordRow extends Omit<OperatorRecord, 'body'> {
  readonly body: string;
}

/** Throws StoreError for a number that is not finite and for a body that is not JSON. */
export function packRecord(record: OperatorRecord): RecordRow {
  const name = `${record.site} ${record.kind} ${record.id}`;
  const finite = (field: 'at' | 'recordedAt'): number => {
    if (Number.isFinite(record[field])) return record[field];
    throw notFinite(`${field} of ${name}`, record[field]);
  };
  return {
    site: JSON.stringify(record.site),
    kind: JSON.stringify(record.kind),
    id: JSON.stringify(record.id),
    subject: JSON.stringify(record.subject),
    at: finite('at'),
    recordedAt: finite('recordedAt'),
    by: JSON.stringify(record.by),
    body: canonicalJson(record.body, `${name}: body`),
  };
}

export function unpackRecord(row: RecordRow): OperatorRecord {
  return {
    site: JSON.parse(row.site),
    kind: JSON.parse(row.kind),
    id: JSON.parse(row.id),
    subject: JSON.parse(row.subject),
    at: row.at,
    recordedAt: row.recordedAt,
    by: JSON.parse(row.by),
    body: JSON.parse(row.body),
  };
}
