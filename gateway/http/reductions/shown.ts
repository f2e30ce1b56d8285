import type { ShownReduction } from '#gateway/contract';
import { doubtsOf } from '../../derive/reduction-doubts.ts';
import type { ReductionPlan } from '../../derive/reduction-plan.ts';
import type { ReductionInterval } from '../../derive/reduction-sums.ts';
import { secondsIn } from '../../energy/interval.ts';
import { formatExact } from '../../emissions/exact.ts';
import type { Confirmation } from '../../emissions/methodology.ts';

export function shownReduction(
  { from, to, sum, row, unallocated }: ReductionInterval,
  plan: ReductionPlan,
  confirmations: readonly Confirmation[],
): ShownReduction {
  const { generatedWh, soldWh, auxiliaryWh, elWh } = row ?? sum;
  const kg = sum.kg();
  const doubts = doubtsOf(plan, confirmations, sum.standIns);
  return {
    start: from,
    end: to,
    generatedWh,
    soldWh,
    auxiliaryWh,
    elWh,
    kg: kg === null ? null : formatExact(kg),
    coveredSeconds: row === undefined ? sum.coveredSeconds : secondsIn(from, to),
    parts: sum.parts().map((part) => ({
      ...part,
      factor: formatExact(part.factor),
      kg: formatExact(part.kg),
    })),
    unallocated: unallocated.flatMap((each) =>
      each.kg === null || each.elWh === null
        ? []
        : [{ from: each.from, to: each.to, elWh: each.elWh, kg: formatExact(each.kg) }],
    ),
    withheld:
      row === undefined || row.reason === null ? null : { reason: row.reason, detail: row.detail },
    provisional: doubts.length > 0,
  };
}
