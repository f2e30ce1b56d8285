import type {
  Batch,
  CommitResult,
  DerivedKey,
  DerivedRow,
  OperatorRecord,
  RecordFilter,
  SeqRun,
  SeriesKey,
  Store,
  StoredEvent,
  StoredReading,
} from '../store/port.ts';
import type { AppParts } from './parts.ts';

/** Test equipment: a store in memory. */

type Reads = AppParts['store'];

const inSpan = (at: number, span: { readonly from: number; readonly to: number }): boolean =>
  at >= span.from && at < span.to;

/** What HTTP needs of the store port, in memory. */
export class MemoryStore implements Reads, Pick<Store, 'records' | 'commit'> {
  readonly stored: StoredReading[] = [];
  readonly seqRuns: SeqRun[] = [];
  readonly storedEvents: StoredEvent[] = [];
  readonly rows = new Map<string, DerivedRow[]>();
  readonly committed: Batch[] = [];
  /** Reads of `readings` under way, and rows they gave out: what a slow client must keep small. */
  openReads = 0;
  rowsRead = 0;
  /** Thrown by `readings` after this many rows. */
  failure: { readonly afterRows: number; readonly error: Error } | undefined;

  async *readings(
    series: SeriesKey,
    span: { from: number; to: number },
  ): AsyncIterable<StoredReading> {
    this.openReads += 1;
    try {
      for (const [index, reading] of this.stored
        .filter((each) => sameSeries(each, series))
        .entries()) {
        if (this.failure?.afterRows === index) throw this.failure.error;
        await Promise.resolve();
        this.rowsRead += 1;
        if (inSpan(reading.at, span)) yield reading;
      }
    } finally {
      this.openReads -= 1;
    }
  }

  lastBefore(series: SeriesKey, before: number) {
    const earlier = this.stored.filter((each) => sameSeries(each, series) && each.at < before);
    return Promise.resolve(earlier.toSorted((a, b) => a.at - b.at).at(-1));
  }

  stale() {
    return Promise.resolve([]);
  }

  async *records({ site, kind, subject }: RecordFilter = {}): AsyncIterable<OperatorRecord> {
    const wanted = (record: OperatorRecord): boolean =>
      (site === undefined || record.site === site) &&
      (kind === undefined || record.kind === kind) &&
      (subject === undefined || record.subject === subject);
    for (const { records } of this.committed) yield* records.filter(wanted);
  }

  commit(batch: Batch): Promise<CommitResult> {
    this.committed.push(batch);
    this.stored.push(...batch.readings);
    return Promise.resolve({ conflicts: [], added: batch.readings.length, recordConflicts: [] });
  }

  series() {
    return Promise.resolve(this.stored.map((reading) => ({ ...reading, lastAt: reading.at })));
  }

  runs({ site, device }: { readonly site?: string; readonly device?: string }) {
    const wanted = (run: SeqRun): boolean =>
      (site === undefined || run.site === site) && (device === undefined || run.device === device);
    return Promise.resolve(this.seqRuns.filter(wanted));
  }

  events(site: string, device: string, span: { from: number; to: number }) {
    const wanted = (event: StoredEvent): boolean =>
      event.site === site && event.device === device && inSpan(event.at, span);
    return Promise.resolve(this.storedEvents.filter(wanted));
  }

  async *derived(
    { measurement, key }: DerivedKey,
    span: { from: number; to: number },
  ): AsyncIterable<DerivedRow> {
    for (const row of this.rows.get(`${measurement} ${key}`) ?? [])
      if (inSpan(row.at, span)) yield row;
  }
}

function sameSeries(a: SeriesKey, b: SeriesKey): boolean {
  return (
    a.site === b.site && a.device === b.device && a.asset === b.asset && a.quantity === b.quantity
  );
}
