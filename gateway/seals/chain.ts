import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ConfiguredMeter } from '../derive/meter.ts';
import { dayMs } from '../energy/japan-day.ts';
import type { DerivedRow, StaleMark, Store } from '../store/port.ts';
import { type DayDigests, emptyDay } from './digest.ts';
import { dayMidnight, dayName, firstPrevious, leafOf, type Seal, sealRecord } from './seal.ts';
import { storedSeals } from './stored.ts';

export type ChainStore = Pick<Store, 'records' | 'commit' | 'derived' | 'putDerived'>;

const headSchema = z.object({ position: z.int(), leaf: z.string(), nextDay: z.int().nullable() });
/** Where a chain stands. `nextDay`: the midnight of the first day not sealed in its turn; null before it begins. */
export type Head = z.infer<typeof headSchema>;
const dayRowSchema = z.object({ revision: z.int(), sum: z.string() });

const noHead: Head = { position: 0, leaf: firstPrevious, nextDay: null };
const rowsAtOnce = 1_000;

/**
 * One register's chain. The records are what counts; rows of derived data beside them (the head, and for each day its
 * revision and a sum of its digests) spare reading years of records at every start, and are made again from the records
 * where the two do not fit.
 */
export class Chain {
  readonly meter: ConfiguredMeter;
  readonly #store: ChainStore;
  #head: Head = noHead;

  constructor(store: ChainStore, meter: ConfiguredMeter) {
    this.#store = store;
    this.meter = meter;
  }

  get head(): Head {
    return this.#head;
  }

  async load(): Promise<void> {
    for await (const { fields } of this.#store.derived(this.#headKey(), { from: 0, to: 1 })) {
      this.#head = headSchema.parse(fields);
      return;
    }
    await this.#rebuild();
  }

  /** From which day on a register is sealed in turn. */
  begin(midnight: number): void {
    if (this.#head.nextDay === null) this.#head = { ...this.#head, nextDay: midnight };
  }

  /** Days that follow each other, sealed in their turn. False when the chain had moved on: look again. */
  sealDays(days: readonly DayDigests[], nowMs: number): Promise<boolean> {
    const last = days.at(-1);
    if (last === undefined) return Promise.resolve(true);
    const seals = this.#linked(
      days.map((day) => ({ ...day, revision: 1, reason: 'day' as const })),
    );
    return this.#append(seals, { nextDay: last.day + dayMs, done: [], nowMs });
  }

  /**
   * Days that were sealed and are looked at again: those that differ get a supplement. `done` are taken off with it.
   * False when the chain had moved on: look again.
   */
  async sealAgain(
    days: readonly DayDigests[],
    done: readonly StaleMark[],
    nowMs: number,
  ): Promise<boolean> {
    const links: Link[] = [];
    for (const day of days) {
      const known = await this.#known(day.day);
      if (known === undefined ? day.digests.equals(emptyDay) : known.sum === sumOf(day.digests))
        continue;
      links.push({ ...day, revision: (known?.revision ?? 0) + 1, reason: 'late' });
    }
    if (links.length === 0 && done.length === 0) return true;
    const { nextDay } = this.#head;
    return this.#append(this.#linked(links), { nextDay, done, nowMs });
  }

  #linked(links: readonly Link[]): Seal[] {
    let { position, leaf: previous } = this.#head;
    return links.map(({ day, ...link }) => {
      position += 1;
      const unsigned = { register: this.meter.key, day: dayName(day), previous, ...link };
      const leaf = leafOf(unsigned);
      previous = leaf;
      return { ...unsigned, position, leaf };
    });
  }

  async #append(
    seals: readonly Seal[],
    after: Pick<Head, 'nextDay'> & { readonly done: readonly StaleMark[]; readonly nowMs: number },
  ): Promise<boolean> {
    const records = seals.map((seal) => sealRecord(seal, after.nowMs));
    if (records.length > 0) {
      const batch = { frames: [], readings: [], events: [], quarantine: [], stale: [] };
      const { recordConflicts } = await this.#store.commit({ ...batch, records });
      if (recordConflicts.length > 0) {
        await this.#rebuild();
        return false;
      }
      await this.#putDays(seals);
    }
    const last = seals.at(-1);
    this.#head = {
      position: last?.position ?? this.#head.position,
      leaf: last?.leaf ?? this.#head.leaf,
      nextDay: after.nextDay,
    };
    await this.#putHead(after.done);
    return true;
  }

  /** What the records say, whatever the rows said: a process may have ended between the two. */
  async #rebuild(): Promise<void> {
    let head = noHead;
    let some: Seal[] = [];
    for await (const seal of storedSeals(this.#store, this.meter)) {
      const nextDay = seal.reason === 'day' ? dayMidnight(seal.day) + dayMs : head.nextDay;
      head = { position: seal.position, leaf: seal.leaf, nextDay };
      some.push(seal);
      if (some.length < rowsAtOnce) continue;
      await this.#putDays(some);
      some = [];
    }
    if (head.position === 0) return;
    await this.#putDays(some);
    this.#head = head;
    await this.#putHead([]);
  }

  async #known(midnight: number): Promise<z.infer<typeof dayRowSchema> | undefined> {
    const span = { from: midnight, to: midnight + 1 };
    for await (const { fields } of this.#store.derived(this.#dayKey(), span))
      return dayRowSchema.parse(fields);
    return undefined;
  }

  async #putDays(seals: readonly Seal[]): Promise<void> {
    // A day that was sealed twice in one go has one row: the last one's.
    const rows = new Map<number, DerivedRow>();
    for (const { day, revision, digests } of seals) {
      const at = dayMidnight(day);
      rows.set(at, { at, fields: { revision, sum: sumOf(digests) } });
    }
    if (rows.size > 0) await this.#store.putDerived(this.#dayKey(), [...rows.values()], []);
  }

  #putHead(done: readonly StaleMark[]): Promise<void> {
    return this.#store.putDerived(this.#headKey(), [{ at: 0, fields: { ...this.#head } }], done);
  }

  #headKey() {
    return { measurement: 'seal_head', key: this.meter.key };
  }

  #dayKey() {
    return { measurement: 'seal_day', key: this.meter.key };
  }
}

interface Link extends DayDigests {
  readonly revision: number;
  readonly reason: Seal['reason'];
}

function sumOf(digests: Buffer): string {
  return createHash('sha256').update(digests).digest('hex');
}
