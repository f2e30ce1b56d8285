import { halfHourMs } from './calendar.ts';
import type { EventOf } from './event-row.ts';
import type { Findings } from './findings.ts';
import type { RowOf } from './rows.ts';

/** A reading that counts, with what it counts as. */
export interface Counting {
  readonly row: number;
  readonly at: number;
  readonly wh: bigint;
}

export interface RegisterEvidence {
  readonly readings: readonly RowOf<'readings'>[];
  readonly corrections: readonly RowOf<'corrections'>[];
  /** By time. */
  readonly events: readonly EventOf[];
  readonly periodMs: number;
  readonly jitterWh: bigint;
}

/** Values of one register at instants, from the readings next to them. */
export class Register {
  readonly counting: readonly Counting[];
  readonly #evidence: RegisterEvidence;
  readonly #findings: Findings;

  constructor(evidence: RegisterEvidence, findings: Findings) {
    this.#evidence = evidence;
    this.#findings = findings;
    this.counting = this.#counting();
    for (const event of evidence.events) this.#checkEvent(event);
  }

  /**
   * What the register stood at, or undefined where nobody knows: within a gap, across an open event, before the first or
   * after the last reading. `next` are the readings it follows from.
   */
  valueAt(at: number): { readonly wh: bigint; readonly next: readonly Counting[] } | undefined {
    const index = firstNotBefore(this.counting, at);
    const after = this.counting[index];
    if (after === undefined) return undefined;
    if (after.at === at) return { wh: after.wh, next: [after] };
    const before = this.counting[index - 1];
    if (before === undefined || after.at - before.at > this.#evidence.periodMs) return undefined;
    const energy = this.energy(before, after);
    if (energy === undefined) return undefined;
    // BigInt division cuts towards zero, which is the floor of what is not negative.
    const share = (energy * BigInt(at - before.at)) / BigInt(after.at - before.at);
    return { wh: before.wh + share, next: [before, after] };
  }

  /** Energy between two instants whose values are known; undefined across an open event. */
  energy(
    from: { readonly at: number; readonly wh: bigint },
    to: { readonly at: number; readonly wh: bigint },
  ): bigint | undefined {
    let energy = to.wh - from.wh;
    for (const { at, adjustmentWh } of this.#evidence.events) {
      if (at <= from.at || at > to.at) continue;
      if (adjustmentWh === undefined) return undefined;
      energy += adjustmentWh;
    }
    return energy;
  }

  /** An open event whose step touches the time between. */
  openEventIn(from: number, to: number): EventOf | undefined {
    return this.#evidence.events.find(
      ({ at, beforeAt, adjustmentWh }) => adjustmentWh === undefined && at > from && beforeAt < to,
    );
  }

  #counting(): Counting[] {
    return this.#evidence.readings.flatMap(({ row, cells }) => {
      const at = Date.parse(cells.at);
      const wh = this.#corrected(cells, this.#correctionsOf(cells.at));
      if (wh === undefined) return [];
      const around = this.#evidence.events.filter((event) => event.at <= at && at < event.until);
      if (around.some(({ resolution }) => resolution === 'rejoined' || resolution === 'error'))
        return [];
      const jitter = around.findLast(({ resolution }) => resolution === 'jitter');
      if (jitter === undefined) return { row, at, wh };
      this.#checkJitter(jitter, row, wh);
      return { row, at, wh: jitter.beforeWh };
    });
  }

  /** Undefined where the reading does not count. */
  #corrected(
    { value, clock, quality }: RowOf<'readings'>['cells'],
    corrections: readonly RowOf<'corrections'>[],
  ): bigint | undefined {
    let [shown, counts] = [value, quality !== 'bad'];
    for (const { cells, row } of corrections) {
      const place = { file: 'corrections.csv', row };
      this.#findings.equal(place, '訂正前 before_wh', shown, cells.before_wh);
      [shown, counts] = [cells.after_wh, cells.after_wh !== ''];
    }
    return counts && clock === 'synced' && /^\d+$/.test(shown) ? BigInt(shown) : undefined;
  }

  #checkJitter({ beforeWh, row: event }: EventOf, row: number, wh: bigint): void {
    const lowest = beforeWh - this.#evidence.jitterWh;
    // Back over the wrap a register stands near its end.
    const wraps = event.cells.wrap_at !== '' ? BigInt(event.cells.wrap_at) : undefined;
    const back = wraps !== undefined && wh > beforeWh && wh - wraps >= lowest;
    if ((wh >= lowest && wh <= beforeWh) || back) return;
    const expected = `${lowest} to ${beforeWh}, within ${event.cells.id}`;
    this.#findings.equal({ file: 'readings.csv', row }, '揺れ jitter', expected, String(wh));
  }

  /** The readings that an event speaks of are there, and show what it says. */
  #checkEvent({ row, beforeAt, beforeWh, at, afterWh, until, resolution }: EventOf): void {
    const place = { file: 'events.csv', row: row.row };
    const before = this.#countingAt(beforeAt)?.wh;
    this.#findings.equal(place, '直前の値 before_wh', said(before), String(beforeWh));
    const reading = this.#shownAt(at);
    if (resolution === 'rollback' && reading !== undefined && reading >= afterWh) return;
    this.#findings.equal(place, '直後の値 after_wh', said(reading), String(afterWh));
    if (until === Number.POSITIVE_INFINITY) return;
    const again = this.#countingAt(until)?.wh;
    if (again === undefined || until <= at || again < beforeWh - this.#evidence.jitterWh)
      if (resolution === 'jitter' || resolution === 'rejoined')
        this.#findings.equal(place, '再開 until', `a reading of about ${beforeWh}`, said(again));
  }

  #countingAt(at: number): Counting | undefined {
    const found = this.counting[firstNotBefore(this.counting, at)];
    return found?.at === at ? found : undefined;
  }

  #shownAt(at: number): bigint | undefined {
    const found = this.#evidence.readings.find(({ cells }) => Date.parse(cells.at) === at);
    if (found === undefined) return undefined;
    return this.#corrected(found.cells, this.#correctionsOf(found.cells.at));
  }

  #correctionsOf(at: string): readonly RowOf<'corrections'>[] {
    return this.#evidence.corrections.filter(({ cells }) => cells.at === at);
  }
}

function said(wh: bigint | undefined): string {
  return wh === undefined ? 'no counting reading' : String(wh);
}

function firstNotBefore(counting: readonly Counting[], at: number): number {
  let [low, high] = [0, counting.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((counting[middle]?.at ?? Number.POSITIVE_INFINITY) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The half hours from the first reading to the last one: no other reading may hide among them. */
export function halfHoursBetween(next: readonly Counting[]): number[] {
  const [first, last] = [next[0]?.at ?? 0, next.at(-1)?.at ?? 0];
  const starts: number[] = [];
  for (let at = Math.floor(first / halfHourMs) * halfHourMs; at <= last; at += halfHourMs)
    starts.push(at);
  return starts;
}
