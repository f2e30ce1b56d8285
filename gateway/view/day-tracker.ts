import { dayMs, japanMidnight } from '../energy/japan-day.ts';
import { step, type Today } from '../energy/today.ts';
import type { SeriesKey, Store, StoredReading } from '../store/port.ts';

/**
 * Energy of the present Japan day for one register. Readings in order move it on; a late one (backlog) makes it read
 * the day again from the store, so that arrival order means nothing.
 */
export class DayTracker {
  readonly #series: SeriesKey;
  #today: Today | undefined;
  #reread = true;

  constructor(series: SeriesKey) {
    this.#series = series;
  }

  get today(): Today | undefined {
    return this.#today;
  }

  /** True when the day must be read again from the store. */
  get needsReread(): boolean {
    return this.#reread;
  }

  observe(reading: StoredReading): void {
    const { site, device, asset, quantity } = this.#series;
    if (reading.quantity !== quantity || reading.asset !== asset) return;
    if (reading.device !== device || reading.site !== site || !counts(reading)) return;
    if (this.#today !== undefined && reading.at < this.#today.last.at) {
      if (reading.at >= this.#today.day - dayMs) this.#reread = true;
      return;
    }
    this.#today = step(this.#today, { at: reading.at, wh: reading.value });
  }

  /** Reads the day anew; readings that come meanwhile are stored and will be in the next reread if they are late. */
  async reread(store: Store, nowMs: number): Promise<void> {
    this.#reread = false;
    const midnight = japanMidnight(nowMs);
    const before = await store.lastBefore(this.#series, midnight);
    let state =
      before !== undefined && counts(before)
        ? step(undefined, { at: before.at, wh: before.value })
        : undefined;
    for await (const reading of store.readings(this.#series, { from: midnight, to: nowMs + dayMs }))
      if (counts(reading)) state = step(state, { at: reading.at, wh: reading.value });
    if (this.#today !== undefined && state !== undefined && this.#today.last.at > state.last.at) {
      // Something newer came while the store was read: take it in, and look again next time.
      state = step(state, this.#today.last);
      this.#reread = true;
    }
    this.#today = state;
  }
}

function counts(reading: StoredReading): reading is StoredReading & { value: number } {
  return reading.value !== null && reading.clock === 'synced' && reading.quality !== 'bad';
}
