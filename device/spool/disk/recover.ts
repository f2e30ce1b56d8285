import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { frameHeadSchema } from '#device/contract';
import type { Stamp } from '../../clock/stamper.ts';
import { RangeSet } from '../../link/range-set.ts';
import type { Log } from '../../log.ts';
import { Losses } from '../losses.ts';
import type { Span } from '../port.ts';
import { type Stream, Streams } from '../streams.ts';
import { findDamage, type LostSpan, mend, reportDamage } from './damage.ts';
import {
  cursorSchema,
  type Identity,
  identitySchema,
  lossesSchema,
  type Note,
  readNote,
} from './note.ts';
import { SegmentLog } from './segment-log.ts';
import { readSegment, type Segment } from './segment.ts';
import { decodeWaiting, type MachineBoot, WaitingTimes } from './waiting.ts';

export interface SpoolPaths {
  readonly folder: string;
  readonly identity: string;
  readonly cursor: string;
  readonly losses: string;
}

export function spoolPaths(folder: string): SpoolPaths {
  return {
    folder,
    identity: join(folder, 'stream'),
    cursor: join(folder, 'acknowledged'),
    losses: join(folder, 'unreported'),
  };
}

/** How the process before this one ended. */
export type Ending = 'none' | 'clean' | 'unclean';

/** A spool as it was found. */
export interface Recovered {
  readonly frames: SegmentLog;
  readonly waiting: SegmentLog;
  readonly times: WaitingTimes;
  readonly freed: RangeSet;
  readonly losses: Losses;
  readonly streams: Streams;
  readonly next: number;
  /** Highest position that needs no further syncing. */
  readonly syncedTo: number;
  /** Positions that may have been used, and of which nothing is left. */
  readonly skipped: readonly Span[];
  readonly last: Stamp | undefined;
  readonly ending: Ending;
  readonly corrupt: number;
  /** The folder could not be used; nothing was read from it. */
  readonly folderMissing: boolean;
}

export interface RecoverySettings {
  readonly paths: SpoolPaths;
  readonly segmentBytes: number;
  readonly machine: MachineBoot;
  readonly newStreamId: () => string;
}

/** Reads what the process before left, and mends what is damaged. Throws `NewerSpool` before it changes anything. */
export function recover(settings: RecoverySettings, log: Log): Recovered {
  const { paths, segmentBytes, machine } = settings;
  const { folder } = paths;
  if (!usable(folder, log)) return nothing(settings);
  const frames = new SegmentLog({ folder, kind: 'F', segmentBytes });
  const waiting = new SegmentLog({ folder, kind: 'D', segmentBytes });
  const note = readNote(paths.identity, identitySchema);
  const cursor = readNote(paths.cursor, cursorSchema);
  const unreported = readNote(paths.losses, lossesSchema);
  const damaged = { frames: frames.load(), waiting: waiting.load() };
  for (const [path, { kind }] of [
    [paths.identity, note],
    [paths.cursor, cursor],
  ] as const)
    if (kind === 'corrupt') log.warn({ path }, 'damaged; the spool goes on without it');

  const identity = note.kind === 'read' ? note.value : undefined;
  const freed = freedOf(cursor);
  for (const { first, last } of freed.ranges) frames.free(first, last);
  // Already stamped; a kill came before the waiting copy was removed.
  waiting.free(1, frames.last);
  const losses = restoreLosses(unreported, log);
  const lastFound = Math.max(frames.last, waiting.last);
  const { streams, next, ending } = continueStreams(settings, note.kind, identity, frames, waiting);
  const clean = identity?.clean === true;
  const end = clean ? identity.usedTo + 1 : undefined;
  const corrupt = [
    ...findDamage(frames, damaged.frames, end, log),
    ...findDamage(waiting, damaged.waiting, end, log),
    ...missingTail(identity, lastFound),
  ].filter(({ first, last }) => first > last || !freed.covers(first, last));
  for (const damage of corrupt) reportDamage(losses, streams, damage);
  mend(
    paths,
    losses,
    [
      { files: frames, damaged: damaged.frames },
      { files: waiting, damaged: damaged.waiting },
    ],
    log,
  );
  const skipped = ending === 'unclean' ? unaccounted(identity, frames, waiting, next) : [];
  return {
    frames,
    waiting,
    freed,
    losses,
    streams,
    next,
    ending,
    skipped,
    folderMissing: false,
    corrupt: corrupt.reduce((sum, { lines }) => sum + lines, 0),
    times: timesOf(waiting, machine),
    syncedTo: identity?.usedTo ?? 0,
    last: lastStamp(frames) ?? identity?.last,
  };
}

function usable(folder: string, log: Log): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    readdirSync(folder);
    return true;
  } catch (error) {
    const hint = 'frames stay in memory, bounded, until it can be made';
    log.error({ folder, error: String(error) }, `the spool folder cannot be used; ${hint}`);
    return false;
  }
}

function nothing({ paths, segmentBytes, machine, newStreamId }: RecoverySettings): Recovered {
  const { folder } = paths;
  return {
    frames: new SegmentLog({ folder, kind: 'F', segmentBytes }),
    waiting: new SegmentLog({ folder, kind: 'D', segmentBytes }),
    times: new WaitingTimes(machine),
    freed: new RangeSet(),
    losses: new Losses(),
    streams: new Streams([{ id: newStreamId(), base: 0 }]),
    next: 1,
    syncedTo: 0,
    skipped: [],
    last: undefined,
    ending: 'none',
    corrupt: 0,
    folderMissing: true,
  };
}

function freedOf(cursor: Note<z.infer<typeof cursorSchema>>): RangeSet {
  const freed = new RangeSet();
  // Without it, frames are sent again that the gateway holds already: an equal redelivery changes nothing.
  if (cursor.kind === 'read')
    for (const [first, last] of cursor.value.freed) freed.add(first, last);
  return freed;
}

function restoreLosses(note: Note<z.infer<typeof lossesSchema>>, log: Log): Losses {
  const losses = new Losses();
  if (note.kind === 'read') losses.restore(note.value.losses);
  else if (note.kind === 'corrupt')
    losses.carry(
      [{ kind: 'corrupt', count: 1, why: `unreported losses: ${note.detail}`.slice(0, 200) }],
      '',
    );
  if (note.kind === 'corrupt') log.warn({ detail: note.detail }, 'unreported losses are damaged');
  return losses;
}

/** The stream in use goes on only if the newest file and the identity agree on it. */
function continueStreams(
  { newStreamId }: RecoverySettings,
  noted: Note<Identity>['kind'],
  identity: Identity | undefined,
  frames: SegmentLog,
  waiting: SegmentLog,
): { readonly streams: Streams; readonly next: number; readonly ending: Ending } {
  const found = streamsOf(frames.segments);
  const newest = found.at(-1);
  const used = identity?.clean === true ? identity.usedTo : (identity?.reservedTo ?? 0);
  const next = Math.max(used, frames.last, waiting.last) + 1;
  const ending = noted === 'absent' ? 'none' : identity?.clean === true ? 'clean' : 'unclean';
  if (identity !== undefined) {
    const { stream: id, base } = identity;
    if (newest?.id === id) return { streams: new Streams(found), next, ending };
    if (newest === undefined || newest.base < base)
      return { streams: new Streams([...found, { id, base }]), next, ending };
  }
  const base =
    (waiting.segments.find(({ held }) => !held.empty)?.held.ranges[0]?.first ?? next) - 1;
  return { streams: new Streams([...found, { id: newStreamId(), base }]), next, ending };
}

function streamsOf(segments: readonly Segment[]): Stream[] {
  const streams: Stream[] = [];
  for (const segment of segments) {
    const stream = firstStream(segment);
    if (stream !== undefined && stream.id !== streams.at(-1)?.id) streams.push(stream);
  }
  return streams;
}

/** All frames of a file are of one stream. */
function firstStream(segment: Segment): Stream | undefined {
  let found: Stream | undefined;
  readSegment(segment, segment.first, ({ position, bodyStart }, line) => {
    const { stream, seq } = frameHeadSchema.parse(JSON.parse(line.toString('utf8', bodyStart)));
    found = { id: stream, base: position - seq };
    return false;
  });
  return found;
}

function lastStamp(frames: SegmentLog): Stamp | undefined {
  const segment = frames.segments.at(-1);
  if (segment === undefined) return undefined;
  let stamp: Stamp | undefined;
  readSegment(segment, segment.last, ({ bodyStart }, line) => {
    const { at, clock } = frameHeadSchema.parse(JSON.parse(line.toString('utf8', bodyStart)));
    stamp = { at, clock };
    return true;
  });
  return stamp;
}

/** After an unclean end whatever is not there may have been used, sent, and lost again by a power cut. */
function unaccounted(
  identity: Identity | undefined,
  frames: SegmentLog,
  waiting: SegmentLog,
  next: number,
): readonly Span[] {
  if (identity === undefined) return [];
  const spans: Span[] = [];
  let first = (frames.last > 0 ? frames.last : identity.usedTo) + 1;
  const held = waiting.segments.flatMap((segment) => segment.held.ranges);
  for (const range of [...held, { first: next, last: next }]) {
    if (first < range.first) spans.push({ first, last: range.first - 1 });
    first = range.last + 1;
  }
  return spans;
}

/** After a clean end the newest records must be there; if not, their file was cut. */
function missingTail(identity: Identity | undefined, lastFound: number): LostSpan[] {
  if (identity?.clean !== true || lastFound >= identity.usedTo) return [];
  return [{ first: lastFound + 1, last: identity.usedTo, lines: 1 }];
}

function timesOf(waiting: SegmentLog, machine: MachineBoot): WaitingTimes {
  const times = new WaitingTimes(machine);
  waiting.read(1, ({ body }) => {
    const frame = decodeWaiting(body);
    if (frame !== undefined) times.note(frame);
    return true;
  });
  return times;
}
