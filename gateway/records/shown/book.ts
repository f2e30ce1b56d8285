import type { BookLine, Origin } from '#gateway/contract';
import type { SegmentSpan } from '../../derive/pack-books.ts';
import { type ConfiguredPack, geometryAt } from '../../derive/pack.ts';
import { drawn } from '../../hydrogen/ledger/drawn.ts';
import { minuteMs } from '../../hydrogen/ledger/step.ts';
import type { Span } from '../../store/port.ts';
import type { ReadState } from '../checks/gauge-state.ts';
import { statementsOf } from '../statements.ts';
import { knownAmount, minutesOf } from './accounts.ts';
import { accountSpan, deliverySpans, stateInventory, type DeliverySpan } from './deliveries.ts';
import { resolutionOf } from './segments.ts';
import type { RecordSources } from './sources.ts';

/** The lines of some packs in a span, oldest first. */
export async function bookLines(
  sources: RecordSources,
  packs: readonly ConfiguredPack[],
  span: Span,
  origin?: Origin,
): Promise<BookLine[]> {
  const lines: BookLine[] = [];
  for (const pack of packs)
    for (const delivery of deliverySpans(sources.desk, pack))
      if (origin === undefined || delivery.record.body.origin === origin)
        lines.push(...(await linesOf(sources, pack, delivery, span)));
  return lines.toSorted((a, b) => a.at - b.at || order.indexOf(a.entry) - order.indexOf(b.entry));
}

const order = ['received', 'unexplained', 'lost', 'issued', 'returned'];

async function linesOf(
  sources: RecordSources,
  pack: ConfiguredPack,
  delivery: DeliverySpan,
  span: Span,
): Promise<BookLine[]> {
  const { record, returned } = delivery;
  const { arrival, serial, origin, openCylinders, purityCertificate } = record.body;
  const inside = (at: number) => at >= span.from && at < span.to;
  const line = { pack: pack.config.id, origin, serial };
  const lines: BookLine[] = [];
  const state = (read: ReadState) => amountOf(pack, openCylinders, read);
  if (inside(arrival.at)) {
    const reference = purityCertificate ?? '';
    const by = record.by;
    lines.push({ ...line, at: arrival.at, entry: 'received', ...state(arrival), reference, by });
  }
  const whole = accountSpan(delivery, sources.nowMs());
  const part = { from: Math.max(whole.from, span.from), to: Math.min(whole.to, span.to) };
  if (part.from < part.to) {
    lines.push({ ...line, ...(await issued(sources, pack, part)), by: record.by });
    lines.push(...(await changes(sources, pack, part)).map((change) => ({ ...line, ...change })));
  }
  if (returned !== undefined && inside(returned.body.state.at)) {
    const { at } = returned.body.state;
    const amount = state(returned.body.state);
    lines.push({ ...line, at, entry: 'returned', ...amount, reference: '', by: returned.by });
  }
  return lines;
}

function amountOf(pack: ConfiguredPack, openCylinders: number, read: ReadState) {
  const inventory = stateInventory(pack, openCylinders, read);
  return {
    kg: inventory?.totalKg ?? null,
    expandedUncertaintyKg: inventory?.expandedUncertaintyKg ?? null,
  };
}

/** What was drawn of a delivery, under the lots that were made meanwhile. */
async function issued(sources: RecordSources, pack: ConfiguredPack, part: Span) {
  const { site, config } = pack;
  const amount = knownAmount(await sources.books(pack).account(minutesOf(part)));
  const lots = sources.desk
    .of('batch', site, config.id)
    .filter(({ body }) => body.from < part.to && body.to > part.from)
    .map(({ body }) => body.lot);
  return {
    at: part.to,
    entry: 'issued',
    kg: amount?.kg ?? null,
    expandedUncertaintyKg: amount?.expandedUncertaintyKg ?? null,
    reference: lotsNamed([...new Set(lots)]),
  } as const;
}

const mostLots = 10;

function lotsNamed(lots: readonly string[]): string {
  const more = lots.length > mostLots ? ` +${lots.length - mostLots}` : '';
  return `${lots.slice(0, mostLots).join(', ')}${more}`;
}

type Change = Pick<BookLine, 'at' | 'entry' | 'kg' | 'expandedUncertaintyKg' | 'reference' | 'by'>;

/** Losses that people stated, and changes nobody explained. */
async function changes(
  sources: RecordSources,
  pack: ConfiguredPack,
  part: Span,
): Promise<Change[]> {
  const span = minutesOf(part);
  const segments = await sources.books(pack).segments(span);
  // The same rule as an account's: a change within the first minute belongs to what came before.
  const counted = segments.filter(({ from }) => from >= span.from + minuteMs);
  return counted.flatMap((segment) => changeBefore(sources, pack, segment) ?? []);
}

function changeBefore(
  { desk }: RecordSources,
  pack: ConfiguredPack,
  { segment, from }: SegmentSpan,
): Change | undefined {
  const { before, start, kind } = segment;
  if (before === null) return undefined;
  const said = resolutionOf(desk, pack, from);
  const geometry = geometryAt(pack.geometry, statementsOf(desk, pack), before.at);
  const amount = drawn([{ pack: geometry, from: before, to: start }]);
  if (said?.what === 'loss')
    return { at: from, entry: 'lost', ...amount, reference: said.comment ?? '', by: said.by };
  if (said !== null || kind === 'cylinders') return undefined;
  return { at: from, entry: 'unexplained', ...amount, reference: kind, by: '' };
}
