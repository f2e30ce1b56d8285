import type { OperatorRecord, RecordFilter } from '../port.ts';
import type { Database } from './driver.ts';
import type { Page, ReaderService } from './protocol.ts';
import { unpackRecord, type RecordRow } from './records.ts';

/** A page ends at whichever comes first; a record larger than all of it comes alone. */
const pageRows = 500;
const pageBytes = 4 * 1024 * 1024;

const columns = ['site', 'kind', 'subject'] as const satisfies readonly (keyof RecordFilter)[];

type Statements = ReturnType<typeof prepare>;

/** Reads records page by page in the order of appending. Bodies have any size, so a page is measured before it is read. */
export function createRecordReader(database: Database): ReaderService['records'] {
  const prepared = new Map<string, Statements>();
  const statementsFor = (condition: string): Statements => {
    const statements = prepared.get(condition) ?? prepare(database, condition);
    prepared.set(condition, statements);
    return statements;
  };
  return ({ filter, after }) => {
    const texts = columns.flatMap((column) => {
      const text = filter[column];
      return text === undefined ? [] : [JSON.stringify(text)];
    });
    return page(statementsFor(conditionFor(filter)), after, texts);
  };
}

/**
 * Kind alone, and site and kind together, with or without subject, have an index that is in the order of appending. `+`
 * keeps SQLite from using one for a site alone, where it would sort every record of the site for each page
 * (https://sqlite.org/queryplanner-ng.html#howtofix).
 */
function conditionFor(filter: RecordFilter): string {
  const plus = filter.kind === undefined ? '+' : '';
  const given = columns.filter((column) => filter[column] !== undefined);
  return given.map((column) => ` AND ${plus}${column} = ?`).join('');
}

function prepare(database: Database, condition: string) {
  return {
    sizes: database.prepare(
      `SELECT position, octet_length(body) AS bytes FROM record WHERE position > ?${condition}
        ORDER BY position LIMIT ?`,
    ),
    rows: database.prepare(
      `SELECT site, kind, id, subject, at, recorded_at AS recordedAt, by_whom AS "by", body FROM record
        WHERE position > ? AND position <= ?${condition} ORDER BY position`,
    ),
  };
}

interface SizeRow {
  readonly position: number;
  readonly bytes: number;
}

/** Two statements see the same rows: a record is never changed and never inserted before another. */
function page(
  { sizes, rows }: Statements,
  after: number,
  texts: readonly string[],
): Page<OperatorRecord, number> {
  const waiting: readonly SizeRow[] = sizes.all(after, ...texts, pageRows);
  const taken = fitting(waiting);
  const last = taken.at(-1)?.position;
  if (last === undefined) return { rows: [], next: undefined };
  const found: readonly RecordRow[] = rows.all(after, last, ...texts);
  const isLast = taken.length === waiting.length && waiting.length < pageRows;
  return { rows: found.map(unpackRecord), next: isLast ? undefined : last };
}

/** The rows from the front whose bodies fit in a page, and the first in any case. */
function fitting(waiting: readonly SizeRow[]): readonly SizeRow[] {
  let bytes = 0;
  const end = waiting.findIndex((row, index) => {
    bytes += row.bytes;
    return index > 0 && bytes > pageBytes;
  });
  return end < 0 ? waiting : waiting.slice(0, end);
}
