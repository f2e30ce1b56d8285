import { dayMs } from '../energy/japan-day.ts';
import { Judge } from '../emissions/conditions.ts';
import type { FactorRow } from '../emissions/factor.ts';
import { electricityFactorOf } from '../emissions/factor-rule.ts';
import { fuelFactorOf, fuelFactors } from '../emissions/fuel.ts';
import { reductionKg } from '../emissions/reduction.ts';
import { type JudgedSpan, judged } from '../emissions/stretch.ts';
import type { DerivedKey, DerivedRow, Span, StaleMark, Store } from '../store/port.ts';
import type { ReductionPlan } from './reduction-plan.ts';
import { type Reduction, reductionMeasurement, reductionRow } from './reduction-rows.ts';
import { endOf, type Window, windowAround, type WindowParts } from './reduction-window.ts';
import { intervalMeasurement } from './meter-rows.ts';
import { reductionStaleKey } from './stale.ts';

export interface ReductionJobParts extends WindowParts {
  readonly store: Pick<Store, 'commit' | 'readings' | 'events' | 'derived' | 'putDerived'>;
  readonly plan: ReductionPlan;
  /** The table as it is now. */
  readonly factors: () => readonly FactorRow[];
}

const endOfTime = Number.MAX_SAFE_INTEGER;
/** So much is joined at once: memory stays bounded however long the past is. */
const mostAtOnceMs = 31 * dayMs;

/**
 * Keeps one generator's reductions in step with the half hours of its registers. Work is a set of days in which half
 * hours changed; what is written anew reaches from the last joint boundary before them to the first one after.
 */
export class ReductionJob {
  readonly #parts: ReductionJobParts;
  readonly #judge: Judge;
  readonly #key: DerivedKey;
  readonly #basisKey: DerivedKey;
  #basis: string | undefined;
  #changes = 0;

  constructor(parts: ReductionJobParts) {
    const { key, conditions } = parts.plan;
    this.#parts = parts;
    this.#judge = new Judge(conditions);
    this.#key = { measurement: reductionMeasurement, key };
    this.#basisKey = { measurement: 'reduction_basis', key };
  }

  get plan(): ReductionPlan {
    return this.#parts.plan;
  }

  /** Rises whenever a stored reduction may have changed. */
  get changes(): number {
    return this.#changes;
  }

  /** Marks everything where it was computed with other settings or another table; true where it did. */
  async check(): Promise<boolean> {
    const { store, plan, factors } = this.#parts;
    const registers = plan.registers.map(({ item, meter }) => [item, meter.key]);
    const basis = JSON.stringify([registers, conditionsText(plan), factors()]);
    this.#basis ??= await this.#storedBasis();
    if (this.#basis === basis) return false;
    const nothing = { frames: [], readings: [], events: [], quarantine: [], records: [] };
    await store.commit({ ...nothing, stale: [reductionStaleKey(plan.key, 'everything')] });
    await store.putDerived(this.#basisKey, [{ at: 0, fields: { basis } }], []);
    this.#basis = basis;
    return true;
  }

  async #storedBasis(): Promise<string> {
    for await (const { fields } of this.#parts.store.derived(this.#basisKey, { from: 0, to: 1 }))
      return String(fields['basis']);
    return '';
  }

  async recompute(marks: ReadonlyMap<number, StaleMark>): Promise<void> {
    const spans = marks.has(0) ? [await this.#everything()] : grouped([...marks.keys()]);
    for (const span of spans)
      for (let { from } = span; from < span.to; from += mostAtOnceMs)
        await this.#run({ from, to: Math.min(span.to, from + mostAtOnceMs) });
    await this.#parts.store.putDerived(this.#key, [], [...marks.values()]);
  }

  /** From the first half hour of its registers on. Whatever is stored before it goes. */
  async #everything(): Promise<Span> {
    const { store, plan } = this.#parts;
    let from = endOfTime;
    for (const { meter } of plan.registers) {
      const key = { measurement: intervalMeasurement, key: meter.key };
      for await (const { at } of store.derived(key, { from: 0, to: endOfTime })) {
        from = Math.min(from, at);
        break;
      }
    }
    const end = endOf(this.#parts, plan);
    await this.#write({ from: 0, to: Math.min(from, end), spans: [] });
    return { from, to: Math.max(from, end) + 1 };
  }

  async #run(span: Span): Promise<void> {
    const { plan } = this.#parts;
    const end = endOf(this.#parts, plan);
    // Nothing is joint any more where one of its registers has ended.
    const window =
      plan.registers.length === 0 || span.from >= end
        ? { from: Math.max(end, 0), to: endOfTime, spans: [] }
        : await windowAround(this.#parts, plan, span);
    await this.#write(window);
  }

  async #write({ spans, ...window }: Window): Promise<void> {
    if (window.to <= window.from) return;
    const { store } = this.#parts;
    const stored = new Map<number, string>();
    for await (const { at, fields } of store.derived(this.#key, window))
      stored.set(at, JSON.stringify(fields));
    const rows = [...judged(spans, this.#judge)].map((span) => reductionRow(this.#reduction(span)));
    const isNew = ({ at, fields }: DerivedRow) => stored.get(at) !== JSON.stringify(fields);
    const changed = rows.filter(isNew);
    for (const { at } of rows) stored.delete(at);
    if (changed.length === 0 && stored.size === 0) return;
    // A row that is none any more is taken out together with what takes its place.
    if (stored.size > 0) await store.putDerived(this.#key, rows, [], window);
    else await store.putDerived(this.#key, changed, []);
    this.#changes += 1;
  }

  #reduction(joint: JudgedSpan): Reduction {
    const { plan } = this.#parts;
    const span = plan.soldKnown ? joint : { ...joint, soldWh: null, elWh: null };
    const { fiscalYear, band, elWh, gasDm3, heatKj } = span;
    const asked = { fiscalYear, class: 'published' } as const;
    const table = this.#parts.factors();
    const burns = plan.burns?.findLast((each) => each.fiscalYear <= fiscalYear)?.terms;
    const wanted = [
      electricityFactorOf(table, { ...asked, band }),
      ...(burns === undefined ? [] : [fuelFactorOf(table, { ...asked, fuel: burns.fuel })]),
    ];
    const [electricity, cef] = wanted.map((each) => ('missing' in each ? null : each.value));
    const fuel = burns === undefined || !cef ? null : fuelFactors(burns, cef);
    const missing = wanted.find((each) => 'missing' in each);
    const standIns = wanted.flatMap((each) => ('missing' in each ? [] : each.provisional));
    const shown = {
      factor: electricity ?? null,
      fuel,
      standIns: standIns.map(({ symbol, fiscalYear: year }) => `${symbol} ${year ?? ''}`),
    };
    if (missing !== undefined && span.reason === null) {
      const detail = `${missing.missing} ${missing.fiscalYear}`;
      return { ...span, ...shown, reason: 'factor-missing', detail, kg: null };
    }
    if (span.reason !== null || elWh === null || !electricity)
      return { ...span, ...shown, kg: null };
    const amounts = { elWh, gasDm3: gasDm3 ?? 0, heatKj: heatKj ?? 0 };
    return { ...span, ...shown, kg: reductionKg(amounts, { electricity, fuel }) };
  }
}

/** JSON knows no infinity, and no whole numbers of any length. */
function conditionsText({ conditions, methodology, burns }: ReductionPlan): string {
  const settings = [methodology.id, conditions, ...(burns === undefined ? [] : [burns])];
  return JSON.stringify(settings, (_, value: unknown) =>
    typeof value === 'number' || typeof value === 'bigint' ? String(value) : value,
  );
}

/** Days, joined where they follow each other. */
function grouped(days: readonly number[]): Span[] {
  const spans: { from: number; to: number }[] = [];
  for (const day of days.toSorted((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last?.to === day) last.to = day + dayMs;
    else spans.push({ from: day, to: day + dayMs });
  }
  return spans;
}
