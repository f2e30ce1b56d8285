/** Who tried too often: failures per address and account in a window, in a table that cannot grow without bound. */
export interface FailureLimits {
  readonly failures: number;
  readonly windowMs: number;
  /** Pairs of address and account remembered; beyond it the oldest is forgotten. */
  readonly entries: number;
}

const defaultFailureLimits: FailureLimits = {
  failures: 10,
  windowMs: 5 * 60_000,
  entries: 1000,
};

interface Failures {
  readonly sinceMs: number;
  readonly count: number;
}

/** Times are monotonic milliseconds. */
export class FailureTable {
  readonly #limits: FailureLimits;
  readonly #bySource = new Map<string, Failures>();
  #total = 0;

  constructor(limits: FailureLimits = defaultFailureLimits) {
    this.#limits = limits;
  }

  /** Every failure since the start, for the metrics. */
  get total(): number {
    return this.#total;
  }

  get size(): number {
    return this.#bySource.size;
  }

  /** Milliseconds until this address may try this account again; 0 when it may now. */
  waitMs(address: string, account: string, nowMs: number): number {
    const failures = this.#bySource.get(sourceOf(address, account));
    if (failures === undefined || failures.count < this.#limits.failures) return 0;
    return Math.max(0, failures.sinceMs + this.#limits.windowMs - nowMs);
  }

  record(address: string, account: string, nowMs: number): void {
    this.#total += 1;
    const source = sourceOf(address, account);
    const before = this.#bySource.get(source);
    const fresh = before === undefined || nowMs - before.sinceMs >= this.#limits.windowMs;
    const after = fresh ? { sinceMs: nowMs, count: 1 } : { ...before, count: before.count + 1 };
    // Deleting first moves the entry to the young end of the map.
    this.#bySource.delete(source);
    this.#bySource.set(source, after);
    if (this.#bySource.size > this.#limits.entries) this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const oldest of this.#bySource.keys()) {
      this.#bySource.delete(oldest);
      return;
    }
  }
}

function sourceOf(address: string, account: string): string {
  return `${networkOf(address)} ${account}`;
}

/** One subscriber of IPv6 usually holds a /64 (RFC 6177): count by that, or each guess could come from a new address. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing =
    tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const filled = [
    ...groups,
    ...Array.from({ length: missing }, () => '0'),
    ...(tail?.split(':') ?? []),
  ];
  return `${filled.slice(0, 4).join(':')}::/64`;
}
