import type { ChunkSource, StreamEnd } from './paced-stream.ts';

const chunkChars = 32 * 1024;

interface SourceEvents {
  /** Exactly once. */
  readonly ended: () => void;
  readonly failed: (error: unknown) => void;
}

/** How rows are written, and what goes before the first. */
export interface RowForm<Row> {
  readonly header: string;
  readonly line: (row: Row) => string;
}

/** Turns rows into chunks of about 32 kB; reads no further ahead than the chunk that was asked for. */
export class RowSource<Row> implements ChunkSource {
  readonly #rows: AsyncIterator<Row>;
  readonly #line: (row: Row) => string;
  readonly #events: SourceEvents;
  #text: string;

  constructor(rows: AsyncIterable<Row>, { header, line }: RowForm<Row>, events: SourceEvents) {
    this.#rows = rows[Symbol.asyncIterator]();
    this.#line = line;
    this.#text = header;
    this.#events = events;
  }

  /** Reads the first chunk. Rejects with what the store rejected with. */
  async start(): Promise<void> {
    try {
      await this.#fill();
    } catch (error) {
      this.#events.ended();
      throw error;
    }
  }

  async next(): Promise<Uint8Array | undefined> {
    if (this.#text === '') await this.#fill();
    if (this.#text === '') return undefined;
    const chunk = Buffer.from(this.#text);
    this.#text = '';
    return chunk;
  }

  ended(how: StreamEnd): void {
    this.#events.ended();
    if (how.kind === 'failed') this.#events.failed(how.error);
    // Lets the store end a read that nobody will finish.
    this.#rows.return?.().catch(this.#events.failed);
  }

  async #fill(): Promise<void> {
    while (this.#text.length < chunkChars) {
      const { done, value } = await this.#rows.next();
      if (done === true) return;
      this.#text += this.#line(value);
    }
  }
}
