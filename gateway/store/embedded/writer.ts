import type { SeriesKey, StaleMark } from '../port.ts';
import { inTransaction, realParameter, type Database } from './driver.ts';
import type { PackedBatch, PackedResult, StreamKey } from './packing.ts';
import type { DerivedWrite, WriterService } from './protocol.ts';
import type { RecordRow } from './records.ts';
import { joined, type Run } from '../runs.ts';

/** The one connection that writes: turns batches into transactions. Answers only after the commit is durable. */
export function createWriter(database: Database): WriterService {
  const statements = prepare(database);
  return {
    commit: (batch) => inTransaction(database, () => commit(statements, batch)),
    putDerived: (write) => inTransaction(database, () => putDerived(statements, write)),
    release(id) {
      statements.release.run(id);
      return null;
    },
    close() {
      database.close();
      return null;
    },
  };
}

type Statements = ReturnType<typeof prepare>;

function prepare(database: Database) {
  const sql = (text: string) => database.prepare(text);
  return {
    addSeries: sql(
      'INSERT INTO series (site, device, asset, quantity) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    findSeries: sql(
      'SELECT id FROM series WHERE site = ? AND device = ? AND asset = ? AND quantity = ?',
    ),
    addStream: sql(
      'INSERT INTO stream (site, device, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    findStream: sql('SELECT id FROM stream WHERE site = ? AND device = ? AND name = ?'),
    addReading: sql(
      'INSERT INTO reading VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    sameReading: sql(
      'SELECT 1 FROM reading WHERE series = ? AND at = ? AND value IS ? AND raw IS ? AND quality = ? AND why IS ?',
    ),
    runBefore: sql(
      'SELECT first FROM run WHERE stream = ? AND first < ? ORDER BY first DESC LIMIT 1',
    ),
    runsTouching: sql(
      `SELECT first, last, first_at AS firstAt, last_at AS lastAt FROM run
        WHERE stream = ? AND first BETWEEN ? AND ? AND last >= ? ORDER BY first`,
    ),
    dropRuns: sql('DELETE FROM run WHERE stream = ? AND first BETWEEN ? AND ?'),
    addRun: sql('INSERT INTO run (stream, first, last, first_at, last_at) VALUES (?, ?, ?, ?, ?)'),
    addEvent: sql(
      'INSERT INTO event (stream, seq, position, at, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    addQuarantine: sql(
      `INSERT INTO quarantine (id, site, device, received_at, description, bytes) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING`,
    ),
    addRecord: sql(
      `INSERT INTO record (site, kind, id, subject, at, recorded_at, by_whom, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING`,
    ),
    sameRecord: sql(
      'SELECT 1 FROM record WHERE site = ? AND kind = ? AND id = ? AND subject = ? AND at = ? AND by_whom = ? AND body = ?',
    ),
    release: sql('DELETE FROM quarantine WHERE id = ?'),
    addStale: sql(
      'INSERT INTO stale (key, since, mark) VALUES (?1, ?2, ?2) ON CONFLICT DO UPDATE SET mark = excluded.mark',
    ),
    dropStale: sql('DELETE FROM stale WHERE key = ? AND mark <= ?'),
    count: sql('UPDATE tally SET count = count + ? WHERE name = ? RETURNING count'),
    addDerivedKey: sql(
      'INSERT INTO derived_key (measurement, key) VALUES (?, ?) ON CONFLICT DO NOTHING',
    ),
    findDerivedKey: sql('SELECT id FROM derived_key WHERE measurement = ? AND key = ?'),
    dropDerived: sql('DELETE FROM derived WHERE key = ? AND at >= ? AND at < ?'),
    putDerived: sql('INSERT OR REPLACE INTO derived (key, at, fields) VALUES (?, ?, ?)'),
  };
}

function commit(statements: Statements, batch: PackedBatch): PackedResult {
  const series = batch.series.map((key) => seriesId(statements, key));
  const streams = batch.streams.map((key) => streamId(statements, key));
  const { added, conflicts } = addReadings(statements, batch, series, streams);
  for (const run of batch.runs) addRun(statements, at(streams, run.stream), run);
  for (const { stream, seq, index, at: time, body } of batch.events)
    statements.addEvent.run(at(streams, stream), seq, index, time, body);
  for (const { id, site, device, receivedAt, description, bytes } of batch.quarantine)
    statements.addQuarantine.run(id, site, device, receivedAt, description, bytes);
  if (batch.stale.length > 0) markStale(statements, batch.stale);
  return { added, conflicts, recordConflicts: addRecords(statements, batch.records) };
}

/** Inserts first and looks only at what did not go in: the ordinary row costs one statement. */
function addReadings(
  { addReading, sameReading, count }: Statements,
  batch: PackedBatch,
  seriesIds: readonly number[],
  streamIds: readonly number[],
): Pick<PackedResult, 'added' | 'conflicts'> {
  let added = 0;
  const conflicts: number[] = [];
  for (const [position, row] of batch.readings.entries()) {
    const [series, time, givenValue, givenRaw, quality, why, clock, stream, seq, receivedAfterMs] =
      row;
    const id = at(seriesIds, series);
    const value = realParameter(givenValue);
    const raw = realParameter(givenRaw);
    const origin = at(streamIds, stream);
    const { changes } = addReading.run(
      id,
      time,
      value,
      raw,
      quality,
      why,
      clock,
      origin,
      seq,
      receivedAfterMs,
    );
    if (changes > 0) added += 1;
    else if (sameReading.get(id, time, value, raw, quality, why) === undefined)
      conflicts.push(position);
  }
  if (added > 0) count.get(added, 'readings');
  return { added, conflicts };
}

/** Answers the positions of those under whose identity other content stands. */
function addRecords(
  { addRecord, sameRecord }: Statements,
  records: readonly RecordRow[],
): readonly number[] {
  const conflicts: number[] = [];
  for (const [position, record] of records.entries()) {
    const { site, kind, id, subject, at, recordedAt, by, body } = record;
    const { changes } = addRecord.run(site, kind, id, subject, at, recordedAt, by, body);
    if (changes > 0) continue;
    if (sameRecord.get(site, kind, id, subject, at, by, body) === undefined)
      conflicts.push(position);
  }
  return conflicts;
}

/** Runs of a stream never overlap or touch, so only the one before and those that begin inside can be affected. */
function addRun(statements: Statements, stream: number, run: Run): void {
  const before: { readonly first: number } | undefined = statements.runBefore.get(
    stream,
    run.first,
  );
  const from = before?.first ?? run.first;
  const to = run.last + 1;
  const touching: readonly Run[] = statements.runsTouching.all(stream, from, to, run.first - 1);
  const whole = joined(touching, run);
  statements.dropRuns.run(stream, touching[0]?.first ?? run.first, to);
  statements.addRun.run(stream, whole.first, whole.last, whole.firstAt, whole.lastAt);
}

/** `since` keeps the time of the first mark: a key marked every second still gets its turn. */
function markStale(statements: Statements, keys: readonly string[]): void {
  const { count: mark }: { readonly count: number } = statements.count.get(1, 'marks');
  for (const key of keys) statements.addStale.run(key, mark);
}

function putDerived(statements: Statements, { key, rows, done, replacing }: DerivedWrite): null {
  statements.addDerivedKey.run(key.measurement, key.key);
  const id = found(statements.findDerivedKey.get(key.measurement, key.key));
  if (replacing !== undefined) statements.dropDerived.run(id, replacing.from, replacing.to);
  for (const row of rows) statements.putDerived.run(id, row.at, JSON.stringify(row.fields));
  dropStale(statements, done);
  return null;
}

function dropStale(statements: Statements, done: readonly StaleMark[]): void {
  for (const { key, mark } of done) statements.dropStale.run(key, mark);
}

function seriesId(statements: Statements, { site, device, asset, quantity }: SeriesKey): number {
  statements.addSeries.run(site, device, asset, quantity);
  return found(statements.findSeries.get(site, device, asset, quantity));
}

function streamId(statements: Statements, { site, device, name }: StreamKey): number {
  statements.addStream.run(site, device, name);
  return found(statements.findStream.get(site, device, name));
}

function found(row: { readonly id: number } | undefined): number {
  if (row === undefined) throw new Error('a row that was just written is not there');
  return row.id;
}

function at(ids: readonly number[], position: number): number {
  const id = ids[position];
  if (id === undefined) throw new Error(`position ${position} in a batch with ${ids.length} keys`);
  return id;
}
