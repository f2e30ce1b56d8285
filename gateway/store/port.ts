import type { FrameEvent, Quality, QuantityName, Why } from '#device/contract';

/** Who measured: `{site}/{device}/{asset}/{quantity}`. */
export interface SeriesKey {
  readonly site: string;
  readonly device: string;
  readonly asset: string;
  readonly quantity: QuantityName;
}

/** A reading as stored. Its identity is series and `at`; its content is value, raw, quality and why. */
export interface StoredReading extends SeriesKey {
  /** Epoch milliseconds, as the device stamped it. */
  readonly at: number;
  readonly value: number | null;
  readonly raw: number | null;
  readonly quality: Quality;
  readonly why: Why | null;
  /** Only `synced` readings enter register accounting and claims. */
  readonly clock: 'synced' | 'estimated';
  readonly stream: string;
  readonly seq: number;
  /** When the gateway got it: for diagnosis only, in no seal and no claim. */
  readonly receivedAt: number;
}

/** That a frame is held: the basis of acknowledgements and of `/gaps`. */
export interface StoredFrame {
  readonly site: string;
  readonly device: string;
  readonly stream: string;
  readonly seq: number;
  readonly at: number;
}

export interface StoredEvent extends StoredFrame {
  /** Position in the frame: part of the identity. */
  readonly index: number;
  readonly event: FrameEvent;
}

/** Something refused, kept to the byte. `id` is derived from content, so that a resend is the same entry. */
export interface QuarantineEntry {
  readonly id: string;
  readonly site: string;
  readonly device: string;
  readonly topic: string;
  readonly receivedAt: number;
  readonly reasons: readonly QuarantineReason[];
  readonly bytes: Uint8Array;
}

export interface QuarantineReason {
  readonly code: string;
  /** Where in the message, as a dotted path. */
  readonly path: string;
  readonly detail: string;
}

/**
 * What a person said, or the gateway noted in nobody's name: appended, never changed (design.md, "Operator records").
 * Identity is site, kind and id; content is subject, at, by and body.
 */
export interface OperatorRecord {
  readonly site: string;
  readonly kind: string;
  readonly id: string;
  /** The asset it is about; empty for the site itself. */
  readonly subject: string;
  /** The time it speaks of, epoch milliseconds. */
  readonly at: number;
  readonly recordedAt: number;
  readonly by: string;
  /** JSON, at most 64 levels deep; its shape is the kind's own. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RecordFilter {
  readonly site?: string;
  readonly kind?: string;
  readonly subject?: string;
}

/** One durable commit: everything in it, or nothing. */
export interface Batch {
  readonly frames: readonly StoredFrame[];
  /** Frames that another store holds already, taken over as the runs they are. */
  readonly runs?: readonly SeqRun[];
  readonly readings: readonly StoredReading[];
  readonly events: readonly StoredEvent[];
  readonly quarantine: readonly QuarantineEntry[];
  readonly records: readonly OperatorRecord[];
  /** Keys of derived data that must be recomputed; they survive a kill between commit and recomputation. */
  readonly stale: readonly string[];
}

export interface CommitResult {
  /** Readings not stored because other content stands under their identity (first content wins): the very objects
   * of the batch. */
  readonly conflicts: readonly StoredReading[];
  /** Readings that were new. */
  readonly added: number;
  /**
   * Records not stored because other content (subject, at, by, body) stands under their identity: the very objects of
   * the batch.
   */
  readonly recordConflicts: readonly OperatorRecord[];
  /** Readings not stored because the database refuses them: the very objects of the batch. Absent where there are none. */
  readonly refused?: readonly RefusedReading[];
  /** The same for events. */
  readonly refusedEvents?: readonly RefusedEvent[];
}

/** A reading the database itself will not take (beyond its retention, of another type), and what it said. */
export interface RefusedReading {
  readonly reading: StoredReading;
  readonly reason: string;
}

/** The same of an event. */
export interface RefusedEvent {
  readonly event: StoredEvent;
  readonly reason: string;
}

/** A run of sequence numbers stored without a hole, with the device times at its ends. */
export interface SeqRun {
  readonly site: string;
  readonly device: string;
  readonly stream: string;
  readonly first: number;
  readonly last: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface RunFilter {
  readonly site?: string;
  readonly device?: string;
}

/** Half-open: `from <= at < to`, epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A derived row: replaceable, keyed by measurement, key and time. */
export interface DerivedRow {
  readonly at: number;
  readonly fields: Readonly<Record<string, number | string | null>>;
}

export interface DerivedKey {
  readonly measurement: string;
  readonly key: string;
}

/**
 * That derived data under `key` must be recomputed. `mark` rises with every commit that named the key, so that
 * reporting an older mark as done cannot wipe out what was committed while the recomputation ran.
 */
export interface StaleMark {
  readonly key: string;
  readonly mark: number;
}

export interface QuarantineTotals {
  readonly site: string;
  readonly device: string;
  readonly entries: number;
  readonly bytes: number;
  /** Entries that name the reason's code at least once. */
  readonly byReason: Readonly<Record<string, number>>;
}

export interface QuarantineFilter {
  readonly site?: string;
  readonly device?: string;
  readonly id?: string;
}

/** A store that cannot do what it was asked. `retryable`: the same call may succeed later. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly retryable: boolean;
  constructor(message: string, retryable: boolean, cause?: unknown) {
    super(message, { cause });
    this.retryable = retryable;
  }
}

/**
 * What a person said, and the database will not take: the same call fails again until somebody mends the database. The
 * message holds its reason.
 */
export class RefusedRecords extends StoreError {
  constructor(message: string, cause?: unknown) {
    super(message, false, cause);
  }
}

/**
 * What the gateway needs of a database (guarantees 1, 2 and 4 of design.md). Every implementation passes
 * `contract.suite.ts`. Rejections are `StoreError`.
 */
export interface Store {
  readonly kind: string;
  /** What exactly it talks to, for people; absent where `kind` says it all. */
  readonly detail?: string;
  /**
   * Resolves once the batch is durable: it survives SIGKILL and power loss from then on. Equal readings change
   * nothing; conflicting ones are left out and answered (within one batch, too, the first content wins). A frame
   * enters `runs` even where nothing in it was new. A commit rejected for its content (not `retryable`) stored nothing;
   * one that may be repeated stored nothing, too, or, where a database has no transactions, a part of which the
   * repetition makes the whole; a frame's place in `runs` is never there before its content. A number that is not finite is refused: it would come back
   * as an unknown value. What the database itself refuses (`refused`, `refusedEvents`) is left out and answered; but a
   * batch with records is rejected with RefusedRecords where it refuses a record or a reading, and what else of it may
   * stand is what the repetition finds equal. Records follow the same rule of the first content; their
   * bodies are compared as JSON, whatever the order of keys, and a body that is not JSON is refused.
   */
  commit(batch: Batch): Promise<CommitResult>;
  /** Oldest first. Memory stays bounded however long the span; what is committed meanwhile may appear. */
  readings(series: SeriesKey, span: Span): AsyncIterable<StoredReading>;
  /** The newest reading with `at` below `before` and a value that is not null, or undefined. */
  lastBefore(series: SeriesKey, before: number): Promise<StoredReading | undefined>;
  /** Every series that has a reading, with the time of its newest. */
  series(): Promise<readonly (SeriesKey & { readonly lastAt: number })[]>;
  readingCount(): Promise<number>;
  /** Runs of stored sequence numbers, ordered by site, device, stream and first. */
  runs(filter: RunFilter): Promise<readonly SeqRun[]>;
  /** Events whose frame time lies in the span, oldest first. */
  events(site: string, device: string, span: Span): Promise<readonly StoredEvent[]>;

  /**
   * Writes rows and takes off the marks in `done`, in one durable commit. A row replaces the whole row at its time;
   * a key that a commit marked again since keeps its mark. With `replacing`, rows of this key in that span that are
   * not among `rows` are removed in the same commit: a recomputation may find that there was nothing.
   */
  putDerived(
    key: DerivedKey,
    rows: readonly DerivedRow[],
    done: readonly StaleMark[],
    replacing?: Span,
  ): Promise<void>;
  /** Oldest first. */
  derived(key: DerivedKey, span: Span): AsyncIterable<DerivedRow>;
  /** Every key that has a row, ordered by measurement and key. */
  derivedKeys(): Promise<readonly DerivedKey[]>;
  /** What commits marked stale and nobody has done yet, longest waiting first; at most `limit`. */
  stale(limit: number): Promise<readonly StaleMark[]>;

  quarantineTotals(): Promise<readonly QuarantineTotals[]>;
  /** Oldest first. */
  quarantined(filter: QuarantineFilter): AsyncIterable<QuarantineEntry>;
  /** Takes an entry out after what it held was re-admitted; harmless where it is out already. */
  release(id: string): Promise<void>;

  /** In the order of appending. Memory stays bounded however many there are; what is committed meanwhile may appear. */
  records(filter: RecordFilter): AsyncIterable<OperatorRecord>;

  /** Waits for the calls under way; later ones are rejected. Closing twice is harmless. */
  close(): Promise<void>;
}
