import type { Streams } from '../streams.ts';
import { drop, dropWaiting, thin } from './giving-up.ts';
import type { LossBook } from './loss-book.ts';
import type { Recovered } from './recover.ts';
import type { SegmentLog } from './segment-log.ts';
import type { Segment } from './segment.ts';

export interface RoomSettings {
  readonly maxBytes: number;
  readonly segmentBytes: number;
}

/** Keeps the files within their bound: the oldest frames are thinned first, then dropped. */
export class Room {
  readonly #settings: RoomSettings;
  readonly #found: Recovered;
  readonly #streams: Streams;
  readonly #book: LossBook;

  constructor(settings: RoomSettings, found: Recovered, streams: Streams, book: LossBook) {
    this.#settings = settings;
    this.#found = found;
    this.#streams = streams;
    this.#book = book;
  }

  /** Gives up the oldest until so many more bytes fit, or nothing more can go. Throws when the disk does. */
  make(bytes: number): void {
    const { frames, waiting } = this.#found;
    const { maxBytes } = this.#settings;
    // Half, so that there is room for what is stamped beside what waits.
    while (waiting.bytes > maxBytes / 2) if (!this.#removeSpent() && !this.#giveWaiting()) break;
    while (frames.bytes + waiting.bytes + bytes > maxBytes)
      if (!this.#removeSpent() && !this.#giveFrames()) break;
  }

  /** Files of which everything has its stamp: their frames must be safe elsewhere first. Answers whether there were any. */
  #removeSpent(): boolean {
    const { frames, waiting } = this.#found;
    if (oldestClosed(waiting, ({ held }) => held.empty) === undefined) return false;
    frames.syncNow();
    waiting.sweep(waiting.last);
    return true;
  }

  #giveFrames(): boolean {
    const { frames } = this.#found;
    const thick = oldestClosed(frames, ({ thinned }) => !thinned);
    const oldest = thick ?? oldestClosed(frames, () => true);
    if (oldest === undefined) return false;
    const whole = this.#book.checked(frames, oldest);
    if (whole === undefined) return true;
    if (whole.thinned) drop(frames, whole, this.#book);
    else thin(frames, whole, this.#book, this.#settings.segmentBytes);
    return true;
  }

  #giveWaiting(): boolean {
    const { waiting, times } = this.#found;
    const oldest = oldestClosed(waiting, () => true);
    if (oldest === undefined) return false;
    const whole = this.#book.checked(waiting, oldest);
    if (whole !== undefined) dropWaiting(waiting, whole, this.#book, times, this.#streams.current);
    return true;
  }
}

/** The oldest file that is wanted, but never the newest of all: it holds the last position. */
function oldestClosed(log: SegmentLog, wanted: (segment: Segment) => boolean): Segment | undefined {
  return log.segments.slice(0, -1).find(wanted);
}
