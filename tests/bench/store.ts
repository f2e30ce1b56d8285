import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { openEmbeddedStore } from '../../gateway/store/embedded/store.ts';
import type { SeriesKey, Store, StoredReading } from '../../gateway/store/port.ts';
import { median } from './median.ts';
import type { Row } from './row.ts';

const batchRows = 500;
const roundBatches = 100;
const rounds = 5;
const seriesCount = 10;
const startMs = 1_775_001_600_000;

/**
 * The embedded store against what it is built on: one SQLite connection on the calling thread with the same pragmas,
 * the same columns and a plain upsert. The two take turns, so that both meet the same machine. Takes about 10 s.
 */
export async function benchStore(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kadoru-bench-store-'));
  const store = await openEmbeddedStore({ folder });
  const plain = openPlain(join(folder, 'plain.db'));
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) samples.push(await measure(store, plain, round));
  plain.close();
  await store.close();
  const { size } = await stat(join(folder, 'kadoru.db'));
  await rm(folder, { recursive: true });
  return report(samples, size / (rounds * roundBatches * batchRows));
}

interface Sample {
  readonly storeWritesPerS: number;
  readonly plainWritesPerS: number;
  readonly storeReadsPerS: number;
  readonly plainReadsPerS: number;
}

async function measure(store: Store, plain: Plain, round: number): Promise<Sample> {
  const batches = Array.from({ length: roundBatches }, (_, index) =>
    batchOf(round * roundBatches + index),
  );
  return {
    storeWritesPerS: await rowsPerS(() => commitAll(store, batches)),
    plainWritesPerS: await rowsPerS(() => Promise.resolve(plain.commitAll(batches))),
    storeReadsPerS: await rowsPerS(() => readAll(store, spanOf(round))),
    plainReadsPerS: await rowsPerS(() => Promise.resolve(plain.readAll(spanOf(round)))),
  };
}

function report(samples: readonly Sample[], bytesPerReading: number): Row[] {
  const of = (name: keyof Sample) => median(samples.map((sample) => sample[name]));
  const ratioOf = (one: keyof Sample, other: keyof Sample) =>
    median(samples.map((sample) => sample[one] / sample[other]));
  const note = `${batchRows} readings a commit, synchronous=FULL, median of ${rounds} rounds`;
  return [
    { name: 'store: commits', value: of('storeWritesPerS'), unit: 'rows/s', note },
    { name: 'store: plain SQLite upsert', value: of('plainWritesPerS'), unit: 'rows/s' },
    {
      name: 'store: commits against plain SQLite',
      value: ratioOf('storeWritesPerS', 'plainWritesPerS'),
      unit: 'ratio',
    },
    { name: 'store: readings streamed', value: of('storeReadsPerS'), unit: 'rows/s' },
    { name: 'store: plain SQLite iterated', value: of('plainReadsPerS'), unit: 'rows/s' },
    {
      name: 'store: readings against plain SQLite',
      value: ratioOf('storeReadsPerS', 'plainReadsPerS'),
      unit: 'ratio',
    },
    { name: 'store: file size', value: bytesPerReading, unit: 'bytes/reading' },
  ];
}

/** `work` answers how many rows it handled. */
async function rowsPerS(work: () => Promise<number>): Promise<number> {
  const startNs = process.hrtime.bigint();
  const rows = await work();
  return rows / (Number(process.hrtime.bigint() - startNs) / 1e9);
}

const seriesOf = (index: number): SeriesKey => ({
  site: 'keihin',
  device: 'pi-1',
  asset: `pack-${index}`,
  quantity: 'pressure',
});

/** Pressures of ten packs, one a second. */
function batchOf(batch: number): StoredReading[] {
  return Array.from({ length: batchRows }, (_, index) => {
    const seq = (batch * batchRows + index - (index % seriesCount)) / seriesCount;
    const at = startMs + seq * 1000;
    const origin = { stream: 'k3f9', seq, receivedAt: at + 40, clock: 'synced' } as const;
    const content = { raw: 17_000 + (seq % 100), quality: 'good', why: null } as const;
    return { ...seriesOf(index % seriesCount), at, value: 12 + seq * 1e-6, ...content, ...origin };
  });
}

function spanOf(round: number): { readonly from: number; readonly to: number } {
  const seconds = (roundBatches * batchRows) / seriesCount;
  return { from: startMs + round * seconds * 1000, to: startMs + (round + 1) * seconds * 1000 };
}

async function commitAll(store: Store, batches: readonly StoredReading[][]): Promise<number> {
  const rest = { events: [], quarantine: [], records: [], stale: [] };
  let added = 0;
  for (const readings of batches) {
    const frames = readings.filter((_, index) => index % seriesCount === 0);
    added += (await store.commit({ ...rest, frames, readings })).added;
  }
  return added;
}

async function readAll(store: Store, span: ReturnType<typeof spanOf>): Promise<number> {
  let rows = 0;
  for (let series = 0; series < seriesCount; series += 1)
    for await (const reading of store.readings(seriesOf(series), span))
      if (reading.value !== null) rows += 1;
  return rows;
}

interface Plain {
  commitAll(batches: readonly StoredReading[][]): number;
  readAll(span: ReturnType<typeof spanOf>): number;
  close(): void;
}

function openPlain(file: string): Plain {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE reading (series INTEGER, at INTEGER, value REAL, raw REAL, quality INTEGER, why INTEGER, clock INTEGER,
      stream INTEGER, seq INTEGER, received INTEGER, PRIMARY KEY (series, at)) WITHOUT ROWID`);
  const upsert = database.prepare(
    `INSERT INTO reading VALUES (?, ?, ?, ?, 0, NULL, 0, 1, ?, ?)
      ON CONFLICT DO UPDATE SET value = excluded.value, raw = excluded.raw`,
  );
  const select = database.prepare(
    'SELECT * FROM reading WHERE series = ? AND at >= ? AND at < ? ORDER BY at',
  );
  return {
    commitAll: (batches) =>
      batches.reduce((sum, batch) => sum + plainCommit(database, upsert, batch), 0),
    readAll(span) {
      let rows = 0;
      for (let series = 0; series < seriesCount; series += 1)
        for (const row of select.iterate(series, span.from, span.to))
          if (row.value !== null) rows += 1;
      return rows;
    },
    close: () => database.close(),
  };
}

function plainCommit(
  database: DatabaseSyncInstance,
  upsert: ReturnType<DatabaseSyncInstance['prepare']>,
  batch: readonly StoredReading[],
): number {
  database.exec('BEGIN IMMEDIATE');
  for (const [index, { at, value, raw, seq, receivedAt }] of batch.entries())
    upsert.run(index % seriesCount, at, value, raw, seq, receivedAt - at);
  database.exec('COMMIT');
  return batch.length;
}
