import type { PackSegment } from '#gateway/contract';
import type { SegmentSpan } from '../../derive/pack-books.ts';
import type { ConfiguredPack } from '../../derive/pack.ts';
import { needsWord } from '../../hydrogen/ledger/segments.ts';
import type { LedgerEvent, Segment } from '../../hydrogen/ledger/state.ts';
import type { SegmentFacts } from '../checks/segments.ts';
import type { RecordDesk } from '../desk.ts';
import type { RecordSources } from './sources.ts';

/** What people said about the change before a segment. */
export function resolutionOf(
  desk: RecordDesk,
  { site, config }: ConfiguredPack,
  segmentAt: number,
): PackSegment['resolution'] {
  const said = desk
    .of('segment-resolution', site, config.id)
    .findLast(({ body }) => body.segmentAt === segmentAt);
  if (said !== undefined) {
    const { kind, id, by, recordedAt, body } = said;
    return { kind, id, what: body.what, by, recordedAt, comment: body.comment ?? null };
  }
  const delivered = desk
    .of('delivery', site, config.id)
    .findLast(({ body }) => body.segmentAt === segmentAt);
  if (delivered === undefined) return null;
  const { kind, id, by, recordedAt } = delivered;
  return { kind, id, what: 'swap', by, recordedAt, comment: null };
}

/** Every segment of a pack, oldest first, the one that runs now included. */
export async function segmentsOf(
  { books, ledger, nowMs }: Pick<RecordSources, 'books' | 'ledger' | 'nowMs'>,
  pack: ConfiguredPack,
): Promise<SegmentSpan[]> {
  const derived = await books(pack).segments({ from: 0, to: nowMs() + 1 });
  return withRunning(derived, ledger(pack).segment);
}

/**
 * A segment is derived when its minute has ended; the page shows it at once, and a person may say at once what happened.
 * Until it is derived it stands last.
 */
export function withRunning(
  derived: readonly SegmentSpan[],
  running: Segment | null,
): SegmentSpan[] {
  const newest = derived.at(-1);
  if (running === null || (newest !== undefined && newest.from >= running.at)) return [...derived];
  const ended = newest === undefined ? [] : [{ ...newest, to: running.at }];
  const span = { segment: running, from: running.at, to: Number.MAX_SAFE_INTEGER };
  return [...derived.slice(0, -1), ...ended, span];
}

export function segmentFacts(
  desk: RecordDesk,
  pack: ConfiguredPack,
  { segment, from }: SegmentSpan,
): SegmentFacts {
  const said = resolutionOf(desk, pack, from);
  const explainedBy = said === null ? undefined : `the ${said.kind} ${said.id} of ${said.by}`;
  return { segment, at: from, explainedBy };
}

export async function showSegment(
  { desk, books, nowMs }: RecordSources,
  pack: ConfiguredPack,
  { segment, from, to }: SegmentSpan,
): Promise<PackSegment> {
  const until = Math.min(to, nowMs() + 1);
  const endedAt = to === Number.MAX_SAFE_INTEGER ? null : to;
  const { drawn } = await books(pack).account({ from, to: until });
  const resolution = resolutionOf(desk, pack, from);
  return {
    at: from,
    endedAt,
    kind: segment.kind,
    before: segment.before,
    start: segment.start,
    openCylinders: segment.openCylinders,
    drawn,
    waiting: needsWord(segment) && resolution === null,
    resolution,
    isolations: isolationsIn(await books(pack).events({ from, to: until }), endedAt),
  };
}

/** Isolations by their two ends; one that ends in another segment is over when that begins. */
export function isolationsIn(
  events: readonly LedgerEvent[],
  endedAt: number | null,
): PackSegment['isolations'] {
  const isolations: PackSegment['isolations'] = [];
  for (const event of events) {
    const open = isolations.at(-1);
    if (event.kind === 'isolated') isolations.push({ from: event.at, to: endedAt, vented: null });
    else if (event.kind === 'returned' && open !== undefined)
      isolations.splice(-1, 1, { ...open, to: event.at, vented: event.vented });
  }
  return isolations;
}
