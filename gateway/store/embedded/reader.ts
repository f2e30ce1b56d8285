import type { QuarantineEntry, QuarantineFilter, SeriesKey, StoredEvent } from '../port.ts';
import type { Database } from './driver.ts';
import type { ReadingRow } from './packing.ts';
import type { Page, QuarantineCursor, ReaderService } from './protocol.ts';
import { quarantineTotals, unpackEntry, type QuarantineRow } from './quarantine.ts';
import { createRecordReader } from './record-reader.ts';

/** A page of readings is about a tenth of a megabyte; one of quarantine at most 16 times 256 KiB. */
const readingPageRows = 2000;
const derivedPageRows = 1000;
const quarantinePageRows = 16;

/**
 * The connection that reads. Long answers go out in pages, each its own statement that starts where the last one
 * ended: a slow consumer holds neither memory nor a snapshot that would keep the write-ahead log from being emptied.
 */
export function createReader(database: Database): ReaderService {
  const statements = prepare(database);
  const { newestValue, series, count, runs, stale } = statements;
  return {
    readings: (input) => readings(statements, input),
    lastBefore: ({ series, before }) => newestValue.get(...keyOf(series), before),
    series: () => series.all(),
    readingCount() {
      const row: { readonly count: number } = count.get();
      return row.count;
    },
    runs: ({ site = null, device = null }) => runs.all(site, device),
    events: (input) => events(statements, input),
    derived: (input) => derived(statements, input),
    derivedKeys: () => statements.derivedKeys.all(),
    stale: (limit) => stale.all(limit),
    quarantineTotals: () => quarantineTotals(statements.quarantineSizes.iterate()),
    quarantined: ({ filter, after }) => quarantined(statements, filter, after),
    records: createRecordReader(database),
    close() {
      database.close();
      return null;
    },
  };
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: Database) {
  const sql = (text: string) => database.prepare(text);
  const rows = (text: string) => {
    const statement = database.prepare(text);
    statement.setReturnArrays(true);
    return statement;
  };
  const reading = `SELECT r.at, r.value, r.raw, r.quality, r.why, r.clock, s.name, r.seq, r.received_after_ms
    FROM reading r JOIN stream s ON s.id = r.stream
    WHERE r.series = (SELECT id FROM series WHERE site = ? AND device = ? AND asset = ? AND quantity = ?)`;
  return {
    readings: rows(`${reading} AND r.at >= ? AND r.at < ? ORDER BY r.at LIMIT ?`),
    newestValue: rows(`${reading} AND r.at < ? AND r.value IS NOT NULL ORDER BY r.at DESC LIMIT 1`),
    series: sql(
      `SELECT site, device, asset, quantity, (SELECT max(at) FROM reading WHERE series = series.id) AS lastAt
        FROM series ORDER BY site, device, asset, quantity`,
    ),
    count: sql(`SELECT count FROM tally WHERE name = 'readings'`),
    runs: sql(
      `SELECT s.site, s.device, s.name AS stream, r.first, r.last, r.first_at AS firstAt, r.last_at AS lastAt
        FROM stream s JOIN run r ON r.stream = s.id
        WHERE (?1 IS NULL OR s.site = ?1) AND (?2 IS NULL OR s.device = ?2)
        ORDER BY s.site, s.device, s.name, r.first`,
    ),
    events: sql(
      `SELECT s.name AS stream, e.seq, e.position, e.at, e.body FROM stream s JOIN event e ON e.stream = s.id
        WHERE s.site = ? AND s.device = ? AND e.at >= ? AND e.at < ?
        ORDER BY e.at, s.name, e.seq, e.position`,
    ),
    derived: rows(
      `SELECT at, fields FROM derived
        WHERE key = (SELECT id FROM derived_key WHERE measurement = ? AND key = ?) AND at >= ? AND at < ?
        ORDER BY at LIMIT ?`,
    ),
    derivedKeys: sql(
      `SELECT measurement, key FROM derived_key WHERE EXISTS (SELECT 1 FROM derived WHERE key = derived_key.id)
        ORDER BY measurement, key`,
    ),
    stale: sql('SELECT key, mark FROM stale ORDER BY since, key LIMIT ?'),
    quarantineSizes: sql(
      'SELECT site, device, description, length(bytes) AS byteCount FROM quarantine ORDER BY site, device',
    ),
    quarantined: sql(
      `SELECT id, site, device, received_at AS receivedAt, description, bytes FROM quarantine
        WHERE (received_at, id) > (?1, ?2)
          AND (?3 IS NULL OR site = ?3) AND (?4 IS NULL OR device = ?4) AND (?5 IS NULL OR id = ?5)
        ORDER BY received_at, id LIMIT ?6`,
    ),
  };
}

function keyOf({ site, device, asset, quantity }: SeriesKey): readonly string[] {
  return [site, device, asset, quantity];
}

function readings(
  statements: Statements,
  { series, span }: Parameters<ReaderService['readings']>[0],
): Page<ReadingRow, number> {
  const rows: readonly ReadingRow[] = statements.readings.all(
    ...keyOf(series),
    span.from,
    span.to,
    readingPageRows,
  );
  return { rows, next: followingTime(rows, readingPageRows) };
}

function derived(
  statements: Statements,
  { key, span }: Parameters<ReaderService['derived']>[0],
): ReturnType<ReaderService['derived']> {
  const rows: readonly (readonly [at: number, fields: string])[] = statements.derived.all(
    key.measurement,
    key.key,
    span.from,
    span.to,
    derivedPageRows,
  );
  return {
    rows: rows.map(([at, fields]) => ({ at, fields: JSON.parse(fields) })),
    next: followingTime(rows, derivedPageRows),
  };
}

/** A time occurs once within a series or key, so the next page starts one millisecond on. */
function followingTime(
  rows: readonly (readonly [at: number, ...rest: readonly unknown[]])[],
  pageRows: number,
): number | undefined {
  const last = rows.at(-1);
  return last === undefined || rows.length < pageRows ? undefined : last[0] + 1;
}

interface EventRow {
  readonly stream: string;
  readonly seq: number;
  readonly position: number;
  readonly at: number;
  readonly body: string;
}

function events(
  statements: Statements,
  { site, device, span }: Parameters<ReaderService['events']>[0],
): readonly StoredEvent[] {
  const rows: readonly EventRow[] = statements.events.all(site, device, span.from, span.to);
  return rows.map(({ stream, seq, position, at, body }) => ({
    site,
    device,
    stream,
    seq,
    at,
    index: position,
    event: JSON.parse(body),
  }));
}

function quarantined(
  statements: Statements,
  { site = null, device = null, id = null }: { [Name in keyof QuarantineFilter]: string | null },
  after: QuarantineCursor,
): Page<QuarantineEntry, QuarantineCursor> {
  const found: readonly QuarantineRow[] = statements.quarantined.all(
    after.receivedAt,
    after.id,
    site,
    device,
    id,
    quarantinePageRows,
  );
  const rows = found.map(unpackEntry);
  return { rows, next: found.length < quarantinePageRows ? undefined : found.at(-1) };
}
