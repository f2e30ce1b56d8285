import { compare, dividedBy, type Exact, minus, ratio, times, zero } from './exact.ts';

/**
 * What becomes of incidental emissions (facts/jcredit.md): at 5 % of the reduction or more they are monitored and
 * subtracted, from 1 % on the reduction may be cut by the ratio, below 1 % they may be left out.
 */
export type Incidental = 'subtract' | 'by-ratio' | 'omit';

const onePercent = ratio(1n, 100n);
const fivePercent = ratio(5n, 100n);

/** @param reductionKg without the incidental part; where it is not above 0 there is no ratio, and all is subtracted. */
export function incidentalTreatment(incidentalKg: Exact, reductionKg: Exact): Incidental {
  if (compare(incidentalKg, zero) <= 0) return 'omit';
  if (compare(reductionKg, zero) <= 0) return 'subtract';
  const impact = dividedBy(incidentalKg, reductionKg);
  if (compare(impact, fivePercent) >= 0) return 'subtract';
  return compare(impact, onePercent) >= 0 ? 'by-ratio' : 'omit';
}

/** The reduction after incidental emissions, kg; `by-ratio` takes the ratio found once off what is measured now. */
export function withoutIncidental(
  reductionKg: Exact,
  treatment: { readonly kind: 'subtract'; readonly kg: Exact } | { kind: 'by-ratio'; ratio: Exact },
): Exact {
  return treatment.kind === 'subtract'
    ? minus(reductionKg, treatment.kg)
    : minus(reductionKg, times(reductionKg, treatment.ratio));
}

/** How a project treats auxiliary energy: in the formula, or as an incidental emission; one of them. */
export const auxiliaryTreatments = ['subtracted', 'incidental'] as const;
