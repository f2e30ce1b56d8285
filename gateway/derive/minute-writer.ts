import type { DerivedRow, Span, Store } from '../store/port.ts';
import { hourMeasurement, hourMs, hourOf, hourRows, minuteMeasurement } from './hour-rows.ts';

type Rows = Pick<Store, 'derived' | 'putDerived'>;

interface Written {
  readonly minutes: readonly DerivedRow[];
  readonly span: Span;
}

/**
 * Writes a pack's minutes down, and with them its hours: an hour has a row when a minute stands behind it, and only then.
 * So the hours are a function of the minutes, whenever and in whatever order these were derived.
 */
export class MinuteWriter {
  readonly #store: Rows;
  readonly #key: string;
  #newestAt: number | undefined;

  constructor(store: Rows, key: string) {
    this.#store = store;
    this.#key = key;
  }

  /** Where the newest minute stands that is written (epoch ms). */
  get newestAt(): number | undefined {
    return this.#newestAt;
  }

  /** Finds out what a process before wrote: nothing before the pack's first reading. */
  async load(firstMs: number, nowMs: number): Promise<void> {
    let from = hourOf(nowMs);
    // Behind each hour with a row stands a minute; beyond now, if the clock was set back.
    const ahead = { from, to: Number.MAX_SAFE_INTEGER };
    for (const { at } of await this.#stored(hourMeasurement, ahead)) from = at + hourMs;
    let newest = (await this.#stored(minuteMeasurement, { ...ahead, from })).at(-1);
    for (let lengthMs = hourMs; newest === undefined && from > firstMs; lengthMs *= 2) {
      newest = (
        await this.#stored(minuteMeasurement, { from: Math.max(0, from - lengthMs), to: from })
      ).at(-1);
      from -= lengthMs;
    }
    this.#newestAt = newest?.at;
  }

  /** Takes all that is written in a span of whole minutes away, and writes these minutes in its place. */
  async put(minutes: readonly DerivedRow[], span: Span): Promise<void> {
    const before = this.#newestAt;
    const newestAt = minutes.reduce((newest, { at }) => Math.max(newest, at), before ?? -Infinity);
    const running = hourOf(newestAt);
    // Before the minutes that end it: whoever is killed in between finds their marks as they were, and comes by again.
    if (before !== undefined && hourOf(before) < Math.min(hourOf(span.from), running))
      await this.#putHours({ from: hourOf(before), to: hourOf(before) + hourMs });
    await this.#store.putDerived(this.#measurement(minuteMeasurement), minutes, [], span);
    const ended = Math.min(hourOf(span.to + hourMs - 1), running);
    await this.#putHours({ from: hourOf(span.from), to: ended }, { minutes, span });
    if (newestAt > -Infinity) this.#newestAt = newestAt;
  }

  /** @param known the minutes of a span, which need not be read. */
  async #putHours(hours: Span, known: Written = nothingOf(hours)): Promise<void> {
    if (hours.from >= hours.to) return;
    const { minutes, span } = known;
    const earlier = await this.#stored(minuteMeasurement, { from: hours.from, to: span.from });
    const later = await this.#stored(minuteMeasurement, { from: span.to, to: hours.to });
    const inside = minutes.filter(({ at }) => at < hours.to);
    const rows = hourRows([...earlier, ...inside, ...later]);
    await this.#store.putDerived(this.#measurement(hourMeasurement), rows, [], hours);
  }

  async #stored(measurement: string, span: Span): Promise<DerivedRow[]> {
    const rows: DerivedRow[] = [];
    if (span.from >= span.to) return rows;
    for await (const row of this.#store.derived(this.#measurement(measurement), span))
      rows.push(row);
    return rows;
  }

  #measurement(measurement: string) {
    return { measurement, key: this.#key };
  }
}

function nothingOf({ from }: Span): Written {
  return { minutes: [], span: { from, to: from } };
}
