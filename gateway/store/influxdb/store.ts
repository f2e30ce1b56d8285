import type {
  Batch,
  CommitResult,
  DerivedKey,
  DerivedRow,
  OperatorRecord,
  QuarantineEntry,
  QuarantineFilter,
  RecordFilter,
  RunFilter,
  SeriesKey,
  Span,
  StaleMark,
  Store,
  StoredReading,
} from '../port.ts';
import type { ClientOptions, InfluxClient } from './client.ts';
import { Committer } from './commit.ts';
import { DerivedBook, journalMeasurement } from './derived.ts';
import { DocumentLog } from './documents.ts';
import { EventBook, eventMeasurement, readEvents } from './events.ts';
import { FirstContent } from './first-content.ts';
import { quarantineMeasurement, readEntries, releaseLines, totals } from './quarantine.ts';
import { lastReadingBefore, readReadings } from './reader.ts';
import { readRecords, recordMeasurement } from './records.ts';
import { RunBook } from './runs.ts';
import { connect } from './server.ts';
import { StaleBook } from './stale.ts';
import { readSeries } from './taken-times.ts';
import { Tally } from './tally.ts';
import { encodeTag } from './text.ts';
import { Turns } from './turns.ts';

export interface InfluxStoreOptions extends Omit<
  ClientOptions,
  'writeTimeoutMs' | 'queryTimeoutMs'
> {
  /** The gateway's own id: what it writes beside other gateways stands under it. */
  readonly writer: string;
  /** Makes a missing database, policy, bucket or mapping where the server lets us. */
  readonly create?: boolean;
  /** Told what `create` made. */
  readonly made?: (what: string) => void;
  /** Other gateways store readings of the same series meanwhile. */
  readonly shared?: boolean;
  readonly wallMs: () => number;
  readonly writeTimeoutMs?: number;
  readonly queryTimeoutMs?: number;
}

/** Everything that is read once when the store opens. */
interface Parts {
  readonly client: InfluxClient;
  readonly detail: string;
  readonly committer: Committer;
  readonly derived: DerivedBook;
  readonly stale: StaleBook;
  readonly runs: RunBook;
  readonly tally: Tally;
  readonly logs: {
    readonly events: DocumentLog;
    readonly quarantine: DocumentLog;
    readonly records: DocumentLog;
  };
}

/**
 * Opens a store in an InfluxDB. Rejects with StoreError, retryable, for a server that is away or cannot be used as it is
 * set up; the message says what fixes it.
 */
export async function openInfluxStore(options: InfluxStoreOptions): Promise<Store> {
  const { writeTimeoutMs = 30_000, queryTimeoutMs = 60_000 } = options;
  const { create = false, made = () => undefined } = options;
  const { client, detail } = await connect(
    { ...options, writeTimeoutMs, queryTimeoutMs },
    { create, made },
  );
  try {
    return new InfluxStore(await load(client, detail, options));
  } catch (error) {
    client.close();
    throw error;
  }
}

async function load(
  client: InfluxClient,
  detail: string,
  options: InfluxStoreOptions,
): Promise<Parts> {
  const writer = encodeTag(options.writer);
  const { shared = false } = options;
  const log = (measurement: string) =>
    DocumentLog.open(client, measurement, writer, options.wallMs);
  const logs = {
    events: await log(eventMeasurement),
    quarantine: await log(quarantineMeasurement),
    records: await log(recordMeasurement),
  };
  const tally = await Tally.open(client, writer);
  const stale = await StaleBook.open(client, writer, shared);
  const runs = new RunBook(client, writer);
  const derived = await DerivedBook.open(client, await log(journalMeasurement), writer);
  const [contents, events] = [
    await FirstContent.open(client, shared),
    await EventBook.open(client, writer),
  ];
  const committer = new Committer({ client, logs, contents, events, stale, runs, tally });
  return { client, detail, committer, derived, stale, runs, tally, logs };
}

class InfluxStore implements Store {
  readonly kind = 'influxdb';
  readonly detail: string;
  readonly #parts: Parts;
  readonly #turns = new Turns();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.detail = parts.detail;
  }

  commit(batch: Batch): Promise<CommitResult> {
    return this.#turns.write(() => this.#parts.committer.commit(batch));
  }

  readings(series: SeriesKey, span: Span): AsyncIterable<StoredReading> {
    return this.#reading(readReadings(this.#parts.client, series, span));
  }

  lastBefore(series: SeriesKey, before: number) {
    return this.#turns.read(() => lastReadingBefore(this.#parts.client, series, before));
  }

  series() {
    return this.#turns.read(() => readSeries(this.#parts.client));
  }

  readingCount() {
    return this.#turns.read(async () => this.#parts.tally.readings);
  }

  runs(filter: RunFilter) {
    return this.#turns.read(() => this.#parts.runs.read(filter));
  }

  events(site: string, device: string, span: Span) {
    return this.#turns.read(() => readEvents(this.#parts.logs.events, site, device, span));
  }

  putDerived(
    key: DerivedKey,
    rows: readonly DerivedRow[],
    done: readonly StaleMark[],
    replacing?: Span,
  ): Promise<void> {
    const { client, derived, stale } = this.#parts;
    return this.#turns.write(async () => {
      await derived.put(key, rows, replacing);
      const { lines, taken } = stale.done(done);
      if (lines.length > 0) await client.write(lines);
      taken();
    });
  }

  derived(key: DerivedKey, span: Span): AsyncIterable<DerivedRow> {
    return this.#reading(this.#parts.derived.read(key, span));
  }

  derivedKeys() {
    return this.#turns.read(() => this.#parts.derived.keys());
  }

  stale(limit: number) {
    return this.#turns.read(() => this.#parts.stale.waiting(limit));
  }

  quarantineTotals() {
    return this.#turns.read(() => totals(this.#parts.logs.quarantine));
  }

  quarantined(filter: QuarantineFilter): AsyncIterable<QuarantineEntry> {
    return this.#reading(readEntries(this.#parts.logs.quarantine, filter));
  }

  release(id: string): Promise<void> {
    const { client, logs } = this.#parts;
    return this.#turns.write(async () => {
      const lines = await releaseLines(logs.quarantine, id);
      if (lines.length > 0) await client.write(lines);
    });
  }

  records(filter: RecordFilter): AsyncIterable<OperatorRecord> {
    return this.#reading(readRecords(this.#parts.logs.records, filter));
  }

  async close(): Promise<void> {
    if (!(await this.#turns.close())) return;
    const { client, tally } = this.#parts;
    // Only the count of readings is left behind; without it the next start counts.
    await tally.close(client).catch(() => undefined);
    client.close();
  }

  /**
   * Each page is a call of its own: a consumer may take its time, and a closed store stops in between. The next one is
   * asked for while this one is being used.
   */
  async *#reading<Item>(
    pages: AsyncGenerator<readonly Item[], void, undefined>,
  ): AsyncGenerator<Item, void, undefined> {
    const ask = () => {
      const next = this.#turns.read(() => pages.next());
      // Whoever leaves half way does not hear of it.
      next.catch(() => undefined);
      return next;
    };
    try {
      for (let next = ask(); ;) {
        const page = await next;
        if (page.done === true) return;
        next = ask();
        for (const item of page.value) yield item;
      }
    } finally {
      await pages.return();
    }
  }
}
