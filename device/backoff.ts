/** Exponential waits with jitter, so that a fleet that lost one gateway does not come back in one instant. */
export interface BackoffSettings {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * Milliseconds to wait before attempt `attempt` (1 is the first retry): doubling from `firstMs` to `longestMs`, of
 * which the upper half is random. `random` answers in [0, 1).
 */
export function backoffMs(
  { firstMs, longestMs }: BackoffSettings,
  attempt: number,
  random: () => number,
): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(attempt - 1, 0), 30));
  return fullMs * (0.5 + random() / 2);
}
