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
const toleranceMs = 11 * 60_000;

/**
 * Judges the gateway's own clock; one that is not trusted judges no device's time (design.md, refusal).
 *
 * At first a clock is believed unless it was set before this software existed or stands before what is already in the
 * store. One that steps while we run was wrong before the step or is wrong after it, and nobody here can tell which:
 * it is believed again when it is back, or when a device whose own clock is synchronised agrees with it.
 */
export class ClockJudge {
  readonly #clock: Clock;
  readonly #newestStoredAtMs: number;
  /** Wall less monotonic as last believed. */
  #offsetMs: number | undefined;

  /** @param newestStoredAtMs device time of the newest reading in the store; 0 for an empty one. */
  constructor(clock: Clock, newestStoredAtMs: number) {
    this.#clock = clock;
    this.#newestStoredAtMs = newestStoredAtMs;
  }

  trusted(): boolean {
    const wallMs = this.#clock.wallMs();
    const offsetMs = wallMs - this.#clock.monotonicMs();
    const believed =
      this.#offsetMs === undefined
        ? wallMs >= releasedAtMs && wallMs >= this.#newestStoredAtMs - toleranceMs
        : Math.abs(offsetMs - this.#offsetMs) <= toleranceMs;
    // Slewing is followed, so that years of drift are no step.
    if (believed) this.#offsetMs = offsetMs;
    return believed;
  }

  /** A device whose clock is synchronised stamped a fresh frame with this time. */
  heard(atMs: number): void {
    const wallMs = this.#clock.wallMs();
    if (wallMs < releasedAtMs || Math.abs(atMs - wallMs) > toleranceMs) return;
    this.#offsetMs = wallMs - this.#clock.monotonicMs();
  }
}
