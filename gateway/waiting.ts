import type { Health } from '#gateway/contract';
import type { FixedFacts } from './standing.ts';

/** What the gateway says of itself while it waits for its store: nothing is taken, shown or acknowledged yet. */
export class StoreWait {
  readonly #fixed: FixedFacts;
  readonly #kind: string;
  readonly #wallMs: () => number;
  readonly #since: number;
  #failure: string | undefined;

  /** @param kind of the store. */
  constructor(fixed: FixedFacts, kind: string, wallMs: () => number) {
    this.#fixed = fixed;
    this.#kind = kind;
    this.#wallMs = wallMs;
    this.#since = wallMs();
  }

  failed(message: string): void {
    this.#failure = message;
  }

  health(): Health {
    const { broker, ...fixed } = this.#fixed;
    const failure = this.#failure;
    const detail = `The store cannot be opened, so nothing is taken or acknowledged: ${failure}`;
    return {
      ...fixed,
      status: 'degraded',
      at: this.#wallMs(),
      problems: failure === undefined ? [] : [{ kind: 'store-failing', subject: failure, detail }],
      // What it is judged by lies in the store.
      clock: 'not-trusted',
      store: {
        kind: this.#kind,
        state: 'waiting',
        since: this.#since,
        detail: failure ?? 'it is being opened',
        readings: 0,
      },
      broker: { ...broker, connected: false },
      ingest: {
        framesStored: 0,
        readingsStored: 0,
        framesWaiting: 0,
        framesTurnedAway: 0,
        messagesRefused: 0,
      },
      quarantine: { entries: 0, bytes: 0, byReason: {}, fullFor: [] },
      derivation: { recomputing: [] },
      devices: [],
      unknownAssets: [],
      assumptions: [],
    };
  }
}
