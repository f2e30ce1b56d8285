import { z } from 'zod';
import { eventSchema, frameHeadSchema } from '#device/contract';
import type { Stream } from '../streams.ts';
import type { LossBook } from './loss-book.ts';
import type { SegmentLog, StoredRecord } from './segment-log.ts';
import type { Segment } from './segment.ts';
import { keptWhenThinned } from './thin.ts';
import { decodeWaiting, type WaitingTimes } from './waiting.ts';

const storedFrameSchema = frameHeadSchema.extend({
  readings: z.record(z.string(), z.unknown()),
  events: z.array(eventSchema).default([]),
});
type StoredFrame = z.infer<typeof storedFrameSchema> & { readonly record: StoredRecord };

/** Thins one file of frames, its report being on disk before. Throws when the disk does. */
export function thin(
  log: SegmentLog,
  segment: Segment,
  book: LossBook,
  segmentBytes: number,
): void {
  const frames = framesOf(log, segment);
  const kept = keptWhenThinned(
    frames.map(({ record, at, readings, events }) => ({
      position: record.position,
      at,
      channels: Object.keys(readings),
      hasEvents: events.length > 0,
    })),
  );
  const [stay, go] = split(frames, ({ record }) => kept.has(record.position));
  noteLoss(book, 'thinned', go);
  book.save();
  const before = joinable(log, log.segments[log.segments.indexOf(segment) - 1], stay, segmentBytes);
  log.rewrite(
    before === undefined ? [segment] : [before.segment, segment],
    [...(before?.frames ?? []), ...stay].map(({ record }) => record),
  );
}

/** Gives up one file of frames; what they carry as events goes on. Throws when the disk does. */
export function drop(log: SegmentLog, segment: Segment, book: LossBook): void {
  const frames = framesOf(log, segment);
  noteLoss(book, 'dropped', frames);
  for (const { events, stream } of frames) book.losses.carry(events, stream);
  book.save();
  log.remove(segment);
}

/** Gives up one file of frames that wait for their stamp. Throws when the disk does. */
export function dropWaiting(
  log: SegmentLog,
  segment: Segment,
  book: LossBook,
  times: WaitingTimes,
  { id, base }: Stream,
): void {
  const { losses, counts } = book;
  log.read(segment.first, ({ position, body }) => {
    if (position > segment.last) return false;
    const frame = decodeWaiting(body);
    const instant = frame && { upMs: times.place(frame).upMs };
    const seq = position - base;
    const seqs = { stream: id, firstSeq: seq, lastSeq: seq, count: 1 };
    losses.add({ kind: 'dropped', why: 'spool-full', ...seqs, from: instant, to: instant });
    losses.carry(frame?.events ?? [], id);
    counts.dropped += 1;
    return true;
  });
  book.save();
  log.remove(segment);
}

/** The neighbour before, if it is thinned, of the same stream, and both together make no more than one file. */
function joinable(
  log: SegmentLog,
  before: Segment | undefined,
  stay: readonly StoredFrame[],
  segmentBytes: number,
): { readonly segment: Segment; readonly frames: readonly StoredFrame[] } | undefined {
  if (before === undefined || !before.thinned) return undefined;
  const addedBytes = stay.reduce((sum, { record }) => sum + Buffer.byteLength(record.body), 0);
  if (before.bytes + addedBytes > segmentBytes) return undefined;
  const frames = framesOf(log, before);
  const sameStream = frames[0] === undefined || frames[0].stream === stay[0]?.stream;
  return sameStream ? { segment: before, frames } : undefined;
}

function framesOf(log: SegmentLog, segment: Segment): StoredFrame[] {
  const frames: StoredFrame[] = [];
  log.read(segment.first, (record) => {
    if (record.position > segment.last) return false;
    frames.push({ ...storedFrameSchema.parse(JSON.parse(record.body)), record });
    return true;
  });
  return frames;
}

function noteLoss(
  { losses, counts }: LossBook,
  kind: 'thinned' | 'dropped',
  frames: readonly StoredFrame[],
): void {
  counts[kind] += frames.length;
  const [first] = frames;
  const last = frames.at(-1);
  if (first === undefined || last === undefined) return;
  losses.add({
    kind,
    why: 'spool-full',
    stream: first.stream,
    firstSeq: first.seq,
    lastSeq: last.seq,
    count: frames.length,
    from: { at: first.at },
    to: { at: last.at },
  });
}

function split<T>(items: readonly T[], chosen: (item: T) => boolean): [T[], T[]] {
  return [items.filter(chosen), items.filter((item) => !chosen(item))];
}
