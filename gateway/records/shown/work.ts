import type { Batch, Draw } from '#gateway/contract';
import type { Account } from '../../derive/pack-books.ts';
import type { ConfiguredPack } from '../../derive/pack.ts';
import type { KnownRecord } from '../desk.ts';
import { endsKnown, knownAmount, minutesOf } from './accounts.ts';
import { recordedBy, type RecordSources } from './sources.ts';

export async function showDraw(
  { books, nowMs }: RecordSources,
  pack: ConfiguredPack,
  record: KnownRecord<'draw'>,
): Promise<Draw> {
  const { from, to, expectedKg, expandedUncertaintyKg } = record.body;
  const span = { from, to: Math.min(to, nowMs()) };
  const begun = span.to > span.from;
  const account = begun ? await books(pack).account(minutesOf(span)) : undefined;
  return {
    ...recordedBy(record),
    from,
    to,
    expectedKg,
    expandedUncertaintyKg,
    measured: account === undefined ? null : knownAmount(account),
  };
}

export async function showBatch(
  sources: RecordSources,
  pack: ConfiguredPack,
  record: KnownRecord<'batch'>,
): Promise<Batch> {
  const { lot, product, from, to, units } = record.body;
  const nowMs = sources.nowMs();
  const running = to > nowMs;
  const span = minutesOf({ from, to: Math.max(from, Math.min(to, nowMs)) });
  const account = await sources.books(pack).account(span);
  const known = running || (await endsKnown(sources, pack, { from, to }));
  return {
    ...recordedBy(record),
    lot,
    product: product ?? null,
    from,
    to,
    units,
    ...batchAmount(account, { running, known, units }),
  };
}

/** An amount below its own expanded uncertainty cannot be told from nothing: then only its upper end is said. */
export function batchAmount(
  account: Account,
  { running, known, units }: { running: boolean; known: boolean; units: number },
): Pick<Batch, 'state' | 'drawn' | 'lessThanKg' | 'kgPerUnit'> {
  const drawn = knownAmount(account);
  const nothing = { drawn: null, lessThanKg: null, kgPerUnit: null };
  if (account.unexplained.length > 0) return { state: 'unexplained', ...nothing };
  if (running) return { state: 'running', ...nothing, drawn };
  if (drawn === null || !known) return { state: 'no-data', ...nothing };
  const { kg, expandedUncertaintyKg } = drawn;
  if (kg <= expandedUncertaintyKg)
    return {
      state: 'not-resolved',
      ...nothing,
      lessThanKg: Math.max(0, kg) + expandedUncertaintyKg,
    };
  return { state: 'resolved', drawn, lessThanKg: null, kgPerUnit: kg / units };
}
