import type { Clock } from '../clock.ts';
import { pause } from '../repeat.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import type { Transition } from './model.ts';
import type { SinkStanding } from './sink.ts';

/** How a try ended. `later`: the same may succeed; `never`: it will not. */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'later'; readonly why: string; readonly afterMs?: number }
  | { readonly kind: 'never'; readonly why: string };

export interface OutboxLimits {
  /** Transitions that wait; beyond it the oldest is dropped, for newer ones tell more. */
  readonly waiting: number;
  /** Transitions delivered at once. */
  readonly together: number;
  /** How long a first one waits for company. */
  readonly gatherMs: number;
  /** At least this long between two deliveries. */
  readonly apartMs: number;
  /** Counted from the first try; afterwards it is given up. */
  readonly giveUpAfterMs: number;
  /** A try is ended after this time. */
  readonly tryMs: number;
  readonly retryMs: Backoff;
}

export interface OutboxParts {
  readonly name: string;
  readonly limits: OutboxLimits;
  readonly clock: Clock;
  readonly random: () => number;
  /** One try. May also throw, which means `later`. */
  readonly deliver: (batch: readonly Transition[], signal: AbortSignal) => Promise<Verdict>;
  /** Everything up to this `seq` is delivered or given up. */
  readonly settled: (seq: number) => void;
  /** Hears of the first failure, and of the first success after it. */
  readonly told: (failure: string | undefined) => void;
}

/** How long a delivery under way may go on when the program ends. */
const graceMs = 2000;

/**
 * Delivers transitions to one receiver in order, a batch at a time; the same batch is tried again until it is
 * delivered, refused for good, or too old. Nothing here makes an alarm wait.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #waiting: Transition[] = [];
  readonly #stopping = new AbortController();
  readonly #cutting = new AbortController();
  #batch: readonly Transition[] = [];
  #running: Promise<void> | undefined;
  #lastTryMs = -Infinity;
  #delivered = 0;
  #failed = 0;
  #dropped = 0;
  #retries = 0;
  #lastError: string | null = null;
  #lastDeliveredAt: number | null = null;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  offer(transition: Transition): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#waiting.length >= this.#parts.limits.waiting) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#waiting.push(transition);
    this.#running ??= this.#run();
  }

  standing(): SinkStanding {
    return {
      name: this.#parts.name,
      waiting: this.#waiting.length + this.#batch.length,
      delivered: this.#delivered,
      failed: this.#failed,
      dropped: this.#dropped,
      retries: this.#retries,
      lastError: this.#lastError,
      lastDeliveredAt: this.#lastDeliveredAt,
    };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const cut = setTimeout(() => this.#cutting.abort(), graceMs);
    await this.#running;
    clearTimeout(cut);
  }

  async #run(): Promise<void> {
    const { limits } = this.#parts;
    const { signal } = this.#stopping;
    while (this.#waiting.length > 0 && !signal.aborted) {
      const sinceMs = this.#parts.clock.monotonicMs() - this.#lastTryMs;
      await pause(Math.max(limits.gatherMs, limits.apartMs - sinceMs), signal);
      if (signal.aborted) break;
      this.#batch = this.#waiting.splice(0, limits.together);
      await this.#settle(this.#batch);
      this.#batch = [];
    }
    this.#running = undefined;
  }

  /** Tries until the batch is settled or the program ends. */
  async #settle(batch: readonly Transition[]): Promise<void> {
    const { limits, clock, random, settled } = this.#parts;
    const { signal } = this.#stopping;
    const startedMs = clock.monotonicMs();
    for (let failures = 1; ; failures += 1) {
      const verdict = await this.#try(batch);
      if (verdict.kind === 'delivered') {
        this.#succeeded(batch.length);
        break;
      }
      this.#fails(verdict.why);
      const elapsedMs = clock.monotonicMs() - startedMs;
      if (verdict.kind === 'never' || elapsedMs >= limits.giveUpAfterMs) {
        this.#failed += batch.length;
        break;
      }
      if (signal.aborted) return;
      this.#retries += 1;
      const waitMs = Math.max(backoffMs(limits.retryMs, failures, random), verdict.afterMs ?? 0);
      // Somebody who asks us to wait longer than we keep trying gets one last try at the end.
      await pause(Math.min(waitMs, limits.giveUpAfterMs), signal);
      if (signal.aborted) return;
    }
    settled(Math.max(...batch.map(({ seq }) => seq)));
  }

  async #try(batch: readonly Transition[]): Promise<Verdict> {
    const { deliver, limits, clock } = this.#parts;
    this.#lastTryMs = clock.monotonicMs();
    const limit = AbortSignal.timeout(limits.tryMs);
    try {
      return await deliver(batch, AbortSignal.any([limit, this.#cutting.signal]));
    } catch (error) {
      if (limit.aborted) return { kind: 'later', why: `no answer within ${limits.tryMs} ms` };
      return { kind: 'later', why: reasonOf(error) };
    }
  }

  #succeeded(count: number): void {
    this.#delivered += count;
    this.#lastDeliveredAt = this.#parts.clock.wallMs();
    if (this.#lastError === null) return;
    this.#lastError = null;
    this.#parts.told(undefined);
  }

  #fails(why: string): void {
    const first = this.#lastError === null;
    this.#lastError = why.slice(0, 300);
    if (first) this.#parts.told(this.#lastError);
  }
}

/** fetch says only "fetch failed"; what happened is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ''
    ? `${error.message}: ${error.cause.message}`
    : error.message;
}
