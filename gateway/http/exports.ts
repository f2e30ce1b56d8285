import type { Context } from 'hono';
import { breakOffOf, type Env, isHead } from './env.ts';
import { pacedStream } from './paced-stream.ts';
import type { AppParts } from './parts.ts';
import { HttpProblem, logIncident } from './problem.ts';
import { type RowForm, RowSource } from './row-source.ts';

/** Streams rows at the pace of whoever reads them; only so many at once, since each holds a read of the store open. */
export class Exports {
  readonly #parts: Pick<AppParts, 'limits' | 'log'>;
  #open = 0;

  constructor(parts: Pick<AppParts, 'limits' | 'log'>) {
    this.#parts = parts;
  }

  /** Throws `HttpProblem` (503) when too many are open; rejects with what the first read rejected with. */
  async stream<Row>(
    c: Context<Env>,
    rows: AsyncIterable<Row>,
    form: RowForm<Row>,
    headers: Record<string, string>,
  ): Promise<Response> {
    const { limits, log } = this.#parts;
    if (isHead(c)) return c.body(null, 200, headers);
    this.#begin();
    const source = new RowSource(rows, form, {
      ended: () => (this.#open -= 1),
      failed: (error) => void logIncident(error, log, c.req.path),
    });
    // Before the answer begins, a store that fails can still be told as a problem.
    await source.start();
    const stream = pacedStream(source, { stuckMs: limits.stuckMs, breakOff: breakOffOf(c) });
    return c.body(stream, 200, headers);
  }

  /** Work that reads as much as an export does, and counts as one. Throws `HttpProblem` (503) when too many are open. */
  async counted<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#begin();
    try {
      return await work();
    } finally {
      this.#open -= 1;
    }
  }

  #begin(): void {
    const { limits } = this.#parts;
    if (this.#open >= limits.exports) {
      const detail = `${limits.exports} exports are open, the most at once: wait for one to end`;
      throw new HttpProblem(503, detail, undefined, { 'retry-after': '10' });
    }
    this.#open += 1;
  }
}

/** Headers of a file that a browser saves. */
export function fileHeaders(name: string, media: string): Record<string, string> {
  return {
    'content-type': media,
    'content-disposition': `attachment; filename="${name}"`,
  };
}

export const csvMedia = 'text/csv; charset=utf-8';
