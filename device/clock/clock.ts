/**
 * Two clocks: monotonic for elapsed time, wall for labels (style.md, habit 6). `trusted` says whether the wall clock
 * has been set since the machine started: most Pis have no battery clock and wake up in the past.
 */
export interface Clock {
  /** Epoch milliseconds, UTC. May step, and means nothing until `trusted`. */
  wallMs(): number;
  /** Milliseconds since this process started; never steps. */
  monotonicMs(): number;
  trusted(): boolean;
}
