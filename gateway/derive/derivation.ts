import { minuteMs } from '../hydrogen/ledger/step.ts';
import type { StaleMark, Store } from '../store/port.ts';
import { ChangeLog } from './changes.ts';
import type { ConfiguredMeter, MeterStatements } from './meter.ts';
import { MeterJob } from './meter-job.ts';
import { intervalMeasurement } from './meter-rows.ts';
import type { ConfiguredPack, PackStatements } from './pack.ts';
import { packKey } from './pack.ts';
import { hydrogenMeasurement, PackJob, type Progress } from './pack-job.ts';
import type { FactorRow } from '../emissions/factor.ts';
import { ReductionJob } from './reduction-job.ts';
import type { ReductionPlan } from './reduction-plan.ts';
import { reductionMeasurement } from './reduction-rows.ts';
import { daysByMeter, daysByReduction, minutesByPack, reductionStaleKey } from './stale.ts';
import { noAccount } from './meter-walk.ts';

export interface PackProgress extends Progress {
  readonly site: string;
  readonly pack: string;
}

/** Marks looked at in one turn. */
const marksAtOnce = 2000;

/** What is derived, and from what people said of it. */
export interface Derived {
  readonly packs: readonly ConfiguredPack[];
  readonly packStatements: (pack: ConfiguredPack) => PackStatements;
  readonly meters: readonly ConfiguredMeter[];
  readonly meterStatements: (meter: ConfiguredMeter) => MeterStatements;
  /** What is made of the meters' half hours. */
  readonly reductions?: ReductionInputs;
}

export interface ReductionInputs {
  readonly plans: readonly ReductionPlan[];
  readonly factors: () => readonly FactorRow[];
}

/** All derived data of packs and meters, brought up to date turn by turn. */
export class Derivation {
  readonly #store: Store;
  readonly #packJobs: ReadonlyMap<string, PackJob>;
  readonly #meterJobs: ReadonlyMap<string, MeterJob>;
  /** In which order half hours changed. */
  readonly changes: ChangeLog;
  readonly #reductionJobs: ReadonlyMap<string, ReductionJob>;

  constructor(store: Store, derived: Derived) {
    const { packs, packStatements, meters, meterStatements, reductions } = derived;
    this.#store = store;
    const changes = new ChangeLog(store);
    this.changes = changes;
    this.#packJobs = new Map(
      packs.map((pack) => [
        packKey(pack),
        new PackJob({ store, pack, statements: () => packStatements(pack) }),
      ]),
    );
    const dependents = dependentsOf(reductions?.plans ?? []);
    this.#meterJobs = new Map(
      meters.map((meter) => [
        meter.key,
        new MeterJob({
          store,
          meter,
          changes,
          statements: () => meterStatements(meter),
          dependents: (startMs) =>
            (dependents.get(meter.key) ?? []).map((key) => reductionStaleKey(key, startMs)),
        }),
      ]),
    );
    const accountOf = ({ key }: ConfiguredMeter) => this.#meterJobs.get(key)?.account ?? noAccount;
    const { plans = [], factors = () => [] } = reductions ?? {};
    this.#reductionJobs = new Map(
      plans.map((plan) => [
        plan.key,
        new ReductionJob({ store, plan, factors, accountOf, statements: meterStatements }),
      ]),
    );
  }

  job(pack: ConfiguredPack): PackJob | undefined {
    return this.#packJobs.get(packKey(pack));
  }

  meterJobs(): Iterable<MeterJob> {
    return this.#meterJobs.values();
  }

  reductionJobs(): Iterable<ReductionJob> {
    return this.#reductionJobs.values();
  }

  async load(nowMs: number): Promise<void> {
    await this.changes.load(this.#meterJobs.keys(), nowMs);
    for (const job of [...this.#packJobs.values(), ...this.#meterJobs.values()])
      await job.load(nowMs);
  }

  /** Recomputations of packs' past under way. */
  progress(): PackProgress[] {
    return [...this.#packJobs].flatMap(([key, { progress }]) => {
      const [site = '', pack = ''] = key.split('/');
      return progress === undefined ? [] : [{ site, pack, ...progress }];
    });
  }

  /** One turn over what commits made stale; true when there may be more. */
  async turn(nowMs: number): Promise<boolean> {
    this.changes.heard(nowMs);
    for (const job of [...this.#packJobs.values(), ...this.#meterJobs.values()]) await job.goOn();
    const marks = await this.#store.stale(marksAtOnce);
    const packs = minutesByPack(marks);
    // A minute still running would be computed again at every reading.
    for (const minutes of packs.values())
      for (const minute of minutes.keys()) if (minute + minuteMs > nowMs) minutes.delete(minute);
    const packsWorked = await this.#work(packs, this.#packJobs, hydrogenMeasurement);
    const metersWorked = await this.#work(daysByMeter(marks), this.#meterJobs, intervalMeasurement);
    const reductionsWorked = await this.#reduce(metersWorked ? undefined : marks);
    return (packsWorked || metersWorked || reductionsWorked) && marks.length === marksAtOnce;
  }

  /** What the meters' jobs have just marked, too. */
  async #reduce(found: readonly StaleMark[] | undefined): Promise<boolean> {
    let marked = false;
    for (const job of this.#reductionJobs.values()) if (await job.check()) marked = true;
    const marks = marked ? undefined : found;
    const days = daysByReduction(marks ?? (await this.#store.stale(marksAtOnce)));
    return this.#work(days, this.#reductionJobs, reductionMeasurement);
  }

  async #work(
    stale: ReadonlyMap<string, ReadonlyMap<number, StaleMark>>,
    jobs: ReadonlyMap<string, Pick<PackJob | MeterJob | ReductionJob, 'recompute'>>,
    measurement: string,
  ): Promise<boolean> {
    let worked = false;
    for (const [key, marks] of stale) {
      if (marks.size === 0) continue;
      const job = jobs.get(key);
      // It left the configuration: its readings stay, nothing is derived from them.
      if (job === undefined)
        await this.#store.putDerived({ measurement, key }, [], [...marks.values()]);
      else await job.recompute(marks);
      worked = true;
    }
    return worked;
  }
}

/** Keys of the generators whose formula reads a meter, by the meter's key. */
function dependentsOf(plans: readonly ReductionPlan[]): ReadonlyMap<string, readonly string[]> {
  const byMeter = new Map<string, string[]>();
  for (const { key, registers } of plans)
    for (const { meter } of registers)
      byMeter.set(meter.key, [...(byMeter.get(meter.key) ?? []), key]);
  return byMeter;
}
