import type { AtEnd } from './parts.ts';

/** What was opened, to be closed in the opposite order. */
export class Opened {
  readonly #ends: (() => Promise<void>)[] = [];
  readonly atEnd: AtEnd = (end) => this.#ends.push(end);

  async close(): Promise<void> {
    for (const end of this.#ends.splice(0).toReversed()) await end();
  }
}
