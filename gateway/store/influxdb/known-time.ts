/** Half-open, epoch milliseconds. */
interface Window {
  from: number;
  to: number;
  /** Times at which something stands in it, in order. */
  readonly taken: Set<number>;
}

/** Times read beyond what is asked for: more each time, as long as a backlog goes on where it was. */
const rowsAhead = { first: 1000, most: 4000 };

/**
 * What is known of one series, so that few readings need a question what stands at their time: nothing stands after the
 * newest, and one window before it is known to the last reading. A backlog mostly comes in order, into the hole an
 * outage left or between the readings of another stream. Holds as long as nobody else writes the series.
 */
export class KnownTime {
  #newest: number;
  #window: Window = { from: 0, to: 0, taken: new Set() };
  #rowsAhead = rowsAhead.first;

  /** @param newest epoch milliseconds; `-Infinity` for a series without a reading. */
  constructor(newest: number) {
    this.#newest = newest;
  }

  get newest(): number {
    return this.#newest;
  }

  /** How many times it keeps in memory. */
  get size(): number {
    return this.#window.taken.size;
  }

  /** How many times to ask for at once. */
  get rowsAhead(): number {
    return this.#rowsAhead;
  }

  isKnown(at: number): boolean {
    const { from, to } = this.#window;
    return at > this.#newest || (at >= from && at < to);
  }

  /** Of a time that is known: whether something stands there. */
  isTaken(at: number): boolean {
    return this.#window.taken.has(at);
  }

  /** A reading is about to be written: from here on this time is no longer known. */
  take(at: number): void {
    if (at > this.#newest) {
      const hole = { from: this.#newest + 1, to: at, taken: new Set<number>() };
      if (Number.isFinite(this.#newest) && lengthOf(hole) > lengthOf(this.#window))
        this.#window = hole;
      this.#newest = at;
      return;
    }
    const { from, to, taken } = this.#window;
    if (at < from || at >= to) return;
    // A backlog mostly comes in order; in any case the larger part stays known.
    const later = to - at > at - from;
    if (later) this.#window.from = at + 1;
    else this.#window.to = at;
    for (const known of taken) {
      if (later && known > at) return;
      if (later || known >= at) taken.delete(known);
    }
  }

  /** Every time between these, `to` not included, at which something stands, in order. */
  found(from: number, to: number, taken: Set<number>): void {
    this.#window = { from, to, taken };
  }

  /** From where on nothing is known before the newest; undefined where all of it is. */
  get end(): number | undefined {
    const { from, to } = this.#window;
    return to > from && to <= this.#newest ? to : undefined;
  }

  /** How much time before `end` is still known. */
  get leftMs(): number {
    return lengthOf(this.#window);
  }

  /** The window goes on to here; `taken` stands in what is new of it, in order. */
  extend(to: number, taken: Iterable<number>): void {
    this.#window.to = to;
    for (const at of taken) this.#window.taken.add(at);
    this.#rowsAhead = Math.min(2 * this.#rowsAhead, rowsAhead.most);
  }

  /** Only what needs no memory stays known. */
  forget(): void {
    this.#rowsAhead = rowsAhead.first;
    this.#window = { from: 0, to: 0, taken: new Set() };
  }
}

function lengthOf({ from, to }: Pick<Window, 'from' | 'to'>): number {
  return to - from;
}
