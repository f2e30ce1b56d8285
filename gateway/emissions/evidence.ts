import { dayMs } from '../energy/japan-day.ts';
import { dateMs, type JapanDate } from './fiscal-year.ts';
import { always, type Obstacle } from './reason.ts';

/** What makes a meter's figure evidence: 特定計量器 with its mark, or a calibration document. */
export type Evidence =
  | { readonly kind: 'specified'; readonly markExpires: JapanDate }
  | { readonly kind: 'calibrated'; readonly document: string };

export type ActivityClass = 'A' | 'B' | 'C';

export interface EvidenceOfMeter {
  readonly meter: string;
  readonly evidence: Evidence | undefined;
  readonly class: ActivityClass | undefined;
  /** Times (half-open) in which a total of sold pulses was reconciled with a display; undefined: no pulses, none needed. */
  readonly reconciled?: readonly { readonly from: number; readonly to: number }[] | undefined;
}

/** A mark holds through its last day in Japan. */
export function markEndsMs(markExpires: JapanDate): number {
  return dateMs(markExpires) + dayMs;
}

/** When a meter's readings are no evidence, and why. */
export function evidenceObstacles(of: EvidenceOfMeter): Obstacle[] {
  const { meter, evidence, reconciled } = of;
  if (of.class === 'C') return [always('estimated-class', meter)];
  if (evidence === undefined) return [always('no-evidence', meter)];
  const expiry: Obstacle[] =
    evidence.kind === 'specified'
      ? [
          {
            from: markEndsMs(evidence.markExpires),
            to: Infinity,
            reason: 'mark-expired',
            detail: `${meter} ${evidence.markExpires}`,
          },
        ]
      : [];
  return reconciled === undefined ? expiry : [...expiry, ...unreconciled(meter, reconciled)];
}

function unreconciled(
  meter: string,
  reconciled: readonly { readonly from: number; readonly to: number }[],
): Obstacle[] {
  const found: Obstacle[] = [];
  let next = -Infinity;
  for (const { from, to } of reconciled.toSorted((a, b) => a.from - b.from)) {
    if (from > next)
      found.push({ from: next, to: from, reason: 'pulses-unreconciled', detail: meter });
    next = Math.max(next, to);
  }
  return [...found, { from: next, to: Infinity, reason: 'pulses-unreconciled', detail: meter }];
}
