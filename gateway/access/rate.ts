/**
 * How often each of a known few may ask: so many at once, filled up again over a minute. An entry is kept only while it is
 * not full. Times are monotonic milliseconds.
 */
export class RateLimit {
  readonly #perMinute: number;
  readonly #asked = new Map<string, { readonly left: number; readonly atMs: number }>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Takes one; answers how many milliseconds to wait where there is none left, else 0. */
  take(who: string, nowMs: number): number {
    const left = this.#leftOf(who, nowMs);
    if (left < 1) return Math.ceil(((1 - left) * 60_000) / this.#perMinute);
    for (const [other] of this.#asked)
      if (this.#leftOf(other, nowMs) >= this.#perMinute) this.#asked.delete(other);
    this.#asked.set(who, { left: left - 1, atMs: nowMs });
    return 0;
  }

  #leftOf(who: string, nowMs: number): number {
    const before = this.#asked.get(who);
    if (before === undefined) return this.#perMinute;
    const filled = ((nowMs - before.atMs) * this.#perMinute) / 60_000;
    return Math.min(this.#perMinute, before.left + filled);
  }
}
