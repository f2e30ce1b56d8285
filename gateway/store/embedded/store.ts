import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  StoreError,
  type Batch,
  type CommitResult,
  type DerivedKey,
  type DerivedRow,
  type OperatorRecord,
  type QuarantineEntry,
  type QuarantineFilter,
  type RecordFilter,
  type RunFilter,
  type SeriesKey,
  type Span,
  type StaleMark,
  type Store,
  type StoredReading,
} from '../port.ts';
import { ReaderHere } from './here.ts';
import { WorkerLink } from './link.ts';
import { checkDerived, pack, unpackReading, unpackResult } from './packing.ts';
import { pages } from './pages.ts';
import type { QuarantineCursor, ReaderService, WorkerStart, WriterService } from './protocol.ts';

/** The database of a data folder. */
export function databaseFile(folder: string): string {
  return join(folder, 'kadoru.db');
}

export interface EmbeddedStoreOptions {
  /** Folder of the database; made where it is missing. One gateway at a time may have it open. */
  readonly folder: string;
  /** Starts a store thread. Given by tests that end one. */
  readonly startWorker?: (start: WorkerStart) => Worker;
}

/**
 * Opens the embedded store: SQLite in two threads, one that writes and one that reads.
 * Rejects with StoreError for a folder in use, a file from a newer program, or a disk that does not let us.
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<Store> {
  const { folder, startWorker = startBuiltWorker } = options;
  const file = databaseFile(folder);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new StoreError(
      `store ${folder}: the folder cannot be made: ${String(error)}`,
      true,
      error,
    );
  });
  const writer = await linked<WriterService>(startWorker({ role: 'writer', file }), 'writer');
  // The writer makes the file and its schema; a reader started earlier would find neither.
  try {
    const reader = await linked<ReaderService>(startWorker({ role: 'reader', file }), 'reader');
    return new EmbeddedStore(writer, reader);
  } catch (error) {
    await writer.close();
    throw error;
  }
}

/**
 * Opens an embedded store for reading, beside the gateway that has it open or while none runs: whatever would write is
 * rejected. Rejects with StoreError where there is no store.
 *
 * @param where `here`: in the caller's own thread, for programs that have nothing to do while SQLite works.
 */
export async function openEmbeddedReader(
  options: Pick<EmbeddedStoreOptions, 'folder'>,
  where: 'thread' | 'here' = 'thread',
): Promise<Store> {
  const file = databaseFile(options.folder);
  if (where === 'here') return new EmbeddedStore(noWriter, new ReaderHere(file));
  const reader = await linked<ReaderService>(startBuiltWorker({ role: 'reader', file }), 'reader');
  return new EmbeddedStore(noWriter, reader);
}

type Link = 'call' | 'close' | 'stop' | 'lost';
type Writer = Pick<WorkerLink<WriterService>, Link>;
type Reader = Pick<WorkerLink<ReaderService>, Link>;

const noWriter: Writer = {
  call: () => Promise.reject(new StoreError('store: opened for reading only', false)),
  close: () => Promise.resolve(),
  stop: () => undefined,
  lost: new Promise(() => undefined),
};

function startBuiltWorker(start: WorkerStart): Worker {
  const program = createRequire(import.meta.url).resolve('#build/store-worker.js');
  return new Worker(program, { workerData: start, name: `store-${start.role}` });
}

async function linked<Service>(worker: Worker, name: string): Promise<WorkerLink<Service>> {
  const link = new WorkerLink<Service>(worker, name);
  await link.opened;
  return link;
}

class EmbeddedStore implements Store {
  readonly kind = 'embedded';
  readonly #writer: Writer;
  readonly #reader: Reader;
  #closing = false;

  constructor(writer: Writer, reader: Reader) {
    this.#writer = writer;
    this.#reader = reader;
    // Half a store is none: a gateway that cannot read would go on acknowledging what it can no longer show.
    void writer.lost.then((reason) => this.#abandon(reader, reason));
    void reader.lost.then((reason) => this.#abandon(writer, reason));
  }

  async commit(batch: Batch): Promise<CommitResult> {
    return unpackResult(await this.#writer.call('commit', pack(batch)), batch);
  }

  readings(series: SeriesKey, span: Span): AsyncIterable<StoredReading> {
    return pages(span.from, async (from) => {
      const input = { series, span: { from, to: span.to } };
      const { rows, next } = await this.#reader.call('readings', input);
      return { rows: rows.map((row) => unpackReading(series, row)), next };
    });
  }

  async lastBefore(series: SeriesKey, before: number): Promise<StoredReading | undefined> {
    const row = await this.#reader.call('lastBefore', { series, before });
    return row === undefined ? undefined : unpackReading(series, row);
  }

  series() {
    return this.#reader.call('series', undefined);
  }

  readingCount() {
    return this.#reader.call('readingCount', undefined);
  }

  runs(filter: RunFilter) {
    return this.#reader.call('runs', filter);
  }

  events(site: string, device: string, span: Span) {
    return this.#reader.call('events', { site, device, span });
  }

  async putDerived(
    key: DerivedKey,
    rows: readonly DerivedRow[],
    done: readonly StaleMark[],
    replacing?: Span,
  ): Promise<void> {
    checkDerived(key, rows, replacing);
    await this.#writer.call('putDerived', { key, rows, done, replacing });
  }

  derived(key: DerivedKey, span: Span) {
    return pages(span.from, (from) =>
      this.#reader.call('derived', { key, span: { from, to: span.to } }),
    );
  }

  derivedKeys() {
    return this.#reader.call('derivedKeys', undefined);
  }

  stale(limit: number) {
    return this.#reader.call('stale', limit);
  }

  quarantineTotals() {
    return this.#reader.call('quarantineTotals', undefined);
  }

  quarantined(filter: QuarantineFilter): AsyncIterable<QuarantineEntry> {
    const oldest: QuarantineCursor = { receivedAt: Number.MIN_SAFE_INTEGER, id: '' };
    return pages(oldest, (after) => this.#reader.call('quarantined', { filter, after }));
  }

  async release(id: string): Promise<void> {
    await this.#writer.call('release', id);
  }

  records(filter: RecordFilter): AsyncIterable<OperatorRecord> {
    return pages(0, (after) => this.#reader.call('records', { filter, after }));
  }

  /** The reader first: the last connection to close empties the write-ahead log, and the reader may not write. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#reader.close();
    await this.#writer.close();
  }

  #abandon(other: { stop(reason: StoreError): void }, reason: StoreError): void {
    if (!this.#closing) other.stop(reason);
  }
}
