/** The browser's two clocks. Neither ever labels a figure: times shown are the gateway's (gateway/contract, live). */
export interface Clock {
  monotonicMs(): number;
  wallMs(): number;
}

export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export function instantOf(clock: Clock): Instant {
  return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
}

/**
 * Milliseconds from `since` to `now`, never negative. A suspended computer stops Chromium's monotonic clock but not
 * the wall clock, and a stepped wall clock does not touch the monotonic one: the larger answer can only make a figure
 * look older than it is, until the next message, never newer.
 */
export function elapsedMs(since: Instant, now: Instant): number {
  return Math.max(0, now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs);
}
