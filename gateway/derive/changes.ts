import { dayMs, japanMidnight } from '../energy/japan-day.ts';
import type { DerivedRow, Span, Store } from '../store/port.ts';
import { halfHourOf, intervalMeasurement, type StoredHalfHour } from './meter-rows.ts';

/** One row for each number: at the number, with the first half hour that changed under it. */
const changeMeasurement = 'energy_change';
/** One row for each day of readings: at its midnight, with the number under which they last changed. */
export const readingChangeMeasurement = 'reading_change';
/** In place of a midnight: the readings of all days, where a register was accounted from its first reading on. */
const allDays = 0;

/**
 * In which order stored half hours changed, so that whoever pulls them can go on where it stopped and still gets what came
 * late or was corrected. Every change has a number: epoch milliseconds of its time, pushed up so that numbers always rise,
 * over restarts too. A number is written down *before* the half hours that carry it, and is not `settled` before all of
 * them are there: nobody is told a cursor beyond a half hour that is still to be written, even where the process is killed
 * between the two.
 */
export class ChangeLog {
  readonly #store: Pick<Store, 'derived' | 'putDerived'>;
  /** Under way, with the meter. */
  readonly #open = new Map<number, string>();
  readonly #states = new Map<string, number>();
  /** The last number given out. */
  #last = 0;
  #now = 0;

  constructor(store: Pick<Store, 'derived' | 'putDerived'>) {
    this.#store = store;
  }

  /** Numbers of before lie behind the clock, or are read here: it was set back, or much changed within a few milliseconds. */
  async load(meters: Iterable<string>, nowMs: number): Promise<void> {
    this.heard(nowMs);
    this.#last = Math.max(this.#last, nowMs);
    const ahead = { from: nowMs, to: Number.MAX_SAFE_INTEGER };
    for (const key of meters)
      for await (const { at } of this.#store.derived(
        { measurement: changeMeasurement, key },
        ahead,
      ))
        this.#last = Math.max(this.#last, at);
  }

  /** The time, as far as is known. */
  heard(atMs: number): void {
    this.#now = Math.max(this.#now, atMs);
  }

  /** A number for what is about to change of a meter, from a half hour on. Durable once this resolves. */
  async begin(meter: string, from: number): Promise<number> {
    const before = this.#last;
    const number = Math.max(before + 1, this.#now);
    this.#last = number;
    this.#open.set(number, meter);
    try {
      const key = { measurement: changeMeasurement, key: meter };
      await this.#store.putDerived(key, [{ at: number, fields: { from } }], []);
    } catch (error) {
      this.#open.delete(number);
      // A number that nobody wrote down must not be told as a cursor: after a restart it would be given out again.
      if (this.#last === number) this.#last = before;
      throw error;
    }
    return number;
  }

  /** Everything of a number is written. */
  end(number: number): void {
    const meter = this.#open.get(number);
    if (meter === undefined) return;
    this.#open.delete(number);
    this.#states.set(meter, number);
  }

  /** Whatever changed up to this number is written: where the next pull goes on. */
  get settled(): number {
    return this.#open.size === 0 ? this.#last : Math.min(...this.#open.keys()) - 1;
  }

  /** Differs whenever half hours of a meter may; undefined while some are being written. 0: not since the start. */
  state(meter: string): number | undefined {
    for (const open of this.#open.values()) if (open === meter) return undefined;
    return this.#states.get(meter) ?? 0;
  }
}

/** The stored half hours of a span that changed after a number, oldest first. */
export async function* changedHalfHours(
  store: Pick<Store, 'derived'>,
  meter: string,
  since: number,
  span: Span,
): AsyncGenerator<StoredHalfHour, void, undefined> {
  const later = { from: since + 1, to: Number.MAX_SAFE_INTEGER };
  let first = Infinity;
  const log = { measurement: changeMeasurement, key: meter };
  for await (const { fields } of store.derived(log, later)) {
    const { from } = fields;
    first = Math.min(first, typeof from === 'number' ? from : 0);
  }
  const from = Math.max(first, span.from);
  if (from >= span.to) return;
  const intervals = { measurement: intervalMeasurement, key: meter };
  for await (const row of store.derived(intervals, { from, to: span.to })) {
    const halfHour = halfHourOf(row);
    if ((halfHour.change ?? 0) > since) yield halfHour;
  }
}

/** What is written of days whose readings came, or were corrected, before a number was given out. */
export function readingChanges(
  midnights: readonly number[],
  change: number,
  fromTheFirst: boolean,
): DerivedRow[] {
  return [...(fromTheFirst ? [allDays] : []), ...midnights].map((at) => ({
    at,
    fields: { change },
  }));
}

/** The parts of a span whose readings may have changed after a number, oldest first: whole days, as far as it goes. */
export async function* changedReadings(
  store: Pick<Store, 'derived'>,
  meter: string,
  since: number,
  span: Span,
): AsyncGenerator<Span, void, undefined> {
  const log = { measurement: readingChangeMeasurement, key: meter };
  const later = ({ fields }: DerivedRow): boolean => Number(fields['change'] ?? 0) > since;
  for await (const row of store.derived(log, { from: allDays, to: allDays + 1 }))
    if (later(row)) return yield span;
  const days = { from: Math.max(allDays + 1, japanMidnight(span.from)), to: span.to };
  for await (const row of store.derived(log, days))
    if (later(row))
      yield { from: Math.max(row.at, span.from), to: Math.min(row.at + dayMs, span.to) };
}
