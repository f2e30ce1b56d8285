import { halfHourMs } from '../energy/calendar.ts';
import { counts } from '../energy/input.ts';
import { dayMs } from '../energy/japan-day.ts';
import type { Interval } from '../energy/interval.ts';
import { type FormulaRegister, jointSpans, type JointSpan } from '../emissions/joint.ts';
import { lineOfHalfHours, type RegisterLine } from '../emissions/register-line.ts';
import type { Span, Store } from '../store/port.ts';
import type { ConfiguredMeter, MeterStatements } from './meter.ts';
import { storedInputs } from './meter-inputs.ts';
import { halfHourOf, intervalMeasurement } from './meter-rows.ts';
import type { Account } from './meter-walk.ts';
import type { ReductionPlan } from './reduction-plan.ts';

export interface WindowParts {
  readonly store: Pick<Store, 'derived' | 'readings' | 'events'>;
  readonly accountOf: (meter: ConfiguredMeter) => Account;
  readonly statements: (meter: ConfiguredMeter) => MeterStatements;
}

/** The joint spans around a span, and from when to when they are all there are. */
export interface Window extends Span {
  readonly spans: readonly JointSpan[];
}

const endOfTime = Number.MAX_SAFE_INTEGER;
/** How far around a change a joint boundary is looked for, in days: mostly a half hour, after an outage longer. */
const reachDays = [1, 8, 64, 512, 100_000];

/**
 * The joint spans that a change of half hours in `[from, to)` can have touched: from the last joint boundary before it
 * to the first one after it. Boundaries outside, with unchanged half hours on both sides, are what they were.
 */
export async function windowAround(
  parts: WindowParts,
  plan: ReductionPlan,
  { from, to }: Span,
): Promise<Window> {
  for (const days of reachDays) {
    const reach = { from: Math.max(0, from - days * dayMs), to: to + days * dayMs };
    const { spans, began } = await spansIn(parts, plan, reach);
    const start = spans.findLast((span) => span.from < from)?.from;
    const end = spans.find((span) => span.to > to)?.to;
    const ended = reach.to > endOf(parts, plan);
    const enough = (start !== undefined || began) && (end !== undefined || ended);
    if (!enough && days !== reachDays.at(-1)) continue;
    const window = { from: start ?? 0, to: end ?? endOfTime };
    return {
      ...window,
      spans: spans.filter((span) => span.from >= window.from && span.to <= window.to),
    };
  }
  throw new Error('the last reach is without a limit');
}

/** When the first of its registers was read last. */
export function endOf({ accountOf }: WindowParts, { registers }: ReductionPlan): number {
  return Math.min(...registers.map(({ meter }) => accountOf(meter).state.level?.at ?? 0));
}

async function spansIn(
  parts: WindowParts,
  { registers }: ReductionPlan,
  reach: Span,
): Promise<{ spans: JointSpan[]; began: boolean }> {
  const formula: FormulaRegister[] = [];
  let began = false;
  for (const { item, meter } of registers) {
    const { halfHours, line } = await storedLine(parts, meter, reach);
    // Half hours are stored without a hole: before the first one of a register there is none.
    began ||= (halfHours[0]?.start ?? Infinity) > reach.from;
    formula.push({ item, register: meter.key, line });
  }
  return { spans: jointSpans(formula), began };
}

/** What a register is known to have counted, from the half hours stored in a span and the running one after them. */
export async function storedLine(
  parts: WindowParts,
  meter: ConfiguredMeter,
  reach: Span,
): Promise<{ readonly halfHours: readonly Interval[]; readonly line: RegisterLine }> {
  const halfHours = await halfHoursIn(parts, meter, reach);
  const ends = await endsOf(parts, meter, halfHours, reach);
  return { halfHours, line: lineOfHalfHours(halfHours, ends) };
}

/** Stored ones, and the running one after them. */
async function halfHoursIn(
  { store, accountOf }: WindowParts,
  meter: ConfiguredMeter,
  reach: Span,
): Promise<Interval[]> {
  const halfHours: Interval[] = [];
  const key = { measurement: intervalMeasurement, key: meter.key };
  for await (const row of store.derived(key, reach)) halfHours.push(halfHourOf(row).interval);
  const { running } = accountOf(meter);
  const next = (halfHours.at(-1)?.start ?? Number.NaN) + halfHourMs;
  if (running !== null && running.start === next) halfHours.push(running);
  return halfHours;
}

async function endsOf(
  parts: WindowParts,
  meter: ConfiguredMeter,
  halfHours: readonly Interval[],
  reach: Span,
): Promise<{ startKnown: boolean; endKnown: boolean }> {
  const first = halfHours[0];
  const last = halfHours.at(-1);
  if (first === undefined || last === undefined) return { startKnown: false, endKnown: false };
  const { state } = parts.accountOf(meter);
  return {
    // Where stored half hours begin inside the reach, counting begins, and only a reading at that very instant says so.
    startKnown: first.start > reach.from && (await readAt(parts, meter, first.start)),
    endKnown: state.held.length === 0 && state.level?.at === last.end,
  };
}

async function readAt(
  { store, statements }: WindowParts,
  meter: ConfiguredMeter,
  at: number,
): Promise<boolean> {
  const span = { from: at, to: at + 1 };
  for await (const input of storedInputs(store, meter, statements(meter), span))
    if (input.kind === 'reading' && counts(input)) return true;
  return false;
}
