import type { FrameEvent } from '#device/contract';
import type { Clock } from '../../clock/clock.ts';
import type { Stamp } from '../../clock/stamper.ts';
import { encodeFrame } from '../../link/encode.ts';
import type { Log } from '../../log.ts';
import type { Draft, Span, Spool, SpooledFrame, SpoolStats } from '../port.ts';
import { Faults } from './faults.ts';
import { lockFolder, type Unlock } from './lock.ts';
import { LossBook } from './loss-book.ts';
import { Numbers } from './numbers.ts';
import { type Ending, recover, type Recovered, spoolPaths } from './recover.ts';
import { Shelf } from './shelf.ts';
import { decodeWaiting, encodeWaiting, type MachineBoot, type WaitingFrame } from './waiting.ts';

export interface DiskSpoolSettings {
  readonly folder: string;
  readonly boot: string;
  readonly machine: MachineBoot;
  /** Bytes of all files together. */
  readonly maxBytes: number;
  /** Bytes of frames kept in memory while the disk fails. */
  readonly memoryBytes: number;
  /** Whether every frame survives a power cut at once; otherwise from the next `sync` on. */
  readonly syncEachFrame: boolean;
  /** How long a disk that failed is left alone. */
  readonly retryMs: number;
  /** A fresh stream id: random, [A-Za-z0-9_-]{1,64}. */
  readonly newStreamId: () => string;
}

const largestSegmentBytes = 1_000_000;
/** A file is at most this share of the spool: what is given up at once when it is full. */
const segmentShare = 32;
const stampBatch = 500;

/** Opens the spool of a folder. Rejects with a StartError if another process has it, or a newer program wrote it. */
export async function openDiskSpool(
  settings: DiskSpoolSettings,
  clock: Clock,
  log: Log,
  lock: (folder: string) => Promise<Unlock> = lockFolder,
): Promise<DiskSpool> {
  const unlock = await lock(settings.folder);
  try {
    const paths = spoolPaths(settings.folder);
    const segmentBytes = Math.min(largestSegmentBytes, settings.maxBytes / segmentShare);
    const found = recover({ ...settings, paths, segmentBytes }, log);
    const faults = new Faults(log);
    const numbers = new Numbers({ ...found, paths, newStreamId: settings.newStreamId });
    const book = new LossBook(found.losses, paths.losses, numbers.streams, faults);
    book.counts.corrupt = found.corrupt;
    const sizes = { ...settings, paths, segmentBytes };
    const shelf = new Shelf(sizes, found, numbers, faults, clock, book);
    return new DiskSpool(settings, { found, faults, numbers, book, shelf, unlock, segmentBytes });
  } catch (error) {
    unlock();
    throw error;
  }
}

interface Parts {
  readonly found: Recovered;
  readonly faults: Faults;
  readonly numbers: Numbers;
  readonly book: LossBook;
  readonly shelf: Shelf;
  readonly unlock: Unlock;
  readonly segmentBytes: number;
}

/** What a frame was taken as, by which process. */
interface Origin {
  readonly boot: string;
  /** On the clock of that process. */
  readonly upMs: number;
  /** The same instant on this process's clock. */
  readonly hereMs: number;
}

/** Frames on disk. README.md: the files, what survives what, and the window. */
export class DiskSpool implements Spool {
  readonly #settings: DiskSpoolSettings;
  readonly #parts: Parts;
  #skipped: readonly Span[];
  #newest: SpooledFrame | undefined;
  /** Start of the machine whose frames got an assumed time last: said once for each. */
  #assumed: string | undefined;
  #syncing: Promise<void> = Promise.resolve();

  constructor(settings: DiskSpoolSettings, parts: Parts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#skipped = parts.found.skipped;
  }

  get next(): number {
    return this.#parts.numbers.next;
  }

  /** How the process before this one ended. */
  get ending(): Ending {
    return this.#parts.found.ending;
  }

  /** The newest stamp on disk when the spool was opened. */
  get lastStamp(): Stamp | undefined {
    return this.#parts.found.last;
  }

  /** Earliest instant of the frames that were found waiting, on this process's monotonic clock; 0 or less. */
  get oldestWaitingUpMs(): number {
    return this.#parts.found.times.oldestUpMs;
  }

  append(draft: Draft, stamp?: Stamp): void {
    const { numbers, shelf } = this.#parts;
    if (stamp !== undefined && shelf.anyWaiting)
      throw new Error('a frame got its stamp before older ones had theirs');
    const { position, error } = numbers.claim(this.#oldestUnstamped());
    if (error !== undefined) shelf.failed('reserve', error);
    const { boot, machine, syncEachFrame } = this.#settings;
    const { upMs, events } = draft;
    if (stamp === undefined) {
      const body = encodeWaiting(draft, boot, machine);
      shelf.store({ kind: 'D', position, body, stream: '', events }, syncEachFrame);
    } else this.#storeFrame(position, { boot, upMs, hereMs: upMs }, draft, stamp);
  }

  stamp(stampOf: (upMs: number) => Stamp): number {
    const { shelf, book } = this.#parts;
    let stamped = 0;
    while (shelf.anyWaiting) {
      const batch = shelf.waiting(stampBatch);
      if (batch.length === 0) break;
      for (const { position, body } of batch) {
        const frame = decodeWaiting(body);
        if (frame === undefined) book.corrupt({ first: position, last: position, lines: 1 });
        else this.#stampWaiting(position, frame, stampOf);
        shelf.stamped(position);
      }
      stamped += batch.length;
    }
    // Before any of them leaves.
    if (stamped > 0) shelf.settle();
    return stamped;
  }

  startStream(): void {
    const { numbers, shelf } = this.#parts;
    const error = numbers.startStream(this.#oldestUnstamped());
    if (error !== undefined) shelf.failed('reserve', error);
  }

  read(position: number, maxFrames: number, maxBytes: number): readonly SpooledFrame[] {
    if (this.#newest?.position === position) return [this.#newest];
    const frames: SpooledFrame[] = [];
    let bytes = 0;
    if (maxFrames < 1) return frames;
    this.#parts.shelf.readFrames(position, (frame) => {
      bytes += frame.bytes;
      if (frames.length > 0 && bytes > maxBytes) return false;
      frames.push(frame);
      return frames.length < maxFrames;
    });
    return frames;
  }

  locate(stream: string, firstSeq: number, lastSeq: number): Span | undefined {
    const { numbers } = this.#parts;
    return numbers.streams.locate(stream, firstSeq, lastSeq, numbers.next);
  }

  free({ first, last }: Span): number {
    const newest = this.#newest?.position ?? 0;
    if (first <= newest && newest <= last) this.#newest = undefined;
    return this.#parts.shelf.free({ first, last: Math.min(last, this.next - 1) });
  }

  stats(): SpoolStats {
    const { shelf, faults, book } = this.#parts;
    const { text: fault } = faults;
    const { frames, bytes } = shelf;
    const { counts } = book;
    return { frames, bytes, ...counts, ...(fault !== undefined && { fault }) };
  }

  sync(): Promise<void> {
    this.#syncing = this.#syncing.then(() => this.#parts.shelf.sync());
    return this.#syncing;
  }

  async close(orderly = true): Promise<void> {
    const { shelf, numbers, unlock } = this.#parts;
    await this.sync();
    // What only memory holds is lost now, and what was not reported yet is found again: both as after a kill.
    const clean = orderly && shelf.written && numbers.known && this.#skipped.length === 0;
    if (clean) shelf.attempt('reserve', () => numbers.finish());
    shelf.close();
    unlock();
  }

  #oldestUnstamped(): number {
    const { shelf } = this.#parts;
    return (shelf.anyWaiting ? shelf.waiting(1)[0]?.position : undefined) ?? this.next;
  }

  #stampWaiting(position: number, frame: WaitingFrame, stampOf: (upMs: number) => Stamp): void {
    const { boot, upMs, readings, machine } = frame;
    const { upMs: hereMs, assumed } = this.#parts.found.times.place(frame);
    const { at, clock } = stampOf(hereMs);
    const events = [...frame.events];
    if (assumed && this.#assumed !== machine)
      events.push({ kind: 'clock', why: 'earlier start of the machine: the time is assumed' });
    if (assumed) this.#assumed = machine;
    const stamp: Stamp = { at, clock: assumed ? 'estimated' : clock };
    this.#storeFrame(position, { boot, upMs, hereMs }, { upMs, readings, events }, stamp);
  }

  #storeFrame(position: number, { boot, upMs, hereMs }: Origin, draft: Draft, stamp: Stamp): void {
    const { numbers, shelf, book } = this.#parts;
    const { id: stream, base } = numbers.streams.current;
    const { at, clock } = stamp;
    // Before the frame, so that it reports what had to go for it.
    shelf.makeRoom(this.#parts.segmentBytes);
    const events = [...book.losses.report(at, hereMs), ...this.#skippedEvents(at), ...draft.events];
    book.losses.clear();
    const text = encodeFrame({
      stream,
      seq: position - base,
      at,
      clock,
      boot,
      upMs: Math.max(0, Math.round(upMs)),
      readings: draft.readings,
      ...(events.length > 0 && { events }),
    });
    numbers.last = stamp;
    const frame = { position, text, bytes: Buffer.byteLength(text) };
    // A frame that carries events is never only in the cache of a machine that may lose its power.
    const synced = this.#settings.syncEachFrame || events.length > 0;
    shelf.store({ kind: 'F', position, body: text, stream, events }, synced);
    this.#newest = frame;
  }

  #skippedEvents(at: number): FrameEvent[] {
    const { streams, last: before } = this.#parts.numbers;
    const { current } = streams;
    const events = this.#skipped.map(({ first, last }): FrameEvent => {
      const { id: stream, base } = last > current.base ? current : streams.of(first);
      const seqs = { firstSeq: Math.max(1, first - base), lastSeq: last - base };
      const count = seqs.lastSeq - seqs.firstSeq + 1;
      const why = 'unclean stop';
      return { kind: 'skipped', from: before?.at ?? at, to: at, count, why, stream, ...seqs };
    });
    this.#skipped = [];
    return events;
  }
}
