import { createHash } from 'node:crypto';
import { pause } from '../repeat.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import type { AlarmView } from './model.ts';
import type { SinkStanding } from './sink.ts';

/** What the sink needs of the gateway's MQTT connection. */
export interface AlarmBroker {
  /** Resolves once the broker has it (QoS 1, retained); rejects when it may not have it. An empty payload clears. */
  publish(topic: string, payload: string, retain: true): Promise<void>;
  /** Resolves once the filters are granted; retained messages may come before. Asked again after every reconnect. */
  subscribe(filters: readonly string[]): Promise<void>;
}

/**
 * Topic level of an alarm (design.md: `_alarms/{id}`, small letters, digits, hyphens). `keihin/pack-1/stop` of site
 * `keihin` is `pack-1--stop`. An id that cannot be written so gets a digest after three hyphens, which no other has:
 * two alarms never share a topic.
 */
export function alarmTopicId(id: string, site: string): string {
  const parts = (id.startsWith(`${site}/`) ? id.slice(site.length + 1) : id).split('/');
  const plain = parts.join('--');
  const clean = parts.every((part) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part));
  if (clean && plain.length <= 63 && id.startsWith(`${site}/`)) return plain;
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 16);
  const readable = plain.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `${readable.slice(0, 40).replaceAll(/^-+|-+$/g, '')}---${digest}`;
}

export function alarmTopic(site: string, topicId: string): string {
  return `kadoru/v1/${site}/_alarms/${topicId}`;
}

export interface RetainedParts {
  readonly sites: readonly string[];
  readonly broker: AlarmBroker;
  /** Open alarms at this moment. */
  readonly open: () => readonly AlarmView[];
  readonly retryMs: Backoff;
  readonly random: () => number;
  readonly wallMs: () => number;
  readonly told: (failure: string | undefined) => void;
}

export const defaultRetainedRetryMs: Backoff = { first: 500, most: 30_000 };

/** Stale topics of others that are cleared at once; a broker that holds more shows them again on the next connect. */
const strayLimit = 5000;

/**
 * Keeps the broker's retained alarms equal to the open ones. It is a picture and not a queue: only the newest of each
 * alarm is sent, and after every connect all of it, so that a restart of either side leaves nothing stale.
 */
export class RetainedAlarms {
  readonly #parts: RetainedParts;
  readonly #stopping = new AbortController();
  /** What has to be sent: payloads by topic, the empty one to clear. */
  readonly #due = new Map<string, string>();
  #connected = false;
  /** Told by every connect: what was granted before it does not count. */
  #subscribed = false;
  #running: Promise<void> | undefined;
  /** Cuts the wait after a failure short. */
  #again = new AbortController();
  #delivered = 0;
  #dropped = 0;
  #retries = 0;
  #lastError: string | null = null;
  #lastDeliveredAt: number | null = null;

  constructor(parts: RetainedParts) {
    this.#parts = parts;
  }

  /** An alarm changed, or the mark on it. */
  changed(alarm: AlarmView): void {
    this.#owe(topicOf(alarm), alarm.phase === 'normal' ? '' : payload(alarm));
  }

  connection(connected: boolean): void {
    this.#connected = connected;
    this.#subscribed = false;
    if (!connected) return;
    this.#again.abort();
    for (const alarm of this.#parts.open()) this.#due.set(topicOf(alarm), payload(alarm));
    this.#wake();
  }

  /** A message on an alarm topic. One that stands for nothing open is left from an earlier life, and is cleared. */
  received(topic: string, bytes: Uint8Array): void {
    if (bytes.byteLength === 0 || this.#due.has(topic) || !this.#isOurs(topic)) return;
    if (this.#parts.open().some((alarm) => topicOf(alarm) === topic)) return;
    if (this.#due.size >= strayLimit) this.#dropped += 1;
    else this.#owe(topic, '');
  }

  standing(): SinkStanding {
    return {
      name: 'mqtt',
      waiting: this.#due.size,
      delivered: this.#delivered,
      failed: 0,
      dropped: this.#dropped,
      retries: this.#retries,
      lastError: this.#lastError,
      lastDeliveredAt: this.#lastDeliveredAt,
    };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  #isOurs(topic: string): boolean {
    return this.#parts.sites.some((site) => topic.startsWith(alarmTopic(site, '')));
  }

  #owe(topic: string, payload: string): void {
    this.#due.set(topic, payload);
    this.#wake();
  }

  #wake(): void {
    if (this.#connected && !this.#stopping.signal.aborted) this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (this.#connected && !signal.aborted && (this.#due.size > 0 || !this.#subscribed)) {
      try {
        await this.#step();
        failures = 0;
      } catch (error) {
        failures += 1;
        this.#retries += 1;
        this.#fails(error instanceof Error ? error.message : String(error));
        this.#again = new AbortController();
        const waitMs = backoffMs(this.#parts.retryMs, failures, this.#parts.random);
        await pause(waitMs, AbortSignal.any([signal, this.#again.signal]));
      }
    }
    this.#running = undefined;
  }

  async #step(): Promise<void> {
    const [next] = this.#due;
    if (next !== undefined) {
      const [topic, payload] = next;
      await this.#parts.broker.publish(topic, payload, true);
      // A newer payload may have come meanwhile: it is still due.
      if (this.#due.get(topic) === payload) this.#due.delete(topic);
      this.#delivered += 1;
      this.#lastDeliveredAt = this.#parts.wallMs();
    } else {
      this.#subscribed = true;
      try {
        await this.#parts.broker.subscribe(this.#parts.sites.map((site) => alarmTopic(site, '+')));
      } catch (error) {
        this.#subscribed = false;
        throw error;
      }
    }
    this.#fails(null);
  }

  #fails(error: string | null): void {
    const turned = (error === null) !== (this.#lastError === null);
    this.#lastError = error;
    if (turned) this.#parts.told(error ?? undefined);
  }
}

function topicOf({ id, site }: AlarmView): string {
  return alarmTopic(site, alarmTopicId(id, site));
}

function payload(alarm: AlarmView): string {
  return JSON.stringify(alarm);
}
