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
  /** Rises with every appended frame, over all streams of this spool. */
  readonly position: number;
  readonly text: string;
  readonly bytes: number;
}

export interface SpoolStats {
  readonly frames: number;
  readonly bytes: number;
  /** Frames given up because the spool was full, since the process started. */
  readonly dropped: number;
  /** Frames given up to keep older ones 15 minutes apart, since the process started. */
  readonly thinned?: number;
  /** Records that were written and could not be read, since the process started. */
  readonly corrupt?: number;
  /** What the disk refuses, and what to do; absent while all is well. */
  readonly fault?: string;
}

/** Positions, both ends included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * Holds frames from sampling until the gateway acknowledges them. Calls are synchronous and never fail for lack of
 * room or of a disk: a full spool gives up its oldest frames, counts them, and reports them as `thinned` or `dropped`
 * events in the next frame. What such a frame itself carried as events goes into that frame too.
 * `spool.suite.ts` is the contract.
 */
export interface Spool {
  /** Takes the next frame. Without a stamp it cannot be read yet; with one, nothing older may be unstamped. */
  append(draft: Draft, stamp?: Stamp): void;
  /** Stamps what is not stamped yet, oldest first. Answers how many became readable. */
  stamp(stampOf: (upMs: number) => Stamp): number;
  /** Frames stamped from here on carry a new stream id and count from 1 again. */
  startStream(): void;
  /** Stamped frames from `position` on, in order, within both limits; at least one if there is one. */
  read(position: number, maxFrames: number, maxBytes: number): readonly SpooledFrame[];
  /** Where a range of sequence numbers of one stream lies; undefined unless this spool gave all of them. */
  locate(stream: string, firstSeq: number, lastSeq: number): Span | undefined;
  /** Lets acknowledged frames go. Answers how many were still held. */
  free(span: Span): number;
  /** Position that the next frame will get. */
  readonly next: number;
  stats(): SpoolStats;
  /** Makes what was taken and freed so far survive a power cut. Never rejects: a failure is in `stats`. */
  sync(): Promise<void>;
  /**
   * Nothing may be called afterwards.
   *
   * @param orderly false if something else could not be brought to disk: the next start then counts as one after a kill.
   */
  close(orderly?: boolean): Promise<void>;
}
