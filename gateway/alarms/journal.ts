import { pause } from '../repeat.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import type { AlarmLog, LogEntry } from './log.ts';

export interface JournalLimits {
  /** Entries that wait for a failing log; beyond it the oldest are dropped, for newer ones tell more. */
  readonly waiting: number;
  readonly perAppend: number;
  readonly retryMs: Backoff;
}

export const defaultJournalLimits: JournalLimits = {
  waiting: 10_000,
  perAppend: 100,
  retryMs: { first: 200, most: 10_000 },
};

/**
 * Writes entries to the log in order, one append at a time, and tries again for ever while the log fails: alarms go
 * on meanwhile. Nothing here makes an alarm wait.
 */
export class Journal {
  readonly #log: AlarmLog;
  readonly #limits: JournalLimits;
  readonly #random: () => number;
  readonly #told: (failure: string | undefined) => void;
  readonly #stopping = new AbortController();
  readonly #waiting: LogEntry[] = [];
  /** Of the entries at the front: being appended now. */
  #inFlight = 0;
  #running: Promise<void> | undefined;
  #failure: string | undefined;
  #dropped = 0;

  /** @param told hears of the first failure, and `undefined` when the log works again. */
  constructor(
    log: AlarmLog,
    limits: JournalLimits,
    random: () => number,
    told: (failure: string | undefined) => void,
  ) {
    this.#log = log;
    this.#limits = limits;
    this.#random = random;
    this.#told = told;
  }

  write(entry: LogEntry): void {
    if (this.#waiting.length >= this.#limits.waiting && this.#waiting.length > this.#inFlight) {
      this.#waiting.splice(this.#inFlight, 1);
      this.#dropped += 1;
    }
    this.#waiting.push(entry);
    this.#running ??= this.#run();
  }

  standing() {
    return { waiting: this.#waiting.length, dropped: this.#dropped, failure: this.#failure };
  }

  /** Writes what waits, unless the log fails. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (this.#waiting.length > 0) {
      if (await this.#append()) {
        failures = 0;
        continue;
      }
      failures += 1;
      if (this.#stopping.signal.aborted) break;
      await pause(backoffMs(this.#limits.retryMs, failures, this.#random), this.#stopping.signal);
    }
    this.#running = undefined;
  }

  async #append(): Promise<boolean> {
    const entries = this.#waiting.slice(0, this.#limits.perAppend);
    this.#inFlight = entries.length;
    try {
      await this.#log.append(entries);
      this.#waiting.splice(0, entries.length);
      this.#fails(undefined);
      return true;
    } catch (error) {
      this.#fails(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      this.#inFlight = 0;
    }
  }

  #fails(failure: string | undefined): void {
    const turned = (failure === undefined) !== (this.#failure === undefined);
    this.#failure = failure;
    if (turned) this.#told(failure);
  }
}
