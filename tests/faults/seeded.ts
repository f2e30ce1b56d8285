import { uniformAt } from '../../simulators/world/noise.ts';

/** Choices that a seed repeats. What the machine does in between it cannot repeat. */
export class Seeded {
  readonly seed: number;
  #place = 0;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** An own sequence for something that draws while others do. */
  branch(): Seeded {
    return new Seeded(this.whole(1, 2 ** 31));
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#place += 1;
    return uniformAt(this.seed, 0, this.#place);
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(list: readonly T[]): T {
    const chosen = list[this.whole(0, list.length - 1)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((item) => ({ item, order: this.next() }))
      .toSorted((a, b) => a.order - b.order)
      .map(({ item }) => item);
  }
}
