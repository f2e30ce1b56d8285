import type { SeqRun } from './port.ts';

/** A run within one stream; both ends inclusive. */
export type Run = Pick<SeqRun, 'first' | 'last' | 'firstAt' | 'lastAt'>;

/** Sorts frames of one stream, in any order and repeated at will, into runs without a hole. The first of a repeated seq counts. */
export function toRuns(frames: readonly { readonly seq: number; readonly at: number }[]): Run[] {
  // The sort is stable (ECMAScript 2019), so the first of equals stays first.
  const sorted = frames.toSorted((a, b) => a.seq - b.seq);
  const runs: Run[] = [];
  for (const { seq, at } of sorted) {
    const current = runs.at(-1);
    if (current === undefined || seq > current.last + 1)
      runs.push({ first: seq, last: seq, firstAt: at, lastAt: at });
    else if (seq === current.last + 1)
      runs[runs.length - 1] = { ...current, last: seq, lastAt: at };
  }
  return runs;
}

/**
 * Joins a run with those it overlaps or touches, which must be given in order of `first`. Where two share an end,
 * the time that was there first stays.
 */
export function joined(touching: readonly Run[], added: Run): Run {
  const left = touching[0] ?? added;
  const right = touching.at(-1) ?? added;
  const start = left.first <= added.first ? left : added;
  const end = right.last >= added.last ? right : added;
  return { first: start.first, last: end.last, firstAt: start.firstAt, lastAt: end.lastAt };
}
