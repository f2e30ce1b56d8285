/** Two clocks: wall (epoch milliseconds, may step) for stamps, monotonic for what has elapsed. */
export interface Clock {
  wallMs(): number;
  monotonicMs(): number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
