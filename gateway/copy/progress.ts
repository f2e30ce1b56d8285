const everyMs = 250;

/** Lines for a person who waits: at most four a second, and one for each title that comes for the first time. */
export class Progress {
  readonly #verb: string;
  readonly #elapsedMs: () => number;
  readonly #say: (line: string) => void;
  readonly #seen = new Set<string>();
  #title = '';
  #items = 0;
  #inAll = 0;
  #saidMs = Number.NEGATIVE_INFINITY;

  /** @param elapsedMs of a clock that never jumps. */
  constructor(verb: string, elapsedMs: () => number, say: (line: string) => void) {
    this.#verb = verb;
    this.#elapsedMs = elapsedMs;
    this.#say = say;
  }

  get inAll(): number {
    return this.#inAll;
  }

  add(title: string, items: number): void {
    this.#inAll += items;
    this.#items = (title === this.#title ? this.#items : 0) + items;
    this.#title = title;
    const nowMs = this.#elapsedMs();
    if (this.#seen.has(title) && nowMs - this.#saidMs < everyMs) return;
    this.#seen.add(title);
    this.#saidMs = nowMs;
    this.#say(`${this.#verb} ${title}: ${this.#items} (${this.#inAll} in all)`);
  }
}
