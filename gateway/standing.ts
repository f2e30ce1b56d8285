import type { Health, Notice } from '#gateway/contract';
import type { IngestCounters } from './ingest/counters.ts';
import type { QuarantineBook } from './ingest/quarantine-book.ts';
import type { Store } from './store/port.ts';
import type { Standing } from './view/plant.ts';
import { assumedOfAnyPack } from './config/plant.ts';

export interface FixedFacts extends Pick<Health, 'software' | 'startedAt' | 'access'> {
  readonly broker: Omit<Health['broker'], 'connected'>;
}

/** What the gateway knows about itself; told by whoever notices, asked by page, HTTP and metrics. */
export class GatewayStanding implements Standing {
  readonly #fixed: FixedFacts;
  readonly #store: Store;
  readonly #book: QuarantineBook;
  readonly #counters: IngestCounters;
  readonly #wallMs: () => number;
  readonly #clockTrusted: () => boolean;
  readonly #framesWaiting: () => number;
  readonly #deviceProblems: () => readonly Notice[];
  readonly #alarmProblems: () => readonly Notice[];
  readonly #recomputing: () => Health['derivation']['recomputing'];
  #storeFailure: { readonly message: string; readonly since: number } | undefined;
  #otherGateways: () => readonly Notice[] = () => [];
  #brokerConnected = false;
  #brokerDetail: string | undefined;

  constructor(parts: {
    readonly fixed: FixedFacts;
    readonly store: Store;
    readonly book: QuarantineBook;
    readonly counters: IngestCounters;
    readonly wallMs: () => number;
    readonly clockTrusted: () => boolean;
    readonly framesWaiting: () => number;
    readonly deviceProblems: () => readonly Notice[];
    readonly alarmProblems: () => readonly Notice[];
    readonly recomputing: () => Health['derivation']['recomputing'];
  }) {
    this.#fixed = parts.fixed;
    this.#store = parts.store;
    this.#book = parts.book;
    this.#counters = parts.counters;
    this.#wallMs = parts.wallMs;
    this.#clockTrusted = parts.clockTrusted;
    this.#framesWaiting = parts.framesWaiting;
    this.#deviceProblems = parts.deviceProblems;
    this.#alarmProblems = parts.alarmProblems;
    this.#recomputing = parts.recomputing;
  }

  storeFailed(message: string): void {
    this.#storeFailure = { message, since: this.#storeFailure?.since ?? this.#wallMs() };
  }

  storeRecovered(): void {
    this.#storeFailure = undefined;
  }

  /** Who says what other gateways are on the broker: known once there is a connection to one. */
  others(problems: () => readonly Notice[]): void {
    this.#otherGateways = problems;
  }

  brokerConnection(connected: boolean, why?: string): void {
    this.#brokerConnected = connected;
    this.#brokerDetail = connected ? undefined : (why ?? this.#brokerDetail);
  }

  problems(): Notice[] {
    const { entries, fullFor } = this.#book.totals();
    const notices: Notice[] = [];
    const say = (kind: Notice['kind'], subject: string, detail: string) =>
      notices.push({ kind, subject, detail });
    const failure = this.#storeFailure?.message;
    if (failure !== undefined)
      say('store-failing', failure, `The store fails and nothing is acknowledged: ${failure}`);
    const why = this.#brokerDetail ?? '';
    if (!this.#brokerConnected) say('broker-away', why, `No connection to the broker. ${why}`);
    if (!this.#clockTrusted())
      say(
        'clock-not-set',
        '',
        'The gateway’s clock is not set, or jumped while running: no reading’s time is judged',
      );
    if (entries > 0)
      say('quarantine-filling', String(entries), `${entries} refused messages wait in quarantine`);
    for (const device of fullFor)
      say(
        'quarantine-full',
        device,
        `Quarantine is full for ${device}: its bad frames stay unacknowledged`,
      );
    return [
      ...notices,
      ...this.#otherGateways(),
      ...this.#deviceProblems(),
      ...this.#alarmProblems(),
    ];
  }

  async health(
    devices: Health['devices'],
    unknownAssets: Health['unknownAssets'],
  ): Promise<Health> {
    const problems = this.problems();
    const { software, startedAt, access, broker } = this.#fixed;
    const { framesStored, readingsStored, framesTurnedAway, messagesRefused } = this.#counters;
    const store = await this.#storeHealth();
    return {
      status: problems.length === 0 && store.state === 'ok' ? 'ok' : 'degraded',
      at: this.#wallMs(),
      software,
      startedAt,
      problems,
      access,
      clock: this.#clockTrusted() ? 'trusted' : 'not-trusted',
      store,
      broker: { ...broker, connected: this.#brokerConnected },
      ingest: {
        framesStored,
        readingsStored,
        framesWaiting: this.#framesWaiting(),
        framesTurnedAway,
        messagesRefused,
      },
      quarantine: this.#book.totals(),
      derivation: { recomputing: this.#recomputing() },
      devices,
      unknownAssets,
      assumptions: assumedOfAnyPack,
    };
  }

  async #storeHealth(): Promise<Health['store']> {
    const { kind, detail } = this.#store;
    const failing = this.#storeFailure;
    try {
      const readings = await this.#store.readingCount();
      return failing === undefined
        ? { kind, state: 'ok', ...(detail === undefined ? {} : { detail }), readings }
        : { kind, state: 'failing', since: failing.since, detail: failing.message, readings };
    } catch (error) {
      return {
        kind,
        state: 'failing',
        detail: error instanceof Error ? error.message : String(error),
        readings: 0,
      };
    }
  }
}
