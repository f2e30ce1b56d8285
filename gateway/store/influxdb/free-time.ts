/**
 * What is known to be empty of one series, so that most readings need no question whether other content stands there:
 * everything after the newest, and one hole before it (after an outage live data goes first and the backlog into the
 * hole). Holds as long as nobody else writes the series.
 */
export class FreeTime {
  #newest: number;
  #hole: { readonly after: number; readonly before: number } = { after: 0, before: 0 };

  /** @param newest epoch milliseconds; `-Infinity` for a series without a reading. */
  constructor(newest: number) {
    this.#newest = newest;
  }

  get newest(): number {
    return this.#newest;
  }

  isFree(at: number): boolean {
    return at > this.#newest || (at > this.#hole.after && at < this.#hole.before);
  }

  /** A reading is about to be written: from here on this time may be taken, whatever comes of it. */
  take(at: number): void {
    if (at > this.#newest) {
      if (Number.isFinite(this.#newest)) this.found(this.#newest, at);
      this.#newest = at;
      return;
    }
    const { after, before } = this.#hole;
    if (at <= after || at >= before) return;
    // A backlog mostly comes in order; in any case the larger part stays known.
    this.#hole = before - at >= at - after ? { after: at, before } : { after, before: at };
  }

  /** Nothing stands between these times. The larger of the holes known is kept. */
  found(after: number, before: number): void {
    if (before - after > this.#hole.before - this.#hole.after) this.#hole = { after, before };
  }
}
