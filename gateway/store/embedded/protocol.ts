import type {
  DerivedKey,
  DerivedRow,
  OperatorRecord,
  QuarantineEntry,
  QuarantineFilter,
  QuarantineTotals,
  RecordFilter,
  RunFilter,
  SeqRun,
  SeriesKey,
  Span,
  StaleMark,
  StoredEvent,
} from '../port.ts';
import type { PackedBatch, PackedResult, ReadingRow } from './packing.ts';

/** What a worker is told when it starts. One program serves both roles: `worker.ts`. */
export interface WorkerStart {
  readonly role: 'writer' | 'reader';
  readonly file: string;
}

/** A piece of a long answer; `next` is where the following piece starts, undefined at the end. */
export interface Page<Row, Cursor> {
  readonly rows: readonly Row[];
  readonly next: Cursor | undefined;
}

/** Where a walk through quarantine stands: within a millisecond the id decides. */
export interface QuarantineCursor {
  readonly receivedAt: number;
  readonly id: string;
}

export interface DerivedWrite {
  readonly key: DerivedKey;
  readonly rows: readonly DerivedRow[];
  readonly done: readonly StaleMark[];
  readonly replacing: Span | undefined;
}

/** What the writer's thread does. Each call is one transaction; each throws StoreError or what SQLite threw. */
export interface WriterService {
  commit(batch: PackedBatch): PackedResult;
  putDerived(write: DerivedWrite): null;
  release(id: string): null;
  close(): null;
}

/** What the reader's thread does. No call keeps a statement open, so no reader holds a checkpoint back. */
export interface ReaderService {
  readings(input: { readonly series: SeriesKey; readonly span: Span }): Page<ReadingRow, number>;
  lastBefore(input: {
    readonly series: SeriesKey;
    readonly before: number;
  }): ReadingRow | undefined;
  series(): readonly (SeriesKey & { readonly lastAt: number })[];
  readingCount(): number;
  runs(filter: RunFilter): readonly SeqRun[];
  events(input: {
    readonly site: string;
    readonly device: string;
    readonly span: Span;
  }): readonly StoredEvent[];
  derived(input: { readonly key: DerivedKey; readonly span: Span }): Page<DerivedRow, number>;
  derivedKeys(): readonly DerivedKey[];
  stale(limit: number): readonly StaleMark[];
  quarantineTotals(): readonly QuarantineTotals[];
  quarantined(input: {
    readonly filter: QuarantineFilter;
    readonly after: QuarantineCursor;
  }): Page<QuarantineEntry, QuarantineCursor>;
  /** `after` is the position of the last record taken; positions count from 1. */
  records(input: {
    readonly filter: RecordFilter;
    readonly after: number;
  }): Page<OperatorRecord, number>;
  close(): null;
}

/** The names of a service's operations; every operation takes at most one argument. */
export type OperationName<Service> = keyof Service & string;
export type Input<Operation> = Operation extends (input: infer Given) => unknown ? Given : never;
export type Output<Operation> = Operation extends (input: never) => infer Given ? Given : never;

/** One call as it crosses to the worker; its answer carries the same id. `WorkerLink.call` is what types it. */
export interface Request {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

export type Answer =
  | { readonly id: number; readonly outcome: 'done'; readonly value: unknown }
  | {
      readonly id: number;
      readonly outcome: 'failed';
      readonly message: string;
      readonly retryable: boolean;
    };

/** Id of the answer that says whether the worker could open the database. Calls count from 1. */
export const openingId = 0;
