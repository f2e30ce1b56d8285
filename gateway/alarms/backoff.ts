/** How long to wait between tries, in milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly most: number;
}

/**
 * Exponential, and at random between half and the whole of it, so that many that failed together do not come back
 * together. `failures`: how many there were, from 1. `random`: from 0 to 1.
 */
export function backoffMs(
  { first, most }: Backoff,
  failures: number,
  random: () => number,
): number {
  const whole = Math.min(most, first * 2 ** Math.min(failures - 1, 30));
  return whole * (0.5 + random() / 2);
}
