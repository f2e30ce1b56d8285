import { z } from 'zod';
import type { DerivedKey, Span, Store } from '../store/port.ts';

const noteSchema = z.object({
  from: z.number().nullable(),
  // An older program wrote none.
  to: z.number().nullable().optional(),
});

type Rows = Pick<Store, 'derived' | 'putDerived'>;

/**
 * Between which times checkpoints may stand whose rows are not all written: one row, noted before a checkpoint that differs
 * is written, and taken back when all that follows from it is. Without it, whoever repeats a recomputation that was cut
 * off would find that checkpoint as it should be, and believe the same of what comes after it.
 */
export class Unfinished {
  readonly #store: Rows;
  readonly #key: DerivedKey;
  /** Whether there may be a note: a process before may have left one, or a recomputation that failed. */
  #noted = true;

  constructor(store: Rows, key: DerivedKey) {
    this.#store = store;
    this.#key = key;
  }

  /** @param span where a computation may begin, and the last of the checkpoints, both included (epoch ms). */
  async note(span: Span): Promise<void> {
    this.#noted = true;
    await this.#put(span);
  }

  /** All that follows is written. */
  async end(): Promise<void> {
    if (!this.#noted) return;
    await this.#put({ from: null, to: null });
    this.#noted = false;
  }

  /** Between recomputations: marks as stale what one that was cut off had still before it. */
  async goOn(markStale: (span: Span) => Promise<void>): Promise<void> {
    if (!this.#noted) return;
    for await (const { fields } of this.#store.derived(this.#key, { from: 0, to: 1 })) {
      const { from, to = from } = noteSchema.parse(fields);
      if (typeof from !== 'number' || typeof to !== 'number') continue;
      await markStale({ from, to });
      await this.#put({ from: null, to: null });
    }
    this.#noted = false;
  }

  async #put(note: Span | { readonly from: null; readonly to: null }): Promise<void> {
    await this.#store.putDerived(this.#key, [{ at: 0, fields: { ...note } }], []);
  }
}
