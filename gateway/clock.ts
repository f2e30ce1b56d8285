/** Two clocks: monotonic for elapsed time, wall for labels (style.md, habit 6). */
export interface Clock {
  /** Epoch milliseconds, UTC. May step. */
  readonly wallMs: () => number;
  /** Milliseconds from an arbitrary start; never steps. */
  readonly monotonicMs: () => number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** This software did not exist earlier: a clock before it was never set. */
const releasedAtMs = Date.UTC(2026, 10, 1);

/** Devices may stamp up to ten minutes ahead (see ingest/decode.ts); beyond that it is our own clock that is behind. */
const aheadToleranceMs = 11 * 60_000;

/**
 * A gateway whose clock is plainly wrong judges no device's time: one set before this software existed, or one that
 * stands before what is already in the store.
 */
export function clockTrusted(wallMs: number, newestStoredAtMs: number): boolean {
  return wallMs >= releasedAtMs && wallMs >= newestStoredAtMs - aheadToleranceMs;
}
