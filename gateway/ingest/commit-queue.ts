import type { Clock } from '../clock.ts';
import { type Batch, type CommitResult, type Store, StoreError } from '../store/port.ts';

/** One frame's worth of work for the store; `bytes` is the frame as it came, for quarantine. */
export interface Work extends Batch {
  readonly bytes: () => Uint8Array;
  /** What it keeps in memory while it waits: its share of the message it came in. */
  readonly weightBytes: number;
}

export interface CommitLimits {
  /** Rows per commit. facts/storage.md measured 500 as a good size. */
  readonly rowsPerCommit: number;
  /** How long a first frame waits for company. */
  readonly lingerMs: number;
  /** Frames held in memory; more are turned away and the device sends them again. */
  readonly waitingFrames: number;
  readonly waitingBytes: number;
  readonly retryMs: { readonly first: number; readonly most: number };
}

export interface CommitEvents {
  committed(work: readonly Work[], result: CommitResult, seconds: number): Promise<void>;
  failed(error: unknown): void;
  recovered(): void;
}

/**
 * Gathers frames into batches and commits one batch at a time, in order. A store that fails is asked again for ever:
 * the frames wait here up to the bound and on the devices beyond it, and nothing is acknowledged meanwhile.
 */
export class CommitQueue {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #limits: CommitLimits;
  readonly #events: CommitEvents;
  readonly #waiting: Work[] = [];
  #waitingBytes = 0;
  #wake: (() => void) | undefined;
  #stopped = false;
  #failing = false;
  readonly #finished: Promise<void>;

  constructor(store: Store, clock: Clock, limits: CommitLimits, events: CommitEvents) {
    this.#store = store;
    this.#clock = clock;
    this.#limits = limits;
    this.#events = events;
    this.#finished = this.#run();
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** False when the queue is full. */
  offer(work: Work): boolean {
    const { waitingFrames, waitingBytes } = this.#limits;
    const full = this.#waiting.length >= waitingFrames || this.#waitingBytes >= waitingBytes;
    if (this.#stopped || full) return false;
    this.#waiting.push(work);
    this.#waitingBytes += work.weightBytes;
    this.#wake?.();
    return true;
  }

  /** Commits what waits, unless the store is failing, and ends. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#finished;
  }

  async #run(): Promise<void> {
    for (;;) {
      if (this.#waiting.length === 0) {
        if (this.#stopped) return;
        await this.#pause();
        continue;
      }
      if (!this.#stopped) await this.#pause(this.#limits.lingerMs, false);
      const work = this.#take();
      if (!(await this.#commit(work))) return;
    }
  }

  #take(): Work[] {
    let rows = 0;
    let count = 0;
    for (const { readings, events, quarantine, records } of this.#waiting) {
      rows += readings.length + events.length + quarantine.length + records.length;
      if (count > 0 && rows > this.#limits.rowsPerCommit) break;
      count += 1;
    }
    const taken = this.#waiting.splice(0, count);
    for (const { weightBytes } of taken) this.#waitingBytes -= weightBytes;
    // Shares of odd sizes add up to almost nothing: an empty queue weighs nothing.
    if (this.#waiting.length === 0) this.#waitingBytes = 0;
    return taken;
  }

  async #commit(work: readonly Work[]): Promise<boolean> {
    const batch = merge(work);
    for (let waitMs = this.#limits.retryMs.first; ; waitMs *= 2) {
      const startedMs = this.#clock.monotonicMs();
      try {
        const result = await this.#store.commit(batch);
        if (this.#failing) this.#events.recovered();
        this.#failing = false;
        await this.#events.committed(work, result, (this.#clock.monotonicMs() - startedMs) / 1000);
        return true;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        this.#failing = true;
        this.#events.failed(error);
        if (this.#stopped) return false;
        await this.#pause(Math.min(waitMs, this.#limits.retryMs.most), false);
        if (this.#stopped) return false;
      }
    }
  }

  /** Waits for a time, or for the next offer or stop; `stop` always cuts it short. */
  #pause(ms?: number, wakeOnOffer = true): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        if (!wakeOnOffer && !this.#stopped) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

export function merge(work: readonly Work[]): Batch {
  return {
    frames: work.flatMap(({ frames }) => frames),
    readings: work.flatMap(({ readings }) => readings),
    events: work.flatMap(({ events }) => events),
    quarantine: work.flatMap(({ quarantine }) => quarantine),
    records: work.flatMap(({ records }) => records),
    stale: [...new Set(work.flatMap(({ stale }) => stale))],
  };
}
