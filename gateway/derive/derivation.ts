import { minuteMs } from '../hydrogen/ledger/step.ts';
import type { Store } from '../store/port.ts';
import type { ConfiguredPack, PackStatements } from './pack.ts';
import { packKey } from './pack.ts';
import { PackJob, type Progress } from './pack-job.ts';
import { minutesByPack } from './stale.ts';

export interface PackProgress extends Progress {
  readonly site: string;
  readonly pack: string;
}

/** Marks looked at in one turn. */
const marksAtOnce = 2000;

/** All packs' derived data, brought up to date turn by turn. */
export class Derivation {
  readonly #store: Store;
  readonly #jobs: ReadonlyMap<string, PackJob>;

  constructor(
    store: Store,
    packs: readonly ConfiguredPack[],
    statements: (pack: ConfiguredPack) => PackStatements,
  ) {
    this.#store = store;
    this.#jobs = new Map(
      packs.map((pack) => [
        packKey(pack),
        new PackJob({ store, pack, statements: () => statements(pack) }),
      ]),
    );
  }

  job(pack: ConfiguredPack): PackJob | undefined {
    return this.#jobs.get(packKey(pack));
  }

  async load(nowMs: number): Promise<void> {
    for (const job of this.#jobs.values()) await job.load(nowMs);
  }

  /** Recomputations of the past under way. */
  progress(): PackProgress[] {
    return [...this.#jobs].flatMap(([key, { progress }]) => {
      const [site = '', pack = ''] = key.split('/');
      return progress === undefined ? [] : [{ site, pack, ...progress }];
    });
  }

  /** One turn over the minutes that commits made stale and that have ended; true when there may be more. */
  async turn(nowMs: number): Promise<boolean> {
    const marks = await this.#store.stale(marksAtOnce);
    let worked = false;
    for (const [key, minutes] of minutesByPack(marks)) {
      // A minute still running would be computed again at every reading.
      for (const minute of minutes.keys()) if (minute + minuteMs > nowMs) minutes.delete(minute);
      if (minutes.size === 0) continue;
      const job = this.#jobs.get(key);
      if (job === undefined) {
        // The pack left the configuration: its readings stay, nothing is derived from them.
        const [measurement, done] = ['hydrogen', [...minutes.values()]];
        await this.#store.putDerived({ measurement, key }, [], done);
      } else await job.recompute(minutes);
      worked = true;
    }
    return worked && marks.length === marksAtOnce;
  }
}
