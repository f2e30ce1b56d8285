import type { Segment } from '../../hydrogen/ledger/state.ts';
import type { Mistake } from '../refusal.ts';

const dayMs = 24 * 3_600_000;

/** A segment as a statement sees it: when it began, and what explains it already. */
export interface SegmentFacts {
  readonly segment: Pick<Segment, 'kind' | 'before'>;
  readonly at: number;
  readonly explainedBy: string | undefined;
}

/** A change is explained once; where nothing changed there is nothing to explain. */
export function resolutionConflicts(
  { segment, at, explainedBy }: SegmentFacts,
  field: string,
): Mistake[] {
  if (explainedBy !== undefined)
    return [{ field, value: at, detail: `is explained by ${explainedBy}: take that back first` }];
  if (segment.kind !== 'first') return [];
  return [{ field, value: at, detail: 'is the first there is: nothing came before it' }];
}

/** Cylinders change with `closed-cylinders`, and only with that: a swap is told by its delivery. */
export function cylindersAskedFor(what: string, openCylinders: number | undefined): Mistake[] {
  if (what === 'closed-cylinders' || openCylinders === undefined) return [];
  const detail = 'is told with "closed-cylinders" only; of another pack, with its delivery';
  return [{ field: 'openCylinders', value: openCylinders, detail }];
}

/** A delivery is opened at the change that it explains: not while the gas before was there, nor days after. */
export function openingMistakes(openedAt: number, { segment, at }: SegmentFacts): Mistake[] {
  const field = 'openedAt';
  const before = segment.before?.at;
  if (before !== undefined && openedAt < before)
    return [{ field, value: openedAt, detail: `the gas before was still there at ${before}` }];
  if (openedAt <= at + dayMs) return [];
  const detail = `lies more than a day after the segment it explains (${at})`;
  return [{ field, value: openedAt, detail }];
}
