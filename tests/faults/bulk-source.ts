import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type MqttClient } from 'mqtt';
import { ackSchema, deviceTopic, gatewayFilter } from '#device/contract';
import { uniformAt } from '../../simulators/world/noise.ts';
import type { Seeded } from './seeded.ts';

export const bulk = { site: 'keihin', device: 'bulk-1', asset: 'bulk-1', stream: 'bulk' } as const;
/** Far in the past, so that any rate can be sent without reaching the present. */
const beganBeforeMs = 30 * 24 * 3_600_000;
const turnMs = 25;
const maxUnacknowledged = 4_000;
const batchFrames = 100;
/** Waits for an acknowledgement: at least, and at most, twice what the last one took. */
const patienceMs = { least: 1_500, most: 20_000 };

/** What the frames are like, and how many. */
export interface BulkShape {
  /** Device time between two frames. */
  readonly spacingMs: number;
  readonly framesPerTurn: number;
  /** Sampling ends here. */
  readonly mostFrames: number;
  /** Readings beside the pressure. */
  readonly beside: (seq: number) => Readonly<Record<string, { readonly value: number }>>;
}
const plain: BulkShape = {
  spacingMs: 10,
  framesPerTurn: 8,
  mostFrames: Infinity,
  beside: () => ({}),
};

/**
 * A third-party device at volume, with its own memory of what is not acknowledged: sends in shuffled order and now and
 * then twice, resends until acknowledged, and forgets a frame at its acknowledgement, as a device may.
 */
export class BulkSource {
  readonly #client: MqttClient;
  readonly #random: Seeded;
  readonly #shape: BulkShape;
  readonly #baseMs: number;
  readonly #sentMs = new Map<number, number>();
  readonly #firstSentMs = new Map<number, number>();
  readonly #conflicts = new Map<number, object>();
  readonly #stopped = new AbortController();
  #sampled = 0;
  /** A gateway that is slow must not get everything twice for it: then it never catches up. */
  #patienceMs = patienceMs.least;
  #paused = false;
  readonly #finished: Promise<void>;

  /** @param nowMs true time, epoch milliseconds. */
  constructor(port: number, random: Seeded, nowMs: number, shape: Partial<BulkShape> = {}) {
    this.#random = random;
    this.#shape = { ...plain, ...shape };
    this.#baseMs = nowMs - beganBeforeMs;
    this.#client = connect(`mqtt://127.0.0.1:${port}`, {
      clientId: 'bulk-1',
      reconnectPeriod: 300,
      connectTimeout: 3_000,
      keepalive: 5,
      resubscribe: false,
      queueQoSZero: false,
    });
    // The link is cut on purpose; the client tries again by itself and says so here every time.
    this.#client.on('error', () => undefined);
    this.#client.on('connect', () => this.#connected());
    this.#client.on('message', (topic, bytes) => this.#heard(topic, bytes));
    this.#finished = this.#run();
  }

  /** Frames sampled so far: 0 to this, each exactly once in the store when all is settled. */
  get sampled(): number {
    return this.#sampled;
  }

  get unacknowledged(): number {
    return this.#sentMs.size;
  }

  /** Frames with other content under an identity that is stored already; each belongs in quarantine. */
  get conflicts(): number {
    return this.#conflicts.size;
  }

  atMs(seq: number): number {
    return this.#baseMs + seq * this.#shape.spacingMs;
  }

  valueOf(seq: number): number {
    return Math.round(uniformAt(this.#random.seed, 1, seq) * 1e8) / 1e6;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  /** Makes up other content for a frame that is acknowledged; it is sent until `settled` says that it was seen. */
  contradict(): void {
    const seq = this.#random.whole(0, Math.max(0, this.#sampled - 1));
    if (this.#sampled === 0 || this.#sentMs.has(seq)) return;
    this.#conflicts.set(seq, this.#frame(seq, this.valueOf(seq) + 1));
  }

  /** Sends the contradictions again. */
  insist(): void {
    const frames = [...this.#conflicts.values()];
    if (frames.length > 0) this.#publish('history', { frames });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#finished;
    await this.#client.endAsync(true);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      if (this.#client.connected) this.#turn();
      await sleep(turnMs);
    }
  }

  #turn(): void {
    if (!this.#paused && this.#sentMs.size < maxUnacknowledged) this.#sample();
    const nowMs = performance.now();
    const late = [...this.#sentMs].filter(([, sentMs]) => nowMs - sentMs > this.#patienceMs);
    for (let from = 0; from < Math.min(late.length, 10 * batchFrames); from += batchFrames)
      this.#sendHistory(late.slice(from, from + batchFrames).map(([seq]) => seq));
  }

  #sample(): void {
    const { framesPerTurn, mostFrames } = this.#shape;
    const length = Math.min(framesPerTurn, mostFrames - this.#sampled);
    if (length <= 0) return;
    const seqs = Array.from({ length }, (_, index) => this.#sampled + index);
    this.#sampled += length;
    const [live = 0, ...others] = this.#random.shuffled(seqs);
    this.#publish('live', this.#frame(live, this.valueOf(live)));
    this.#sent(live);
    this.#sendHistory(others);
    if (this.#random.next() < 0.05) this.#sendHistory(this.#random.shuffled(seqs));
  }

  #sendHistory(seqs: readonly number[]): void {
    for (const seq of seqs) this.#sent(seq);
    this.#publish('history', { frames: seqs.map((seq) => this.#frame(seq, this.valueOf(seq))) });
  }

  #sent(seq: number): void {
    const nowMs = performance.now();
    this.#sentMs.set(seq, nowMs);
    if (!this.#firstSentMs.has(seq)) this.#firstSentMs.set(seq, nowMs);
  }

  #acknowledged(seq: number): void {
    const firstMs = this.#firstSentMs.get(seq);
    if (!this.#sentMs.delete(seq) || firstMs === undefined) return;
    this.#firstSentMs.delete(seq);
    const tookMs = performance.now() - firstMs;
    this.#patienceMs = Math.min(patienceMs.most, Math.max(patienceMs.least, 2 * tookMs));
  }

  #frame(seq: number, value: number): object {
    const reading = { value, raw: seq };
    const { stream, asset } = bulk;
    const at = this.atMs(seq);
    const readings = { [`${asset}/pressure`]: reading, ...this.#shape.beside(seq) };
    return { stream, seq, at, clock: 'synced', readings };
  }

  #publish(kind: 'live' | 'history', message: object): void {
    // A publish that fails with its connection needs nothing: the frame is resent until acknowledged.
    const topic = deviceTopic(bulk.site, bulk.device, kind);
    this.#client.publish(topic, JSON.stringify(message), { qos: 1 }, () => undefined);
  }

  #connected(): void {
    const ack = deviceTopic(bulk.site, bulk.device, 'ack');
    this.#client.subscribe([ack, gatewayFilter(bulk.site)], { qos: 1 }, () => this.#allDue());
  }

  #allDue(): void {
    for (const seq of this.#sentMs.keys()) this.#sentMs.set(seq, -Infinity);
  }

  #heard(topic: string, bytes: Uint8Array): void {
    const message: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!topic.endsWith('/ack')) {
      this.#allDue();
      return;
    }
    const { stream, stored } = ackSchema.parse(message);
    if (stream !== bulk.stream) throw new Error(`an acknowledgement for stream ${stream}`);
    for (const [first, last] of stored)
      for (let seq = first; seq <= last; seq += 1) this.#acknowledged(seq);
  }
}
