import type { PackGeometry } from '../budget.ts';
import type { Point } from '../flow.ts';
import { hourMs } from '../flow.ts';
import { marginKg, sameWithinKg } from './isolation.ts';
import type { HourPoint, LedgerEvent, LedgerState, Segment } from './state.ts';

const dayMs = 24 * hourMs;
/** A filling pack rises step by step: so long after the last rise the mass it reached is its start. */
const fillingMs = 30 * 60_000;

export function newSegment(
  kind: Segment['kind'],
  start: Point,
  before: Point | null,
  terms: Pick<Segment, 'openCylinders' | 'calibratedAt'>,
  metered: boolean,
): Segment {
  const { openCylinders, calibratedAt } = terms;
  const meteredG = metered ? 0 : null;
  return { kind, at: start.at, start, last: start, before, openCylinders, calibratedAt, meteredG };
}

/** Whether a person has to say what happened before it; what was stated anew explains itself. */
export function needsWord({ kind }: Pick<Segment, 'kind'>): boolean {
  return kind === 'return' || kind === 'rise';
}

/** Only what the segment was known by when it began: told from any later state it is the same. */
export function told(segment: Segment): LedgerEvent {
  const { at, start } = segment;
  return { kind: 'segment', at, segment: { ...segment, last: start, meteredG: null } };
}

/** Whether a later point may still move the start of a segment, so that it is told again. */
export function mayFill({ kind, start }: Segment, atMs: number): boolean {
  return kind === 'rise' && atMs - start.at <= fillingMs;
}

/**
 * What a new settled point does to the running segment: it goes on, or, where more gas is there than can be explained,
 * a new one begins.
 */
export function extend(
  pack: PackGeometry,
  segment: Segment,
  hours: readonly HourPoint[],
  point: Point,
): Segment {
  const gainedKg = point.kg - segment.start.kg;
  // Still filling: what counts is the mass it ends at.
  if (mayFill(segment, point.at) && gainedKg > marginKg(pack, point))
    return { ...segment, start: point, last: point };
  const before = roseFrom(pack, segment.last, hours, point);
  if (before === undefined) return { ...segment, last: point };
  return newSegment('rise', point, before, segment, segment.meteredG !== null);
}

/**
 * A sudden rise is one by more than U between neighbours; a slow one by more than twice U above the lowest hour of the
 * last day: among so many hours some lie apart by U with nothing done.
 */
function roseFrom(
  pack: PackGeometry,
  last: Point,
  hours: readonly HourPoint[],
  point: Point,
): Point | undefined {
  const least = marginKg(pack, point);
  if (point.kg - last.kg > least && point.kg - last.kg > sameWithinKg(pack, point, last))
    return last;
  let lowest: HourPoint | undefined;
  for (const hour of hours)
    if (point.at - hour.at <= dayMs && hour.kg < (lowest?.kg ?? Infinity)) lowest = hour;
  if (lowest === undefined || point.kg - lowest.kg <= least) return undefined;
  return point.kg - lowest.kg > 2 * sameWithinKg(pack, point, lowest) ? lowest : undefined;
}

/** The first minutes of two hours that were read lie nearer. */
const unseenMs = 70 * 60_000;

/** While nobody looked something may have been drawn: then the pack was not seen idle. */
function fellUnseen(pack: PackGeometry, before: Point, point: Point): boolean {
  if (point.at - before.at < unseenMs) return false;
  return before.kg - point.kg > sameWithinKg(pack, point, before);
}

/** Days are compared with days: at this many hours, four days. */
const mostHours = 97;

/** Adds a point at the first minute of each hour. */
export function withHour(
  pack: PackGeometry,
  state: LedgerState,
  point: Point,
  segment: Segment,
): LedgerState {
  const newest = state.hours.at(-1);
  const due =
    newest === undefined || Math.floor(newest.at / hourMs) !== Math.floor(point.at / hourMs);
  if (!due) return state;
  const unseen = newest !== undefined && fellUnseen(pack, newest, point);
  const drawing = state.drawing || unseen;
  const hour: HourPoint = { ...point, meteredG: segment.meteredG, drawing };
  return { ...state, drawing: false, hours: [...state.hours, hour].slice(-mostHours) };
}
