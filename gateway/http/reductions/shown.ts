import type { ShownReduction } from '#gateway/contract';
import { doubtsOf } from '../../derive/reduction-doubts.ts';
import type { ReductionPlan } from '../../derive/reduction-plan.ts';
import type { ReductionInterval, ReductionPart } from '../../derive/reduction-sums.ts';
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
    parts: sum.parts().map(shownPart),
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

function shownPart(part: ReductionPart): ShownReduction['parts'][number] {
  const { fiscalYear, band, elWh, gasDm3, heatKj, factor, fuel, kg } = part;
  const shown = { fiscalYear, band, elWh, factor: formatExact(factor), kg: formatExact(kg) };
  if (fuel === null) return shown;
  const factors = { heatFactor: formatExact(fuel.heat), gasFactor: formatExact(fuel.gas) };
  return { ...shown, fuel: { gasDm3, heatKj, ...factors } };
}
