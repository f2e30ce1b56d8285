import type { Span } from './port.ts';

/** Positions count over all streams of a spool; `base` is the position before the stream's seq 1. */
export interface Stream {
  readonly id: string;
  readonly base: number;
}

/**
 * Streams remembered for acknowledgements; a new one starts only when time runs backwards or a disk fails. A stream that
 * is forgotten while frames of it are held can never be acknowledged: they would be sent for ever, and reported as
 * dropped in the end. So the bound is far beyond what a spool meets until it drains.
 */
const maxStreams = 4_096;

/** Which positions belong to which stream. */
export class Streams {
  #streams: Stream[];

  /** @param streams in rising order of their bases; the last is the one in use. */
  constructor(streams: readonly Stream[]) {
    this.#streams = streams.slice(-maxStreams);
  }

  get current(): Stream {
    const stream = this.#streams.at(-1);
    if (stream === undefined) throw new Error('a spool always has a stream');
    return stream;
  }

  start(stream: Stream): void {
    this.#streams = [...this.#streams, stream].slice(-maxStreams);
  }

  /** The stream of a position; the oldest known one for what lies before all of them. */
  of(position: number): Stream {
    return (
      this.#streams.findLast(({ base }) => base < position) ?? this.#streams[0] ?? this.current
    );
  }

  /** Where sequence numbers lie; undefined unless this spool may have given all of them, `next` being the next position. */
  locate(id: string, firstSeq: number, lastSeq: number, next: number): Span | undefined {
    const index = this.#streams.findIndex((stream) => stream.id === id);
    const found = this.#streams[index];
    if (found === undefined) return undefined;
    const end = this.#streams[index + 1]?.base ?? next - 1;
    const span = { first: found.base + firstSeq, last: found.base + lastSeq };
    return firstSeq >= 1 && span.last <= end ? span : undefined;
  }
}
