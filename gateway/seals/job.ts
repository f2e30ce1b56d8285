import { type ConfiguredMeter, meterSeries } from '../derive/meter.ts';
import { dayMs, japanMidnight } from '../energy/japan-day.ts';
import type { StaleMark, Store } from '../store/port.ts';
import { Chain, type ChainStore } from './chain.ts';
import type { DayDigests } from './digest.ts';
import { lateDays } from './late.ts';
import { dayName } from './seal.ts';
import { storedDays } from './stored.ts';

/** So long after its end a day is sealed, where the configuration says nothing else. */
export const waitMs = 3_600_000;
/** Days of one register sealed in one commit. */
const daysAtOnce = 31;
/** Marks looked at in one turn. */
const marksAtOnce = 2_000;
const lookEveryMs = 3_600_000;

export type SealStore = ChainStore & Pick<Store, 'readings' | 'series' | 'stale'>;

/** How far a register is sealed. */
export interface ChainHead {
  readonly register: string;
  /** Seals in the chain. */
  readonly seals: number;
  /** The last day sealed in its turn. */
  readonly throughDay: string;
  readonly head: string;
}

/** Seals the days of every register, turn by turn, and seals those again of which readings came late. */
export class SealJob {
  readonly #store: SealStore;
  readonly #chains: ReadonlyMap<string, Chain>;
  readonly #waitMs: number;
  #lookAtMs = 0;

  private constructor(store: SealStore, chains: ReadonlyMap<string, Chain>, wait: number) {
    this.#store = store;
    this.#chains = chains;
    this.#waitMs = wait;
  }

  static async load(
    store: SealStore,
    meters: readonly ConfiguredMeter[],
    wait = waitMs,
  ): Promise<SealJob> {
    const chains = new Map(meters.map((meter) => [meter.key, new Chain(store, meter)]));
    for (const chain of chains.values()) await chain.load();
    return new SealJob(store, chains, wait);
  }

  heads(): ChainHead[] {
    return [...this.#chains.values()].flatMap(({ meter, head }) =>
      head.position === 0 || head.nextDay === null
        ? []
        : {
            register: meter.key,
            seals: head.position,
            throughDay: dayName(head.nextDay - dayMs),
            head: head.leaf,
          },
    );
  }

  /** A bounded piece of the work; true when there may be more. */
  async turn(nowMs: number): Promise<boolean> {
    let more = await this.#late(nowMs);
    if (nowMs >= this.#lookAtMs) {
      await this.#begin(nowMs);
      this.#lookAtMs = nowMs + lookEveryMs;
    }
    for (const chain of this.#chains.values()) if (await this.#inTurn(chain, nowMs)) more = true;
    return more;
  }

  /**
   * Registers begin with the day of their first reading, once its turn has come: before that an earlier one may still
   * come, and no seal stands for it to be late behind.
   */
  async #begin(nowMs: number): Promise<void> {
    const waiting = [...this.#chains.values()].filter(({ head }) => head.nextDay === null);
    if (waiting.length === 0) return;
    const measured = new Set((await this.#store.series()).map(nameOf));
    for (const chain of waiting) {
      const series = meterSeries(chain.meter);
      if (!measured.has(nameOf(series))) continue;
      const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
      for await (const { at } of this.#store.readings(series, always)) {
        const first = japanMidnight(at);
        if (nowMs >= first + dayMs + this.#waitMs) chain.begin(first);
        break;
      }
    }
  }

  async #inTurn(chain: Chain, nowMs: number): Promise<boolean> {
    const { nextDay } = chain.head;
    if (nextDay === null) return false;
    const over = Math.floor((nowMs - this.#waitMs - nextDay) / dayMs);
    if (over < 1) return false;
    const to = nextDay + Math.min(over, daysAtOnce) * dayMs;
    const days = await this.#days(chain.meter, nextDay, to);
    if (!(await chain.sealDays(days, nowMs))) return true;
    // A frame that waited in memory for longer than the hour (a store that was away) had no mark yet.
    if (over === 1) await this.#again(chain, [nextDay - dayMs], [], nowMs);
    return over > daysAtOnce;
  }

  async #late(nowMs: number): Promise<boolean> {
    const marks = await this.#store.stale(marksAtOnce);
    let more = false;
    for (const [register, days] of lateDays(marks)) {
      const chain = this.#chains.get(register);
      const some = [...days].toSorted(([a], [b]) => a - b).slice(0, daysAtOnce);
      if (some.length < days.size) more = true;
      const done = some.map(([, mark]) => mark);
      // The first readings of a register, and of days long over: it begins now.
      if (chain?.head.nextDay === null) this.#lookAtMs = 0;
      // A register that is no longer configured is sealed no more.
      if (chain === undefined) await this.#store.putDerived(orphans, [], done);
      else if (
        !(await this.#again(
          chain,
          some.map(([day]) => day),
          done,
          nowMs,
        ))
      )
        more = true;
    }
    return more;
  }

  /** Days not sealed yet need nothing: their turn comes. */
  async #again(
    chain: Chain,
    midnights: readonly number[],
    done: readonly StaleMark[],
    nowMs: number,
  ): Promise<boolean> {
    const { nextDay } = chain.head;
    const sealed = midnights.filter((day) => nextDay !== null && day < nextDay);
    const days: DayDigests[] = [];
    for (const day of sealed) days.push(...(await this.#days(chain.meter, day, day + dayMs)));
    return chain.sealAgain(days, done, nowMs);
  }

  async #days(meter: ConfiguredMeter, from: number, to: number): Promise<DayDigests[]> {
    const days: DayDigests[] = [];
    for await (const day of storedDays(this.#store, meter, { from, to })) days.push(day);
    return days;
  }
}

const orphans = { measurement: 'seal_head', key: '' };

function nameOf({ site, device, asset, quantity }: ReturnType<typeof meterSeries>): string {
  return `${site}/${device}/${asset}/${quantity}`;
}
