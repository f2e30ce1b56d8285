import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long this process kept arrivals waiting: their time stamps may be late by this much. */
export interface LoopLag {
  /** Milliseconds of the worst stall since the last call. */
  readMs(): number;
  stop(): void;
}

const resolutionMs = 20;

/** Measures the event loop natively (`monitorEventLoopDelay`), without a timer of our own. */
export function measureLoopLag(): LoopLag {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let lagMs = 0;
  return {
    readMs: () => {
      // No tick since the last call: this arrival belongs to the same stall, if there was one.
      if (histogram.count === 0) return lagMs;
      lagMs = Math.max(0, histogram.max / 1e6 - resolutionMs);
      histogram.reset();
      return lagMs;
    },
    stop: () => void histogram.disable(),
  };
}
