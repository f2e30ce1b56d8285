import { intervalStart } from '../energy/calendar.ts';
import { dayMs } from '../energy/japan-day.ts';
import { emptyHalfHour, type Interval } from '../energy/interval.ts';
import type { DerivedRow, Store } from '../store/port.ts';
import type { ChangeLog } from './changes.ts';
import type { Settled } from './checkpoints.ts';
import type { ConfiguredMeter } from './meter.ts';
import {
  halfHourOf,
  halfHourRow,
  intervalMeasurement,
  registerEventMeasurement,
  registerEventRow,
  saysTheSame,
  type StoredHalfHour,
} from './meter-rows.ts';
import type { Account, Accounted } from './meter-walk.ts';

export type MeterWriterStore = Pick<Store, 'derived' | 'putDerived' | 'commit'>;

/** Marks of what is derived from a half hour. */
export type Dependents = (startMs: number) => readonly string[];

/** Writes what a walk found over what is stored of the same time; a row that says the same stays as it is. */
export class MeterWriter {
  readonly #store: MeterWriterStore;
  readonly #dependents: Dependents;
  readonly #intervals: { readonly measurement: string; readonly key: string };
  readonly #events: { readonly measurement: string; readonly key: string };
  readonly #meter: string;
  readonly #changes: ChangeLog;
  /** Under which the half hours written now change, and from where on; the last one counts. */
  #numbers: { readonly number: number; readonly from: number }[] = [];
  /** Rows written or taken out so far. */
  written = 0;

  constructor(
    store: MeterWriterStore,
    { key }: ConfiguredMeter,
    changes: ChangeLog,
    dependents: Dependents = () => [],
  ) {
    this.#store = store;
    this.#meter = key;
    this.#changes = changes;
    this.#dependents = dependents;
    this.#intervals = { measurement: intervalMeasurement, key };
    this.#events = { measurement: registerEventMeasurement, key };
  }

  /** Takes events in doubt back to what they were then; answers from when on half hours are written. */
  async begin({ at, state: account }: Settled<Account>): Promise<number> {
    const inDoubt = account.state.held.flatMap(({ event }) => event ?? []);
    if (inDoubt.length > 0)
      await this.#store.putDerived(this.#events, inDoubt.map(registerEventRow), []);
    // From nothing, there may be rows of before the first reading that is left.
    return account.state.level === null && account.running === null ? 0 : openFrom(account, at);
  }

  /** What a day gave, the account after it, and from when on half hours are not written yet; answers the new such time. */
  async write(
    { halfHours, events }: Accounted,
    account: Account,
    from: number,
    dayAt: number,
  ): Promise<number> {
    const to = Math.max(from, openFrom(account, dayAt + dayMs));
    await this.#halfHours(halfHours, from, to);
    const day = { from: dayAt, to: dayAt + dayMs };
    const rows = events.map(registerEventRow);
    if (rows.length === 0 && !(await this.#anyEvent(day))) return to;
    await this.#store.putDerived(this.#events, rows, [], day);
    this.written += 1;
    return to;
  }

  /** Nothing is known of later times any more. */
  async end(from: number): Promise<void> {
    await this.#halfHours([], from, Number.MAX_SAFE_INTEGER);
  }

  /** Everything of a recomputation is written. After one that failed this waits for the one that repeats it. */
  settle(): void {
    for (const { number } of this.#numbers) this.#changes.end(number);
    this.#numbers = [];
  }

  /** The number of all that was written and is not settled; what changed no half hour has one, too. */
  async number(): Promise<number> {
    return this.#numbers.at(-1)?.number ?? this.#numberFrom(Number.MAX_SAFE_INTEGER);
  }

  /** The number for a change from a half hour on. */
  async #numberFrom(from: number): Promise<number> {
    const last = this.#numbers.at(-1);
    if (last !== undefined && last.from <= from) return last.number;
    const number = await this.#changes.begin(this.#meter, from);
    this.#numbers.push({ number, from });
    return number;
  }

  async #halfHours(halfHours: readonly Interval[], from: number, to: number): Promise<void> {
    if (to <= from) return;
    const stored = new Map<number, DerivedRow>();
    for await (const row of this.#store.derived(this.#intervals, { from, to }))
      stored.set(row.at, row);
    const changed: StoredHalfHour[] = [];
    const put = (interval: Interval): void => {
      const row = stored.get(interval.start);
      stored.delete(interval.start);
      if (row !== undefined && saysTheSame(row, interval)) return;
      const revision = row === undefined ? 1 : halfHourOf(row).revision + 1;
      changed.push({ interval, revision });
    };
    for (const interval of halfHours) put(interval);
    for (const start of stored.keys()) put(emptyHalfHour(start));
    if (changed.length === 0) return;
    // Before it is written: a process that ends in between leaves a mark too many, never one too few.
    const stale = [...new Set(changed.flatMap(({ interval }) => this.#dependents(interval.start)))];
    const nothing = { frames: [], readings: [], events: [], quarantine: [], records: [] };
    if (stale.length > 0) await this.#store.commit({ ...nothing, stale });
    const first = changed.reduce((least, each) => Math.min(least, each.interval.start), Infinity);
    const change = await this.#numberFrom(first);
    const rows = changed.map((each) => halfHourRow({ ...each, change }));
    await this.#store.putDerived(this.#intervals, rows, []);
    this.written += changed.length;
  }

  async #anyEvent(span: { readonly from: number; readonly to: number }): Promise<boolean> {
    for await (const _ of this.#store.derived(this.#events, span)) return true;
    return false;
  }
}

/** From when on half hours may still be added to. */
function openFrom({ state, running }: Account, otherwise: number): number {
  if (running !== null) return running.start;
  return state.level === null ? otherwise : intervalStart('30m', state.level.at);
}
