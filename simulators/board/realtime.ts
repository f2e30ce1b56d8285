export interface PacerOptions {
  readonly board: { runMs(ms: number): void };
  readonly clock: { monotonicMs(): number };
  /** Calls back after a delay and answers how to cancel it; zero means "after waiting I/O". @default Node's timers */
  readonly after?: After;
  /** Most the board runs before other work gets its turn. */
  readonly sliceMs?: number;
  /** Most the board may be behind; what is beyond is given up as slip. */
  readonly maxLagMs?: number;
}

type After = (delayMs: number, callback: () => void) => () => void;

export interface Pacer {
  /** Simulated milliseconds run since the start. */
  readonly ranMs: number;
  /** Real milliseconds that passed without being simulated, because the machine could not keep up. */
  readonly slippedMs: number;
  stop(): void;
}

/** Longer slices save no CPU time that could be measured and answer later (README). */
const defaultSliceMs = 2;
const defaultMaxLagMs = 100;

const nodeTimers: After = (delayMs, callback) => {
  if (delayMs <= 0) {
    const immediate = setImmediate(callback);
    return () => clearImmediate(immediate);
  }
  const timeout = setTimeout(callback, delayMs);
  return () => clearTimeout(timeout);
};

/**
 * Runs a board at real time in slices until stopped. A machine that cannot keep up makes simulated time slip, counted,
 * instead of running an ever longer burst; between two slices other work always gets its turn.
 */
export function runInRealTime(options: PacerOptions): Pacer {
  const { board, clock, after = nodeTimers } = options;
  const { sliceMs = defaultSliceMs, maxLagMs = defaultMaxLagMs } = options;
  const startedMs = clock.monotonicMs();
  let ranMs = 0;
  let slippedMs = 0;
  let cancel: (() => void) | undefined;
  let stopped = false;

  const turn = (): void => {
    const behindMs = clock.monotonicMs() - startedMs - ranMs - slippedMs;
    const lagMs = Math.min(behindMs, maxLagMs);
    slippedMs += behindMs - lagMs;
    const runMs = Math.max(0, Math.min(sliceMs, Math.floor(lagMs)));
    board.runMs(runMs);
    ranMs += runMs;
    // Whoever stops the pacer from within the board's callbacks gets no further turn.
    if (!stopped) cancel = after(Math.max(0, sliceMs - (lagMs - runMs)), turn);
  };
  cancel = after(0, turn);

  return {
    get ranMs() {
      return ranMs;
    },
    get slippedMs() {
      return slippedMs;
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
