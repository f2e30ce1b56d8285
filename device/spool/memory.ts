import type { FrameEvent } from '#device/contract';
import type { Stamp } from '../clock/stamper.ts';
import { encodeFrame } from '../link/encode.ts';
import { Losses, type LostFrame } from './losses.ts';
import type { Draft, Span, Spool, SpooledFrame, SpoolStats } from './port.ts';

export interface MemorySpoolSettings {
  readonly boot: string;
  readonly maxFrames: number;
  readonly maxBytes: number;
  /** A fresh stream id: random, [A-Za-z0-9_-]{1,64}. */
  readonly newStreamId: () => string;
}

interface Stream {
  readonly id: string;
  /** Position of the frame before seq 1. */
  readonly base: number;
}

/** What a frame was made of goes when it is encoded; only what a report of its loss needs is kept. */
type Entry =
  | { readonly kind: 'waiting'; readonly stream: Stream; readonly draft: Draft }
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
/** Streams remembered for late acknowledgements; a new one starts only when trusted time runs backwards. */
const maxStreams = 16;

/** Frames in memory, for a device without a disk to spool to: bounded, and lost with the process. */
export class MemorySpool implements Spool {
  readonly #settings: MemorySpoolSettings;
  readonly #entries = new Map<number, Entry>();
  #streams: Stream[];
  #unstamped = 1;
  #next = 1;
  #oldest = 1;
  #bytes = 0;
  #dropped = 0;
  #losses = new Losses();

  constructor(settings: MemorySpoolSettings) {
    this.#settings = settings;
    this.#streams = [{ id: settings.newStreamId(), base: 0 }];
  }

  get next(): number {
    return this.#next;
  }

  append(draft: Draft): void {
    const stream = this.#streams.at(-1);
    if (stream === undefined) throw new Error('a spool always has a stream');
    this.#entries.set(this.#next, { kind: 'waiting', stream, draft });
    this.#next += 1;
    this.#bytes += entryOverheadBytes;
    this.#makeRoom();
  }

  stamp(stampOf: (upMs: number) => Stamp): number {
    let stamped = 0;
    for (; this.#unstamped < this.#next; this.#unstamped += 1) {
      const entry = this.#entries.get(this.#unstamped);
      if (entry?.kind !== 'waiting') continue;
      this.#encode(this.#unstamped, entry.stream, entry.draft, stampOf(entry.draft.upMs));
      stamped += 1;
    }
    this.#makeRoom();
    return stamped;
  }

  startStream(): void {
    const stream = { id: this.#settings.newStreamId(), base: this.#next - 1 };
    this.#streams = [...this.#streams, stream].slice(-maxStreams);
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
    const index = this.#streams.findIndex(({ id }) => id === stream);
    const found = this.#streams[index];
    if (found === undefined) return undefined;
    const end = this.#streams[index + 1]?.base ?? this.#next - 1;
    const span = { first: found.base + firstSeq, last: found.base + lastSeq };
    return firstSeq >= 1 && span.last <= end ? span : undefined;
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

  close(): Promise<void> {
    return Promise.resolve();
  }

  #encode(position: number, stream: Stream, draft: Draft, { at, clock }: Stamp): void {
    const upMs = Math.round(draft.upMs);
    const events = [...this.#losses.report(at, upMs), ...draft.events];
    this.#losses = new Losses();
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
      this.#losses.add(lostFrame(this.#oldest, entry));
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
}

function lostFrame(position: number, entry: Entry): LostFrame {
  const seq = position - entry.stream.base;
  if (entry.kind === 'stamped')
    return { seq, upMs: entry.upMs, at: entry.at, events: entry.events };
  return { seq, upMs: entry.draft.upMs, at: undefined, events: entry.draft.events };
}
