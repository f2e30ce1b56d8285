import { doubtsOf } from '../../derive/reduction-doubts.ts';
import type { ReductionPlan } from '../../derive/reduction-plan.ts';
import type { ReductionInterval } from '../../derive/reduction-sums.ts';
import type { Confirmation } from '../../emissions/methodology.ts';
import { csvLine, japanTime } from '../csv.ts';
import { shownReduction } from './shown.ts';

const columns = [
  'start',
  'end',
  'generatedWh',
  'soldWh',
  'auxiliaryWh',
  'elWh',
  'kg',
  'coveredSeconds',
  'factors',
  'unallocated',
  'withheld',
  'provisional',
];

/** `factors` as `{year} {band} {t per kWh}`, of fuel cells with `{kJ} kJ {kg per kJ} {dm3} dm3 {kg per dm3}`, `unallocated` as `from/to=elWh`, reasons as `reason detail`; `;` between. */
export function reductionCsv(plan: ReductionPlan, confirmations: readonly Confirmation[]) {
  return {
    header: csvLine(columns),
    line: (interval: ReductionInterval) => {
      const shown = shownReduction(interval, plan, confirmations);
      const doubts = doubtsOf(plan, confirmations, interval.sum.standIns);
      return csvLine([
        japanTime(shown.start),
        japanTime(shown.end),
        shown.generatedWh,
        shown.soldWh,
        shown.auxiliaryWh,
        shown.elWh,
        shown.kg,
        shown.coveredSeconds,
        shown.parts
          .map(({ fiscalYear, band, factor, fuel }) => {
            const burnt =
              fuel === undefined
                ? ''
                : ` ${fuel.heatKj} kJ ${fuel.heatFactor} ${fuel.gasDm3} dm3 ${fuel.gasFactor}`;
            return `${fiscalYear} ${band} ${factor}${burnt}`;
          })
          .join('; '),
        shown.unallocated
          .map(({ from, to, elWh }) => `${japanTime(from)}/${japanTime(to)}=${elWh}`)
          .join('; '),
        shown.withheld === null ? '' : `${shown.withheld.reason} ${shown.withheld.detail}`.trim(),
        doubts.map(({ reason, detail }) => `${reason} ${detail}`.trim()).join('; '),
      ]);
    },
  };
}
