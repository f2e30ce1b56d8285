import { setTimeout as sleep } from 'node:timers/promises';
import { linkAppears, removeStaleLink, type SocatRun } from './socat.ts';

export interface TerminalKeeper {
  /** The link is there; rejects if it cannot be made. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

interface KeeperOptions {
  readonly start: () => SocatRun;
  readonly link: string;
  /** How often the board was opened so far: a socat that ends unopened is a failure. */
  readonly opened: () => number;
  readonly onFailure: (error: Error) => void;
}

/** socat in a row that end without having been opened. */
const maxFailures = 5;
const retryDelayMs = 200;

/** Runs one socat after the other until stopped: each ends when its terminal is closed. */
export function keepTerminal(options: KeeperOptions): TerminalKeeper {
  const { start, link, opened, onFailure } = options;
  const stopping = new AbortController();
  let run: SocatRun | undefined;

  const begin = async (): Promise<Offered> => {
    await removeStaleLink(link);
    const openedBefore = opened();
    run = start();
    if (stopping.signal.aborted) run.stop();
    else if (!(await linkAppears(link, run))) {
      run.stop();
      const message = await run.ended;
      if (!stopping.signal.aborted) throw cannotOffer(link, message);
    }
    return { run, openedBefore };
  };

  const keepRunning = async (first: Offered): Promise<void> => {
    let current = first;
    let failures = 0;
    for (;;) {
      const message = await current.run.ended;
      if (stopping.signal.aborted) return;
      failures = opened() > current.openedBefore ? 0 : failures + 1;
      if (failures >= maxFailures) throw cannotOffer(link, message);
      if (failures > 0) await sleep(retryDelayMs);
      current = await begin();
    }
  };

  const first = begin();
  const running = first.then(keepRunning);
  const supervise = async (): Promise<void> => {
    const [started, ran] = await Promise.allSettled([first, running]);
    // A start that failed is told through `ready`.
    if (started.status === 'fulfilled' && ran.status === 'rejected') onFailure(asError(ran.reason));
  };
  const settled = supervise();
  return {
    ready: first.then(() => undefined),
    async stop() {
      stopping.abort();
      run?.stop();
      await settled;
      await removeStaleLink(link);
    },
  };
}

/** A socat whose link is there, and how often the board had been opened before it. */
interface Offered {
  readonly run: SocatRun;
  readonly openedBefore: number;
}

function cannotOffer(link: string, message: string): Error {
  return new Error(
    `socat cannot keep a terminal at ${link}: ${message || 'it ended without a message'}`,
  );
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
