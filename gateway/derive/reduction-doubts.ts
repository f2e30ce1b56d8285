import { type Confirmation, confirmationOf } from '../emissions/methodology.ts';
import type { Doubt, ReductionPlan } from './reduction-plan.ts';

/** Why figures of a generator are provisional. @param standIns rows of another year that stood in for theirs. */
export function doubtsOf(
  { methodology, doubts }: ReductionPlan,
  confirmations: readonly Confirmation[],
  standIns: Iterable<string>,
): Doubt[] {
  const confirmed = confirmationOf(methodology.id, confirmations) !== undefined;
  const unconfirmed: Doubt = { reason: 'methodology-unconfirmed', detail: methodology.id };
  const others = [...standIns].map((detail): Doubt => ({
    reason: 'factor-of-another-year',
    detail,
  }));
  return [...(confirmed ? [] : [unconfirmed]), ...others, ...doubts];
}

/** Why a generator earns nothing whatever it measures; undefined where it may earn. */
export function obstacleOf({ conditions }: ReductionPlan, atMs: number) {
  return conditions.obstacles.find(({ from, to }) => atMs >= from && atMs < to);
}
