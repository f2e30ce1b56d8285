import { StoreError } from '../port.ts';

/** As in the embedded store: more than any caller has under way; beyond it somebody does not wait for answers. */
const mostWaiting = 256;

/** Calls under way: writes one after the other, reads as they come, and an end that waits for all of them. */
export class Turns {
  readonly #underWay = new Set<Promise<unknown>>();
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Runs after every write that was asked for before. */
  write<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    return this.read(() => {
      const mine = this.#last.then(work, work);
      this.#last = mine.catch(() => undefined);
      return mine;
    });
  }

  async read<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.check();
    if (this.#underWay.size >= mostWaiting)
      throw new StoreError(
        `store: ${mostWaiting} calls are waiting; the call may be repeated`,
        true,
      );
    const mine = work();
    this.#underWay.add(mine);
    try {
      return await mine;
    } finally {
      this.#underWay.delete(mine);
    }
  }

  check(): void {
    if (this.#closed) throw new StoreError('store: it is closed', false);
  }

  /** Later calls are rejected; resolves when those under way have ended, however they end. False the second time. */
  async close(): Promise<boolean> {
    const first = !this.#closed;
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
    return first;
  }
}
