import type { GeneratorReduction, ReductionReason } from '#gateway/contract';
import type { Derivation } from '../derive/derivation.ts';
import { doubtsOf, obstacleOf } from '../derive/reduction-doubts.ts';
import type { ReductionJob } from '../derive/reduction-job.ts';
import type { ReductionPlan } from '../derive/reduction-plan.ts';
import { ReductionSum, reductionYears } from '../derive/reduction-sums.ts';
import { japanMidnight } from '../energy/japan-day.ts';
import { formatExact } from '../emissions/exact.ts';
import { fiscalYearOf, fiscalYearSpan } from '../emissions/fiscal-year.ts';
import type { Confirmation } from '../emissions/methodology.ts';
import type { Store } from '../store/port.ts';

interface Place {
  readonly job: ReductionJob;
  changes: number;
  day: number;
  today: ReductionSum;
  fiscalYear: ReductionSum;
  until: number | null;
  /** Of the newest row, where the table lacks a factor: no obstacle knows of it. */
  lacking: ReductionReason | null;
}

/** What every generator has saved today and in the fiscal year, from its stored reductions. */
export class ReductionBoard {
  readonly #store: Pick<Store, 'derived'>;
  readonly #confirmations: () => readonly Confirmation[];
  readonly #places: ReadonlyMap<string, Place>;

  constructor(
    store: Pick<Store, 'derived'>,
    derivation: Pick<Derivation, 'reductionJobs'>,
    confirmations: () => readonly Confirmation[],
  ) {
    this.#store = store;
    this.#confirmations = confirmations;
    const nothing = () => ({ today: new ReductionSum(), fiscalYear: new ReductionSum() });
    this.#places = new Map(
      [...derivation.reductionJobs()].map((job) => [
        job.plan.key,
        { job, changes: -1, day: 0, until: null, lacking: null, ...nothing() },
      ]),
    );
  }

  plan(key: string): ReductionPlan | undefined {
    return this.#places.get(key)?.job.plan;
  }

  keys(): string[] {
    return [...this.#places.keys()];
  }

  confirmations(): readonly Confirmation[] {
    return this.#confirmations();
  }

  /** Sums up again what has changed; true where anything had. */
  async account(nowMs: number): Promise<boolean> {
    const day = japanMidnight(nowMs);
    let any = false;
    for (const place of this.#places.values()) {
      const { changes, plan } = place.job;
      if (changes === place.changes && place.day === day) continue;
      await this.#sum(place, plan.key, day);
      place.changes = changes;
      place.day = day;
      any = true;
    }
    return any;
  }

  async #sum(place: Place, key: string, day: number): Promise<void> {
    const today = new ReductionSum();
    const fiscalYear = new ReductionSum();
    let until: number | null = null;
    let lacking: Place['lacking'] = null;
    const span = fiscalYearSpan(fiscalYearOf(day));
    for await (const { rows } of reductionYears(this.#store, key, span))
      for (const row of rows) {
        fiscalYear.add(row);
        if (row.from >= day) today.add(row);
        until = row.to;
        const { reason, detail } = row;
        lacking = reason === 'factor-missing' ? { reason, detail } : null;
      }
    place.today = today;
    place.fiscalYear = fiscalYear;
    place.until = until;
    place.lacking = lacking;
  }

  /** Null where no such generator is. */
  show(key: string, nowMs: number): GeneratorReduction | null {
    const place = this.#places.get(key);
    if (place === undefined) return null;
    const { job, today, fiscalYear, until, lacking } = place;
    const obstacle = obstacleOf(job.plan, nowMs);
    const text = (sum: ReductionSum): string | null => {
      const kg = sum.kg();
      return kg === null ? null : formatExact(kg);
    };
    return {
      methodology: job.plan.methodology.id,
      todayKg: place.day === japanMidnight(nowMs) ? text(today) : null,
      fiscalYear: fiscalYearOf(nowMs),
      fiscalYearKg: fiscalYearOf(place.day) === fiscalYearOf(nowMs) ? text(fiscalYear) : null,
      until,
      provisional: doubtsOf(job.plan, this.#confirmations(), fiscalYear.standIns),
      withheld:
        obstacle === undefined ? lacking : { reason: obstacle.reason, detail: obstacle.detail },
    };
  }
}
