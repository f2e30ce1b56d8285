import { replaceFile } from '../../atomic-file.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Span, SpooledFrame } from '../port.ts';
import type { FaultArea, Faults } from './faults.ts';
import type { LossBook } from './loss-book.ts';
import { encodeNote } from './note.ts';
import type { Numbers } from './numbers.ts';
import type { Recovered, SpoolPaths } from './recover.ts';
import { Room } from './room.ts';
import type { ReadTrouble, SegmentLog } from './segment-log.ts';
import { Tail, type TailRecord } from './tail.ts';

export interface ShelfSettings {
  readonly paths: SpoolPaths;
  readonly segmentBytes: number;
  readonly maxBytes: number;
  readonly memoryBytes: number;
  readonly retryMs: number;
}

/** Ranges of acknowledged frames that are written down; what is not is sent again after a restart. */
const maxCursorRanges = 10_000;
/** Files found damaged while one request is answered. */
const maxMends = 4;

/** Where records lie: on disk, or in bounded memory for as long as the disk refuses them. Never throws for the disk. */
export class Shelf {
  readonly #settings: ShelfSettings;
  readonly #found: Recovered;
  readonly #numbers: Numbers;
  readonly #faults: Faults;
  readonly #clock: Clock;
  readonly #book: LossBook;
  readonly #room: Room;
  readonly #tail = new Tail();
  #retryAtMs = -Infinity;
  #cursorDirty = false;

  constructor(
    settings: ShelfSettings,
    found: Recovered,
    numbers: Numbers,
    faults: Faults,
    clock: Clock,
    book: LossBook,
  ) {
    this.#settings = settings;
    this.#found = found;
    this.#numbers = numbers;
    this.#faults = faults;
    this.#clock = clock;
    this.#book = book;
    this.#room = new Room(settings, found, numbers.streams, book);
  }

  get frames(): number {
    const { frames, waiting } = this.#found;
    return frames.frames + waiting.frames + this.#tail.records.length;
  }

  get bytes(): number {
    const { frames, waiting } = this.#found;
    return frames.bytes + waiting.bytes + this.#tail.bytes;
  }

  /** Whether everything that was stored is on disk. */
  get written(): boolean {
    return this.#tail.first === undefined;
  }

  /** @param synced whether it must survive a power cut from here on. */
  store(record: TailRecord, synced: boolean): void {
    this.#tail.push(record);
    this.flush();
    if (synced) this.syncNow();
    while (this.#tail.bytes > this.#settings.memoryBytes) this.#dropFromMemory();
    this.makeRoom(0);
  }

  /** Gives up the oldest until so many more bytes fit. */
  makeRoom(bytes: number): void {
    this.attempt('make room', () => this.#room.make(bytes));
  }

  /** Tries to bring to disk what is not there, unless it failed a moment ago. */
  flush(): void {
    const { frames, waiting } = this.#found;
    if (this.#clock.monotonicMs() < this.#retryAtMs) return;
    this.attempt('reserve', () => this.#numbers.known || this.#numbers.reserve());
    if (!this.#numbers.folderReady) return;
    this.attempt('write', () => {
      for (let next = this.#tail.first; next !== undefined; next = this.#tail.first) {
        (next.kind === 'F' ? frames : waiting).append(next.position, next.body, next.stream);
        this.#tail.shift();
      }
    });
  }

  /** Does something with the disk; a failure becomes visible, and the disk is left alone for a while. */
  attempt(area: FaultArea, act: () => unknown): boolean {
    try {
      act();
      this.#faults.clear(area);
      return true;
    } catch (error) {
      this.failed(area, error);
      return false;
    }
  }

  failed(area: FaultArea, error: unknown): void {
    this.#faults.raise(area, error);
    // A file that cannot be read says nothing about writing.
    if (area !== 'read') this.#retryAtMs = this.#clock.monotonicMs() + this.#settings.retryMs;
  }

  /** Frames from `position` on, until `wanted` answers false. */
  readFrames(position: number, wanted: (frame: SpooledFrame) => boolean): void {
    let goOn = true;
    let from = position;
    const visit = ({ position, body }: { position: number; body: string }): boolean => {
      from = position + 1;
      goOn = wanted({ position, text: body, bytes: Buffer.byteLength(body) });
      return goOn;
    };
    this.#readMending(this.#found.frames, () => from, visit);
    for (const record of this.#tail.records) {
      if (!goOn) return;
      if (record.kind === 'F' && record.position >= position) visit(record);
    }
  }

  /** The oldest records that wait for a stamp, at most `limit`. */
  waiting(limit: number): readonly { readonly position: number; readonly body: string }[] {
    const records: { position: number; body: string }[] = [];
    let from = 1;
    this.#readMending(
      this.#found.waiting,
      () => from,
      (record) => {
        from = record.position + 1;
        records.push(record);
        return records.length < limit;
      },
    );
    const inMemory = this.#tail.records.filter(({ kind }) => kind === 'D');
    return [...records, ...inMemory].slice(0, limit);
  }

  get anyWaiting(): boolean {
    return this.#found.waiting.frames > 0 || this.#tail.records.some(({ kind }) => kind === 'D');
  }

  /** A waiting record has its stamp. */
  stamped(position: number): void {
    this.#found.waiting.free(position, position);
    this.#tail.removeWaiting(position);
  }

  /** Everything has its stamp: as soon as that is safe nothing may bring back the copies without one. */
  settle(): void {
    const { waiting } = this.#found;
    if (!this.syncNow()) return;
    waiting.seal();
    this.attempt('sync', () => waiting.sweep(Infinity));
  }

  free(span: Span): number {
    const { frames, freed } = this.#found;
    const count = frames.free(span.first, span.last) + this.#tail.free(span);
    if (count > 0) {
      freed.add(span.first, span.last);
      this.#cursorDirty = true;
    }
    return count;
  }

  /** What was stored survives a power cut from here on, unless it is in memory. */
  syncNow(): boolean {
    if (!this.written) return false;
    const synced = this.attempt('sync', () => {
      this.#found.frames.syncNow();
      this.#found.waiting.syncNow();
    });
    if (synced && this.#book.outdated) this.attempt('sync', () => this.#book.save());
    return synced;
  }

  async sync(): Promise<void> {
    const { frames, waiting, freed } = this.#found;
    this.flush();
    const upTo = frames.last;
    try {
      await frames.sync();
      await waiting.sync();
      this.#numbers.syncedTo = Math.max(this.#numbers.syncedTo, upTo);
      frames.sweep(this.#numbers.syncedTo);
      waiting.sweep(this.#numbers.syncedTo);
      freed.remove(0, (frames.segments[0]?.first ?? 1) - 1);
      if (this.#cursorDirty) {
        this.#cursorDirty = false;
        const ranges = freed.ranges.slice(0, maxCursorRanges);
        const note = encodeNote({ freed: ranges.map(({ first, last }) => [first, last]) });
        await replaceFile(this.#settings.paths.cursor, note);
      }
      if (this.written && this.#book.outdated) this.#book.save();
      this.#faults.clear('sync');
    } catch (error) {
      this.#cursorDirty = true;
      this.failed('sync', error);
    }
  }

  close(): void {
    this.#found.frames.seal();
    this.#found.waiting.seal();
  }

  #readMending(
    log: SegmentLog,
    from: () => number,
    visit: (record: { position: number; body: string }) => boolean,
  ): void {
    let trouble: ReadTrouble | undefined;
    for (let mends = 0; mends < maxMends; mends += 1) {
      trouble = log.read(from(), visit);
      if (trouble?.kind !== 'damaged') break;
      const { segment } = trouble;
      if (!this.attempt('read', () => this.#book.mend(log, segment))) return;
    }
    if (trouble?.kind === 'failed') this.failed('read', trouble.error);
    else this.#faults.clear('read');
  }

  #dropFromMemory(): void {
    const record = this.#tail.shift();
    if (record === undefined) return;
    const stream = this.#book.droppedFromMemory(record.position);
    this.#book.losses.carry(record.events, stream);
  }
}
