/** Why a stretch of time earns nothing: the one list, of the contract and of claims, too. */
export const reasons = [
  'no-data',
  'gap-at-edge',
  'open-event',
  'straddles',
  'outside-window',
  'before-operation',
  'mark-expired',
  'no-evidence',
  'estimated-class',
  'pulses-unreconciled',
  'grid-charging-battery',
  'shared-export',
  'sold-unknown',
  'no-heat',
  'no-gas',
  'no-fuel-terms',
  'factor-missing',
  'formula-unconfirmed',
  'negative',
] as const;
export type Reason = (typeof reasons)[number];

/** In this time (half-open, epoch milliseconds, Japan midnights or without an end) nothing is earned. */
export interface Obstacle {
  readonly from: number;
  readonly to: number;
  readonly reason: Reason;
  /** What exactly: the meter, the date. */
  readonly detail: string;
}

export function always(reason: Reason, detail: string): Obstacle {
  return { from: -Infinity, to: Infinity, reason, detail };
}
