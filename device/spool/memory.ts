import type { FrameEvent } from '#device/contract';
import type { Stamp } from '../clock/stamper.ts';
import { encodeFrame } from '../link/encode.ts';
import { type Instant, Losses } from './losses.ts';
import type { Draft, Span, Spool, SpooledFrame, SpoolStats } from './port.ts';
import { type Stream, Streams } from './streams.ts';

export interface MemorySpoolSettings {
  readonly boot: string;
  readonly maxFrames: number;
  readonly maxBytes: number;
  /** A fresh stream id: random, [A-Za-z0-9_-]{1,64}. */
  readonly newStreamId: () => string;
}

/** What a frame was made of goes when it is encoded; only what a report of its loss needs is kept. */
type Entry =
  | { readonly kind: 'waiting'; readonly draft: Draft }
  | {
      readonly kind: 'stamped';
      readonly stream: Stream;
      readonly frame: SpooledFrame;
      readonly at: number;
      readonly upMs: number;
      readonly events: readonly FrameEvent[];
    };

/** Charged per frame not yet encoded, and on top of every text: V8's share for the entry and its map slot. */
const entryOverheadBytes = 300;
/** How much is let go at once when full, so that the report costs one frame in many and not every frame. */
const dropShare = 0.01;

/**
 * Frames in memory: bounded, and lost with the process. For tests of whatever takes a spool; the program uses
 * `disk/`, and the same suite holds both to the contract.
 */
export class MemorySpool implements Spool {
  readonly #settings: MemorySpoolSettings;
  readonly #entries = new Map<number, Entry>();
  readonly #streams: Streams;
  #unstamped = 1;
  #next = 1;
  #oldest = 1;
  #bytes = 0;
  #dropped = 0;
  readonly #losses = new Losses();

  constructor(settings: MemorySpoolSettings) {
    this.#settings = settings;
    this.#streams = new Streams([{ id: settings.newStreamId(), base: 0 }]);
  }

  get next(): number {
    return this.#next;
  }

  append(draft: Draft, stamp?: Stamp): void {
    if (stamp !== undefined && this.#unstamped < this.#next)
      throw new Error('a frame got its stamp before older ones had theirs');
    const position = this.#next;
    this.#next += 1;
    this.#bytes += entryOverheadBytes;
    this.#entries.set(position, { kind: 'waiting', draft });
    if (stamp !== undefined) {
      this.#encode(position, draft, stamp);
      this.#unstamped = this.#next;
    }
    this.#makeRoom();
  }

  stamp(stampOf: (upMs: number) => Stamp): number {
    let stamped = 0;
    for (; this.#unstamped < this.#next; this.#unstamped += 1) {
      const entry = this.#entries.get(this.#unstamped);
      if (entry?.kind !== 'waiting') continue;
      this.#encode(this.#unstamped, entry.draft, stampOf(entry.draft.upMs));
      stamped += 1;
    }
    this.#makeRoom();
    return stamped;
  }

  startStream(): void {
    this.#streams.start({ id: this.#settings.newStreamId(), base: this.#unstamped - 1 });
  }

  read(position: number, maxFrames: number, maxBytes: number): readonly SpooledFrame[] {
    const frames: SpooledFrame[] = [];
    let bytes = 0;
    for (let at = Math.max(position, this.#oldest); at < this.#unstamped; at += 1) {
      const entry = this.#entries.get(at);
      if (entry?.kind !== 'stamped') continue;
      const { frame } = entry;
      bytes += frame.bytes;
      if (frames.length >= maxFrames || (frames.length > 0 && bytes > maxBytes)) break;
      frames.push(frame);
    }
    return frames;
  }

  locate(stream: string, firstSeq: number, lastSeq: number): Span | undefined {
    return this.#streams.locate(stream, firstSeq, lastSeq, this.#next);
  }

  free({ first, last }: Span): number {
    let freed = 0;
    const end = Math.min(last, this.#next - 1);
    for (let at = Math.max(first, this.#oldest); at <= end; at += 1)
      if (this.#remove(at)) freed += 1;
    this.#advanceOldest();
    return freed;
  }

  stats(): SpoolStats {
    return { frames: this.#entries.size, bytes: this.#bytes, dropped: this.#dropped };
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #encode(position: number, draft: Draft, { at, clock }: Stamp): void {
    const stream = this.#streams.current;
    const upMs = Math.round(draft.upMs);
    const events = [...this.#losses.report(at, upMs), ...draft.events];
    this.#losses.clear();
    const text = encodeFrame({
      stream: stream.id,
      seq: position - stream.base,
      at,
      clock,
      boot: this.#settings.boot,
      upMs,
      readings: draft.readings,
      ...(events.length > 0 && { events }),
    });
    const frame = { position, text, bytes: Buffer.byteLength(text) };
    this.#entries.set(position, { kind: 'stamped', stream, frame, at, upMs, events });
    this.#bytes += frame.bytes;
  }

  #makeRoom(): void {
    const { maxFrames, maxBytes } = this.#settings;
    if (this.#entries.size <= maxFrames && this.#bytes <= maxBytes) return;
    const frames = Math.floor(maxFrames * (1 - dropShare));
    const bytes = maxBytes * (1 - dropShare);
    // The newest frame stays whatever it weighs: it carries the report.
    while (this.#entries.size > 1 && (this.#entries.size > frames || this.#bytes > bytes))
      this.#dropOldest();
  }

  #dropOldest(): void {
    const entry = this.#entries.get(this.#oldest);
    if (entry !== undefined) {
      this.#lose(this.#oldest, entry);
      this.#dropped += 1;
      this.#remove(this.#oldest);
    }
    this.#advanceOldest();
  }

  #remove(position: number): boolean {
    const entry = this.#entries.get(position);
    if (entry === undefined) return false;
    this.#bytes -= entryOverheadBytes + (entry.kind === 'stamped' ? entry.frame.bytes : 0);
    return this.#entries.delete(position);
  }

  #advanceOldest(): void {
    while (this.#oldest < this.#next && !this.#entries.has(this.#oldest)) this.#oldest += 1;
    this.#unstamped = Math.max(this.#unstamped, this.#oldest);
  }

  #lose(position: number, entry: Entry): void {
    const stream = entry.kind === 'stamped' ? entry.stream : this.#streams.current;
    const instant: Instant =
      entry.kind === 'stamped' ? { at: entry.at } : { upMs: entry.draft.upMs };
    const seq = position - stream.base;
    const { events } = entry.kind === 'stamped' ? entry : entry.draft;
    this.#losses.add({
      kind: 'dropped',
      why: 'spool-full',
      stream: stream.id,
      firstSeq: seq,
      lastSeq: seq,
      count: 1,
      from: instant,
      to: instant,
    });
    this.#losses.carry(events, stream.id);
  }
}
