import { numberAt, type Row } from './cells.ts';
import type { Answer } from './answer.ts';
import type { InfluxClient } from './client.ts';

export interface ReadLimits {
  /** What is asked of the server at once; it ends sooner where it takes many bytes. */
  readonly pageRows: number;
  readonly pageBytes: number;
  /** Rows in one line of the answer: what is parsed at once. */
  readonly chunkRows: number;
}

const ordinary: ReadLimits = { pageRows: 20_000, pageBytes: 4 * 1024 * 1024, chunkRows: 500 };

/** Names of cells, and rows of them: time first. */
export interface Chunk {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/**
 * Rows of a statement about one series, oldest first, in chunks parsed as they come. A page is taken from the server as
 * fast as it sends it, and the next one while this one is being worked on: a slow consumer holds nothing open there, and
 * two pages at most are in memory.
 * @param statementFrom the statement for what stands at a time (epoch milliseconds) or after it, without LIMIT.
 */
export async function* inChunks(
  client: InfluxClient,
  statementFrom: (fromMs: number) => string,
  fromMs: number,
  limits = ordinary,
): AsyncGenerator<Chunk, void, undefined> {
  const open = new Set<Page>();
  let left = false;
  const ask = (from: number | undefined) => {
    if (from === undefined || left) return undefined;
    const asked = new Page(client, statementFrom(from), limits);
    open.add(asked);
    return asked;
  };
  try {
    for (let current = ask(fromMs); current !== undefined;) {
      const next = current.following.then(ask);
      // Whoever reads no further does not hear of it; whoever does hears of it from `chunks`.
      next.catch(() => undefined);
      yield* current.chunks();
      open.delete(current);
      current = await next;
    }
  } finally {
    left = true;
    for (const asked of open) asked.leave();
  }
}

/** A page on its way. */
class Page {
  /** Where the next page begins, epoch milliseconds; undefined where there is none. Known once this one is here. */
  readonly following: Promise<number | undefined>;
  readonly #limits: ReadLimits;
  readonly #here: Chunk[] = [];
  #left = false;
  #came: () => void = () => undefined;

  constructor(client: InfluxClient, statement: string, limits: ReadLimits) {
    this.#limits = limits;
    const { pageRows, chunkRows } = limits;
    this.following = this.#receive(client.lines(`${statement} LIMIT ${pageRows}`, chunkRows));
    this.following.catch(() => undefined);
  }

  /** What is here and what comes. Rejects with StoreError. */
  async *chunks(): AsyncGenerator<Chunk, void, undefined> {
    let whole = false;
    const ended = this.following.then(() => {
      whole = true;
    });
    ended.catch(() => undefined);
    for (;;) {
      const chunk = this.#here.shift();
      if (chunk !== undefined) yield chunk;
      else if (whole) return;
      else await Promise.race([ended, this.#more()]);
    }
  }

  /**
   * Lets go of the connection with the next line. Not by a signal: where that falls together with the end of the answer,
   * Node 20 has nobody listen to the error of the socket, and the process ends.
   */
  leave(): void {
    this.#left = true;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#came = resolve;
    });
  }

  async #receive(answers: AsyncIterable<Answer>): Promise<number | undefined> {
    const { pageRows, pageBytes } = this.#limits;
    let [rows, bytes] = [0, 0];
    let last: Row | undefined;
    let more = false;
    for await (const answer of answers) {
      for (const { columns, values = [] } of answer.series) {
        this.#here.push({ columns, rows: values });
        rows += values.length;
        last = values.at(-1) ?? last;
      }
      bytes += answer.bytes;
      ({ more } = answer);
      this.#came();
      // Leaving the loop lets go of the connection.
      if (bytes >= pageBytes || this.#left) break;
    }
    // `more` at the end of an answer: a server that limits answers by itself. A time occurs once within a series.
    const goesOn = more || rows >= pageRows || bytes >= pageBytes;
    return goesOn && last !== undefined ? numberAt(last, 0) + 1 : undefined;
  }
}
