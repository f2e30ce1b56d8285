import { z } from 'zod';
import { dayMs } from '../energy/japan-day.ts';
import type { DerivedKey, DerivedRow, Store } from '../store/port.ts';

/** A state, and up to when it knows everything that is stored (epoch ms). */
export interface Settled<State> {
  readonly at: number;
  readonly state: State;
}

/** What states were computed with, beside what is stored. */
export type Basis = Readonly<Record<string, string | number | null>>;

type CheckpointStore = Pick<Store, 'derived' | 'putDerived'>;

/** How far back a checkpoint is looked for, in steps: the newest is nearly always a day old at most. */
const reachDays = [1, 30, 400, 40_000];

/**
 * A state as it stood at each midnight in Japan, so that late data costs a day and not a year. What it was computed
 * with is written beside it: two checkpoints are the same only if what follows them would be, too.
 */
export class Checkpoints<State> {
  readonly #store: CheckpointStore;
  readonly #key: DerivedKey;
  readonly #parse: (state: unknown) => State | undefined;

  /** @param parse undefined for what is no state of this program. */
  constructor(
    store: CheckpointStore,
    key: DerivedKey,
    parse: (state: unknown) => State | undefined,
  ) {
    this.#store = store;
    this.#key = key;
    this.#parse = parse;
  }

  /** The newest at or before a time; undefined when there is none, or it is not one of this program. */
  async newestBefore(atMs: number): Promise<(Settled<State> & { basis: Basis }) | undefined> {
    const newest = await this.#newestRow(atMs);
    const state = newest === undefined ? undefined : this.#stateOf(newest);
    if (newest === undefined || state === undefined) return undefined;
    return { at: newest.at, state, basis: basisOf(newest) };
  }

  /** From when on what is derived was computed with another basis than today's, or by an older program; undefined where nothing was. */
  async outdatedFrom(
    firstMs: number,
    nowMs: number,
    basisAt: (atMs: number) => Basis,
  ): Promise<number | undefined> {
    const same = (row: DerivedRow) =>
      JSON.stringify(basisOf(row)) === JSON.stringify(basisAt(row.at)) &&
      this.#stateOf(row) !== undefined;
    const newest = await this.#newestRow(nowMs);
    if (newest !== undefined && same(newest)) return undefined;
    let good = firstMs;
    for await (const row of this.#store.derived(this.#key, { from: firstMs, to: nowMs })) {
      if (!same(row)) break;
      good = row.at;
    }
    return good;
  }

  async #newestRow(atMs: number): Promise<DerivedRow | undefined> {
    for (const days of reachDays) {
      let newest: DerivedRow | undefined;
      const span = { from: atMs - days * dayMs, to: atMs + 1 };
      for await (const row of this.#store.derived(this.#key, span)) newest = row;
      if (newest !== undefined) return newest;
    }
    return undefined;
  }

  /** Whether the one that stands at a midnight is this. */
  async has(settled: Settled<State>, basis: Basis): Promise<boolean> {
    const { at, fields } = rowOf(settled, basis);
    for await (const stored of this.#store.derived(this.#key, { from: at, to: at + 1 }))
      return JSON.stringify(stored.fields) === JSON.stringify(fields);
    return false;
  }

  /** Writes a midnight's down. */
  async put(settled: Settled<State>, basis: Basis): Promise<void> {
    await this.#store.putDerived(this.#key, [rowOf(settled, basis)], []);
  }

  /** Written by `put` of this program or of another version: what remembers other things than this one is derived anew. */
  #stateOf({ fields }: DerivedRow): State | undefined {
    return this.#parse(JSON.parse(rowSchema.parse(fields).state));
  }
}

const rowSchema = z.object({ state: z.string() });

function rowOf<State>({ at, state }: Settled<State>, basis: Basis): DerivedRow {
  return { at, fields: { state: JSON.stringify(state), ...basis } };
}

function basisOf({ fields }: DerivedRow): Basis {
  const { state: _, ...basis } = fields;
  return basis;
}
