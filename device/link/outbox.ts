import type { Ack } from '#device/contract';
import { backoffMs, type BackoffSettings } from '../backoff.ts';
import type { Spool, SpooledFrame } from '../spool/port.ts';
import { RangeSet } from './range-set.ts';

export interface OutboxSettings {
  /** After this long without an acknowledgement a frame is sent again, on `history`. */
  readonly ackTimeoutMs: number;
  /** `history` messages that may await their acknowledgement at once; one while the gateway does not answer. */
  readonly historyWindow: number;
  readonly maxBatchFrames: number;
  /** Pace of the backlog, so that it leaves processor and line to live frames. */
  readonly historyFramesPerS: number;
  readonly maxBatchBytes: number;
  /** Waits between resends while nothing is acknowledged. */
  readonly resend: BackoffSettings;
}

export type AckOutcome =
  | { readonly kind: 'freed'; readonly frames: number }
  | { readonly kind: 'refused'; readonly why: string };

interface Flight {
  readonly kind: 'live' | 'history';
  readonly dueMs: number;
  readonly positions: RangeSet;
}

const catchUpMs = 50;

/**
 * Decides what leaves the spool, and when: every frame once on `live` if it is fresh, everything else on `history`,
 * in order, until acknowledged (guarantee 1). No I/O and no clock of its own; `nowMs` is monotonic.
 */
export class Outbox {
  readonly #spool: Spool;
  readonly #settings: OutboxSettings;
  readonly #random: () => number;
  /** Every position that ever left: only these can be acknowledged. */
  readonly #sent = new RangeSet();
  #inFlight = new RangeSet();
  #flights: Flight[] = [];
  /** Nothing below it is waiting to be sent. */
  #cursor = 1;
  /** Consecutive rounds without any acknowledgement. */
  #strikes = 0;
  #pausedUntilMs = 0;
  /** When the pace lets the next `history` message go. */
  #pacedUntilMs = 0;

  constructor(spool: Spool, settings: OutboxSettings, random: () => number) {
    this.#spool = spool;
    this.#settings = settings;
    this.#random = random;
  }

  get inFlightFrames(): number {
    return this.#inFlight.size;
  }

  /** A fresh frame was handed to the broker on `live`. */
  sentLive(position: number, nowMs: number): void {
    this.#launch('live', [position], nowMs);
  }

  /** How long the pace of the backlog holds the next `history` message back. */
  pacedMs(nowMs: number): number {
    return Math.max(0, this.#pacedUntilMs - nowMs);
  }

  /** The next `history` message, oldest frames first; empty when nothing is due or allowed yet. */
  nextBatch(nowMs: number): readonly SpooledFrame[] {
    this.#expire(nowMs);
    const { historyWindow, maxBatchFrames, maxBatchBytes } = this.#settings;
    const window = this.#strikes > 0 ? 1 : historyWindow;
    const waiting = this.#flights.filter(({ kind }) => kind === 'history').length;
    if (nowMs < this.#pausedUntilMs || waiting >= window || this.pacedMs(nowMs) > 0) return [];
    const frames = this.#nextDue(maxBatchFrames, maxBatchBytes);
    if (frames.length === 0) return [];
    const positions = frames.map(({ position }) => position);
    this.#launch('history', positions, nowMs);
    // Timers are late; a little of that is made up for.
    const fromMs = Math.max(this.#pacedUntilMs, nowMs - catchUpMs);
    this.#pacedUntilMs = fromMs + (frames.length / this.#settings.historyFramesPerS) * 1_000;
    return frames;
  }

  #nextDue(maxFrames: number, maxBytes: number): readonly SpooledFrame[] {
    for (;;) {
      this.#cursor = this.#inFlight.nextAbsent(this.#cursor);
      const found = this.#spool.read(this.#cursor, maxFrames, maxBytes);
      const last = found.at(-1);
      if (last === undefined) return [];
      this.#cursor = last.position + 1;
      const due = found.filter(({ position }) => !this.#inFlight.has(position));
      // Behind frames that are gone may come many that are under way.
      if (due.length > 0) return due;
    }
  }

  /** Frees what the gateway holds. An acknowledgement that names anything never sent is refused as a whole. */
  acknowledge({ stream, stored }: Ack): AckOutcome {
    const spans = stored.map(([first, last]) => this.#spool.locate(stream, first, last));
    for (const [index, span] of spans.entries()) {
      if (span !== undefined && this.#sent.covers(span.first, span.last)) continue;
      const range = `${stored[index]?.join('-')} of stream "${stream}"`;
      const hint = 'does another device use this id?';
      return { kind: 'refused', why: `${range} was never sent; ${hint}` };
    }
    let frames = 0;
    for (const span of spans) {
      if (span === undefined) continue;
      frames += this.#spool.free(span);
      this.#inFlight.remove(span.first, span.last);
      for (const { positions } of this.#flights) positions.remove(span.first, span.last);
    }
    this.#flights = this.#flights.filter(({ positions }) => !positions.empty);
    if (stored.length > 0) this.#answered();
    return { kind: 'freed', frames };
  }

  /** A new connection, or a gateway that has just started: everything unacknowledged is due at once. */
  resendAll(): void {
    this.#flights = [];
    this.#inFlight = new RangeSet();
    this.#cursor = 1;
    this.#answered();
  }

  #answered(): void {
    this.#strikes = 0;
    this.#pausedUntilMs = 0;
  }

  #launch(kind: Flight['kind'], list: readonly number[], nowMs: number): void {
    const positions = new RangeSet();
    for (const position of list) {
      positions.add(position);
      this.#inFlight.add(position);
      this.#sent.add(position);
    }
    this.#flights.push({ kind, positions, dueMs: nowMs + this.#settings.ackTimeoutMs });
  }

  #expire(nowMs: number): void {
    const late = this.#flights.filter(({ dueMs }) => dueMs <= nowMs);
    if (late.length === 0) return;
    this.#flights = this.#flights.filter(({ dueMs }) => dueMs > nowMs);
    for (const { positions } of late) {
      for (const { first, last } of positions.ranges) {
        this.#inFlight.remove(first, last);
        this.#cursor = Math.min(this.#cursor, first);
      }
    }
    if (nowMs < this.#pausedUntilMs) return;
    this.#strikes += 1;
    this.#pausedUntilMs = nowMs + backoffMs(this.#settings.resend, this.#strikes, this.#random);
  }
}
