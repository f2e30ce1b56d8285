import type { FrameEvent, Frame } from '#device/contract';
import type { Stamp } from '../clock/stamper.ts';

/** What sampling hands over: a frame without identity and without wall time. */
export interface Draft {
  /** Monotonic milliseconds since the process started, at the instant of sampling. */
  readonly upMs: number;
  readonly readings: Frame['readings'];
  readonly events: readonly FrameEvent[];
}

/** A stamped frame, encoded once, so that every resend is byte-equal. */
export interface SpooledFrame {
  /** Rises by one per appended frame over every stream of this spool. */
  readonly position: number;
  readonly text: string;
  readonly bytes: number;
}

export interface SpoolStats {
  readonly frames: number;
  readonly bytes: number;
  /** Frames given up because the spool was full, since the process started. */
  readonly dropped: number;
  readonly fault?: string;
}

/** Positions, both ends included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * Holds frames from sampling until the gateway acknowledges them. Calls are synchronous and never fail for lack of
 * room: a full spool drops its oldest frames, counts them, and reports them as a `dropped` event in the next frame.
 * What a dropped frame itself carried as events goes into that frame too. `spool.suite.ts` is the contract.
 */
export interface Spool {
  /** Takes the next frame; it cannot be read before it is stamped. */
  append(draft: Draft): void;
  /** Stamps what is not stamped yet, oldest first. Answers how many became readable. */
  stamp(stampOf: (upMs: number) => Stamp): number;
  /** Frames appended from here on carry a new stream id and count from 1 again. */
  startStream(): void;
  /** Stamped frames from `position` on, in order, within both limits; at least one if there is one. */
  read(position: number, maxFrames: number, maxBytes: number): readonly SpooledFrame[];
  /** Where a range of sequence numbers of one stream lies; undefined unless this spool wrote all of them. */
  locate(stream: string, firstSeq: number, lastSeq: number): Span | undefined;
  /** Lets acknowledged frames go. Answers how many were still held. */
  free(span: Span): number;
  /** Position that the next frame will get. */
  readonly next: number;
  stats(): SpoolStats;
  close(): Promise<void>;
}
