import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, type BackoffSettings } from '../backoff.ts';
import type { Clock } from '../clock/clock.ts';

export interface Reopening {
  readonly reopen: BackoffSettings;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Told after every end but the last. */
  readonly away: (why: string, waitMs: number) => void;
}

/** What lived this long ends a series of failures. */
const settledMs = 10_000;

/**
 * Runs something that ends again and again, with growing pauses, until the signal. `run` answers in words why it ended,
 * or rejects.
 */
export async function runAgainAndAgain(run: () => Promise<string>, how: Reopening): Promise<void> {
  const { reopen, clock, random, signal, away } = how;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const openedMs = clock.monotonicMs();
    const why = await run().catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    if (signal.aborted) return;
    if (clock.monotonicMs() - openedMs > settledMs) attempt = 1;
    const waitMs = Math.round(backoffMs(reopen, attempt, random));
    away(why, waitMs);
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}
