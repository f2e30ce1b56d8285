import type { Gap } from '#gateway/contract';
import type { SeqRun, Span, StoredEvent } from '../store/port.ts';

/** Sequence numbers between two runs of a stream, with the device times of their neighbours. */
export type Hole = Omit<Gap, 'state' | 'why'>;

/** The holes between the runs of each stream. Runs come ordered, as `Store.runs` answers them. What is missing
 * before a stream's first run is no hole: nobody knows where a stream began. */
export function holesBetween(runs: readonly SeqRun[]): Hole[] {
  const holes: Hole[] = [];
  let before: SeqRun | undefined;
  for (const run of runs) {
    if (before !== undefined && sameStream(before, run) && run.first > before.last + 1) {
      const { site, device, stream } = run;
      const seqs = { firstSeq: before.last + 1, lastSeq: run.first - 1 };
      holes.push({ site, device, stream, ...seqs, from: before.lastAt, to: run.firstAt });
    }
    before = run;
  }
  return holes;
}

function sameStream(a: SeqRun, b: SeqRun): boolean {
  return a.site === b.site && a.device === b.device && a.stream === b.stream;
}

/** Whether any missing frame may have been sampled in the span: its neighbours' own times are not in the hole. */
export function overlaps(hole: Hole, span: Span): boolean {
  return hole.from < span.to && hole.to > span.from;
}

/** A device's own statement that frames will never come. */
interface Statement {
  readonly stream: string;
  readonly why: string;
  readonly seqs: { readonly first: number; readonly last: number } | undefined;
  readonly times: { readonly from: number; readonly to: number } | undefined;
}

/**
 * Judges the holes of one device by its events. A statement that names sequence numbers settles exactly those and
 * splits the hole; one that names times settles a hole only if it reaches over the whole of it.
 */
export function judgeHoles(holes: readonly Hole[], events: readonly StoredEvent[]): Gap[] {
  const byStream = new Map<string, Statement[]>();
  for (const statement of events.flatMap(statementOf)) {
    const known = byStream.get(statement.stream);
    if (known === undefined) byStream.set(statement.stream, [statement]);
    else known.push(statement);
  }
  return holes.flatMap((hole) => judge(hole, byStream.get(hole.stream) ?? []));
}

const finalKinds: ReadonlySet<string> = new Set(['dropped', 'thinned', 'skipped', 'corrupt']);

function statementOf({ stream, event }: StoredEvent): Statement[] {
  if (!finalKinds.has(event.kind)) return [];
  const { from, to, firstSeq, lastSeq } = event;
  const named = typeof event['stream'] === 'string' ? event['stream'] : stream;
  const why = event.why === undefined ? event.kind : `${event.kind}: ${event.why}`;
  const seqs =
    typeof firstSeq === 'number' && typeof lastSeq === 'number' && firstSeq <= lastSeq
      ? { first: firstSeq, last: lastSeq }
      : undefined;
  const times = from !== undefined && to !== undefined && from <= to ? { from, to } : undefined;
  return [{ stream: named, why, seqs, times: seqs === undefined ? times : undefined }];
}

function judge(hole: Hole, statements: readonly Statement[]): Gap[] {
  const why = settledByTimes(hole, statements);
  return why === undefined ? splitBySeqs(hole, statements) : [{ ...hole, state: 'final', why }];
}

/**
 * The times of a statement are those of the first and the last frame it is about, and a hole knows only its
 * neighbours' times. So the missing frames are taken as evenly spaced, and a statement (or several that follow each
 * other) may miss the hole's ends and each other by one and a half of that spacing, half of it for jitter.
 */
function settledByTimes(hole: Hole, statements: readonly Statement[]): string | undefined {
  const missing = hole.lastSeq - hole.firstSeq + 1;
  const slackMs = (1.5 * (hole.to - hole.from)) / (missing + 1);
  const inOrder = statements
    .flatMap(({ times, why }) => (times === undefined ? [] : [{ ...times, why }]))
    .filter(({ from, to }) => to >= hole.from && from <= hole.to)
    .toSorted((a, b) => a.from - b.from);
  let reachedMs = hole.from;
  const reasons = new Set<string>();
  for (const { from, to, why } of inOrder) {
    if (from > reachedMs + slackMs) return undefined;
    reachedMs = Math.max(reachedMs, to);
    reasons.add(why);
  }
  return reasons.size > 0 && reachedMs >= hole.to - slackMs ? [...reasons].join('; ') : undefined;
}

/** Cuts a hole at the borders of the statements' sequence numbers; the earlier statement wins where two overlap. */
function splitBySeqs(hole: Hole, statements: readonly Statement[]): Gap[] {
  const inOrder = statements
    .flatMap(({ seqs, why }) => (seqs === undefined ? [] : [{ ...seqs, why }]))
    .filter(({ first, last }) => last >= hole.firstSeq && first <= hole.lastSeq)
    .toSorted((a, b) => a.first - b.first);
  const gaps: Gap[] = [];
  let next = hole.firstSeq;
  for (const { first, last, why } of inOrder) {
    if (last < next) continue;
    if (first > next) gaps.push({ ...hole, firstSeq: next, lastSeq: first - 1, state: 'open' });
    const piece = { firstSeq: Math.max(first, next), lastSeq: Math.min(last, hole.lastSeq) };
    gaps.push({ ...hole, ...piece, state: 'final', why });
    next = piece.lastSeq + 1;
  }
  if (next <= hole.lastSeq) gaps.push({ ...hole, firstSeq: next, state: 'open' });
  return gaps;
}
