import type { Activity } from '#gateway/contract';
import { secondsIn } from '../../energy/interval.ts';
import type { Span, Store } from '../../store/port.ts';
import { storedHalfHours } from './half-hours.ts';
import { type Measured, overlapOf } from './selection.ts';

type Items = Activity['items'];
export type Amounts = NonNullable<Items['generated']>;
const items = ['generated', 'sold', 'auxiliary'] as const;

/** A fiscal year in Japan, named by the year in which it begins. */
export function fiscalYearSpan(year: number): Span {
  return { from: japanApril(year), to: japanApril(year + 1) };
}

/** The fiscal year that holds an instant. */
export function fiscalYearOf(ms: number): number {
  const year = new Date(ms + 9 * 3_600_000).getUTCFullYear();
  return ms < japanApril(year) ? year - 1 : year;
}

function japanApril(year: number): number {
  return Date.parse(`${year}-04-01T00:00:00+09:00`);
}

/** What meters counted inside their windows and a span, item by item; null where no meter is of that item. */
export async function amountsOf(
  store: Pick<Store, 'derived'>,
  meters: readonly Measured[],
  span: Span,
): Promise<Items> {
  const sums: Items = { generated: null, sold: null, auxiliary: null };
  for (const item of items)
    for (const each of meters) {
      if (each.meter.item !== item) continue;
      const inside = overlapOf(each.window, span);
      sums[item] = added(sums[item], await amountOf(store, each.meter.register, inside));
    }
  return sums;
}

async function amountOf(
  store: Pick<Store, 'derived'>,
  register: string,
  span: Span,
): Promise<Amounts> {
  const amounts = { wh: 0, unallocatedWh: 0, coveredSeconds: 0, missingSeconds: 0 };
  const gaps = new Map<number, Span & { readonly wh: number }>();
  const events = new Set<string>();
  if (span.from < span.to)
    for await (const { interval } of storedHalfHours(store, register, span)) {
      amounts.wh += interval.wh;
      amounts.coveredSeconds += interval.coveredSeconds;
      for (const gap of interval.unallocated) gaps.set(gap.from, gap);
      for (const event of interval.openEvents) events.add(event);
    }
  for (const { from, to, wh } of gaps.values())
    if (from >= span.from && to <= span.to) {
      amounts.wh += wh;
      amounts.coveredSeconds += secondsIn(from, to);
    } else amounts.unallocatedWh += wh;
  amounts.missingSeconds = secondsIn(span.from, span.to) - amounts.coveredSeconds;
  return { ...amounts, openEvents: events.size };
}

function added(a: Amounts | null, b: Amounts | null): Amounts | null {
  if (a === null || b === null) return a ?? b;
  return {
    wh: a.wh + b.wh,
    unallocatedWh: a.unallocatedWh + b.unallocatedWh,
    coveredSeconds: a.coveredSeconds + b.coveredSeconds,
    missingSeconds: a.missingSeconds + b.missingSeconds,
    openEvents: a.openEvents + b.openEvents,
  };
}
