/**
 * Two clocks: monotonic for elapsed time, wall for labels (style.md, habit 6). `trusted` says whether the wall clock
 * has been set since the machine started: most Pis have no battery clock and wake up in the past.
 */
export interface Clock {
  /** Epoch milliseconds, UTC. May step, and means nothing until `trusted`. */
  wallMs(): number;
  /** Milliseconds since this process started; never steps. */
  monotonicMs(): number;
  /**
   * Wall less monotonic, both of one instant. Reading one after the other is not the same: a busy machine may stop this
   * process in between.
   */
  offsetMs(): number;
  trusted(): boolean;
}
