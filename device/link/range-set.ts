/** A set of whole numbers as sorted, disjoint, inclusive ranges: compact for what is sent or in flight in runs. */
export class RangeSet {
  #ranges: { first: number; last: number }[] = [];

  get ranges(): readonly { readonly first: number; readonly last: number }[] {
    return this.#ranges;
  }

  get empty(): boolean {
    return this.#ranges.length === 0;
  }

  get size(): number {
    return this.#ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  }

  /** Adds first..last. */
  add(first: number, last: number = first): void {
    const from = this.#firstEndingAtOrAfter(first - 1);
    let to = from;
    let low = first;
    let high = last;
    for (let range = this.#ranges[to]; range !== undefined && range.first <= last + 1;) {
      low = Math.min(low, range.first);
      high = Math.max(high, range.last);
      to += 1;
      range = this.#ranges[to];
    }
    this.#ranges.splice(from, to - from, { first: low, last: high });
  }

  /** Removes first..last. */
  remove(first: number, last: number = first): void {
    const from = this.#firstEndingAtOrAfter(first);
    const kept: { first: number; last: number }[] = [];
    let to = from;
    for (let range = this.#ranges[to]; range !== undefined && range.first <= last;) {
      if (range.first < first) kept.push({ first: range.first, last: first - 1 });
      if (range.last > last) kept.push({ first: last + 1, last: range.last });
      to += 1;
      range = this.#ranges[to];
    }
    this.#ranges.splice(from, to - from, ...kept);
  }

  has(value: number): boolean {
    return this.covers(value, value);
  }

  /** Whether every number of first..last is in the set. */
  covers(first: number, last: number): boolean {
    const range = this.#ranges[this.#firstEndingAtOrAfter(first)];
    return range !== undefined && range.first <= first && range.last >= last;
  }

  /** The smallest number from `value` on that is not in the set. */
  nextAbsent(value: number): number {
    const range = this.#ranges[this.#firstEndingAtOrAfter(value)];
    return range !== undefined && range.first <= value ? range.last + 1 : value;
  }

  #firstEndingAtOrAfter(value: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const range = this.#ranges[middle];
      if (range !== undefined && range.last < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
