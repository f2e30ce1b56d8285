import { z } from 'zod';
import { dayMs } from '../energy/japan-day.ts';
import { emptyLedger, type LedgerState } from '../hydrogen/ledger/state.ts';
import type { DerivedKey, DerivedRow, Store } from '../store/port.ts';
import { geometryAt, type ConfiguredPack, type PackStatements } from './pack.ts';

/** A ledger, and up to when it knows everything that is stored (epoch ms). */
export interface Settled {
  readonly at: number;
  readonly state: LedgerState;
}

export const unsettled: Settled = { at: 0, state: emptyLedger };

type CheckpointStore = Pick<Store, 'derived' | 'putDerived'>;

/** How far back a checkpoint is looked for, in steps: the newest is nearly always a day old at most. */
const reachDays = [1, 30, 400, 40_000];

/**
 * A pack's ledger as it stood at each midnight in Japan, so that late data costs a day and not a year. What it was
 * computed with is written beside it: two checkpoints are the same only if what follows them would be, too.
 */
export class Checkpoints {
  readonly #store: CheckpointStore;
  readonly #key: DerivedKey;
  readonly #pack: ConfiguredPack;

  constructor(store: CheckpointStore, pack: ConfiguredPack) {
    this.#store = store;
    this.#pack = pack;
    this.#key = { measurement: 'pack_checkpoint', key: `${pack.site}/${pack.config.id}` };
  }

  /** The newest at or before a time; `unsettled` when there is none. */
  async newestBefore(atMs: number): Promise<Settled> {
    const newest = await this.#newestRow(atMs);
    return newest === undefined ? unsettled : { at: newest.at, state: stateOf(newest) };
  }

  /** From when on what is derived was computed with other settings than today's; undefined where nothing was. */
  async outdatedFrom(
    firstMs: number,
    nowMs: number,
    statements: PackStatements,
  ): Promise<number | undefined> {
    const same = ({ at, fields }: DerivedRow) =>
      fields['geometry'] === this.#geometry(at, statements);
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

  #geometry(atMs: number, statements: PackStatements): string {
    return JSON.stringify(geometryAt(this.#pack.geometry, statements, atMs));
  }

  /** Writes a midnight's down; true when the one that stood there was the same. */
  async put({ at, state }: Settled, statements: PackStatements): Promise<boolean> {
    const fields = {
      state: JSON.stringify(state),
      geometry: this.#geometry(at, statements),
      calibration: statements.calibrations.findLast(({ fromMs }) => fromMs <= at)?.fromMs ?? null,
    };
    for await (const stored of this.#store.derived(this.#key, { from: at, to: at + 1 }))
      if (JSON.stringify(stored.fields) === JSON.stringify(fields)) return true;
    await this.#store.putDerived(this.#key, [{ at, fields }], []);
    return false;
  }
}

const rowSchema = z.object({ state: z.string() });

/** Written by `put` of this program or an older one; anything else in it ends the derivation with a clear error. */
function stateOf({ at, fields }: DerivedRow): LedgerState {
  const state: unknown = JSON.parse(rowSchema.parse(fields).state);
  if (isLedger(state)) return state;
  throw new Error(`the checkpoint of ${new Date(at).toISOString()} is not one of this program`);
}

function isLedger(state: unknown): state is LedgerState {
  return (
    typeof state === 'object' &&
    state !== null &&
    Object.keys(emptyLedger).every((key) => key in state)
  );
}
