import type { PackProgress } from '../../derive/derivation.ts';
import { type Account, amountOf } from '../../derive/pack-books.ts';
import { hydrogenMeasurement } from '../../derive/pack-job.ts';
import { type ConfiguredPack, packKey } from '../../derive/pack.ts';
import { minuteStaleKey } from '../../derive/stale.ts';
import type { Amount } from '../../hydrogen/ledger/drawn.ts';
import { minuteMs } from '../../hydrogen/ledger/step.ts';
import type { Span } from '../../store/port.ts';
import type { RecordSources } from './sources.ts';

/**
 * Derived data are minutes: a span reaches from the minute its start lies in to the one its end lies in. Two spans that
 * meet share that minute's row as end and as start, so that their accounts add up to that of the whole.
 */
export function minutesOf({ from, to }: Span): Span {
  const floor = (ms: number) => Math.floor(ms / minuteMs) * minuteMs;
  return { from: floor(from), to: Math.max(floor(from), floor(to)) + minuteMs };
}

/** Null where a change of mass in it is unexplained, or nothing was measured. */
export function knownAmount({ drawn, stretches, unexplained }: Account): Amount | null {
  return stretches.length === 0 || unexplained.length > 0 ? null : drawn;
}

/** So near to the ends of a span something must have been read, for its account to be the span's. */
const nearMs = 10 * minuteMs;

/** Whether the pack was known at both ends of a span: read, or behind a closed line, where nothing leaves it. */
export async function endsKnown(
  { store }: Pick<RecordSources, 'store'>,
  pack: ConfiguredPack,
  span: Span,
): Promise<boolean> {
  const { from, to } = minutesOf(span);
  const known = async (part: Span): Promise<boolean> => {
    const key = { measurement: hydrogenMeasurement, key: packKey(pack) };
    for await (const { fields } of store.derived(key, part))
      if (typeof fields['totalKg'] === 'number' || fields['why'] === 'isolated') return true;
    return false;
  };
  const atStart = await known({ from, to: Math.min(to, from + nearMs) });
  return atStart && (await known({ from: Math.max(from, to - nearMs), to }));
}

/** One pack's accounts, with the class of its flow meter where it has one. */
export interface PackAccounts {
  readonly accounts: readonly Account[];
  readonly meterClassPercent: number | undefined;
}

/**
 * The sum of accounts. Those of one pack share their instruments, so that constant errors add up with their signs; those
 * of different packs are independent. Null where one of them is not known.
 */
export function sumOf(packs: readonly PackAccounts[]): Amount | null {
  let kg = 0;
  let squares = 0;
  for (const { accounts, meterClassPercent } of packs) {
    if (accounts.some((account) => knownAmount(account) === null)) return null;
    const amount = amountOf(accounts, meterClassPercent);
    kg += amount.kg;
    squares += amount.expandedUncertaintyKg ** 2;
  }
  return { kg, expandedUncertaintyKg: Math.sqrt(squares) };
}

/** As many marks as a turn of the derivation takes up. */
const mostMarks = 2000;

/** The recomputation that a change from a time on has started; null once it is done. */
export async function recomputingFrom(
  { progress, store, nowMs }: Pick<RecordSources, 'progress' | 'store' | 'nowMs'>,
  pack: ConfiguredPack,
  atMs: number,
): Promise<Omit<PackProgress, 'site' | 'pack'> | null> {
  const minute = Math.floor(atMs / minuteMs) * minuteMs;
  const running = progress().find((each) => `${each.site}/${each.pack}` === packKey(pack));
  if (running !== undefined && running.from === minute) {
    const { from, reached, to } = running;
    return { from, reached, to };
  }
  const waiting = await store.stale(mostMarks);
  if (!waiting.some(({ key }) => key === minuteStaleKey(pack, minute))) return null;
  // The minute under way is derived when it ends, whoever marked it.
  const to = Math.floor(nowMs() / minuteMs) * minuteMs;
  return minute < to ? { from: minute, reached: minute, to } : null;
}
