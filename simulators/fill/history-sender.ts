import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { deviceTopic, type Frame } from '#device/contract';
import { backoffMs } from '../../device/backoff.ts';
import { decodeAck, encodeFrame, encodeHistory } from '../../device/link/encode.ts';
import type { Clock } from '../clock.ts';
import { Complaint, reasonOf } from '../complaint.ts';

export interface HistoryAddress {
  /** `mqtt://127.0.0.1:1883` */
  readonly mqtt: string;
  readonly site: string;
  readonly device: string;
}

export interface HistoryOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Told after every acknowledgement that confirmed something. */
  readonly confirmed: (frames: number) => void;
  /** Told what went wrong and is being tried again. */
  readonly trouble: (why: string) => void;
  /** Without any progress for so long the sender gives up. @default 60 s */
  readonly patienceMs?: number;
  /** A message waits so long for its acknowledgement before it is sent again. @default 2 s */
  readonly resendAfterMs?: number;
}

const framesPerMessage = 100;
/**
 * A frame of one meter is about 250 bytes, one of a collector of 20 homes 2,600: a message ends with the frame that
 * passes this, and stays below the 256 KiB of the contract, which a gateway takes none beyond of.
 */
const bytesPerMessage = 128 * 1024;
/** Messages that wait for their acknowledgement at once. */
const window = 8;
const longestResendMs = 15_000;
const lookAgainMs = 100;

interface Batch {
  /** Encoded once, by sequence number, so that a resend is byte-equal; confirmed ones leave. */
  readonly waiting: Map<number, string>;
  attempts: number;
  dueMs: number;
}

/**
 * Sends frames of one stream on `history` and returns once the gateway's `ack` confirmed every one: the number of
 * frames. Frames are taken from the source only as fast as they are confirmed.
 *
 * Throws a Complaint when the broker cannot be reached, nothing is confirmed for `patienceMs`, or the signal is aborted.
 */
export async function sendHistory(
  frames: Iterable<Frame>,
  stream: string,
  address: HistoryAddress,
  options: HistoryOptions,
): Promise<number> {
  const client = await connect(address, options);
  try {
    return await new HistorySender(client, frames, stream, address, options).run();
  } finally {
    await client.endAsync(true);
  }
}

async function connect(
  { mqtt: url, site, device }: HistoryAddress,
  options: HistoryOptions,
): Promise<MqttClient> {
  const clientId = `kadoru-fill-${Math.floor(options.random() * 2 ** 48).toString(36)}`;
  const client = await mqtt
    .connectAsync(
      url,
      { clean: true, clientId, reconnectPeriod: 500, connectTimeout: 5_000 },
      false,
    )
    .catch((error: unknown) => {
      throw new Complaint(`${url}: no broker answers there (${reasonOf(error)}); see --mqtt`);
    });
  client.on('error', (error) => options.trouble(error.message));
  await client.subscribeAsync(deviceTopic(site, device, 'ack'), { qos: 1 });
  return client;
}

class HistorySender {
  readonly #client: MqttClient;
  readonly #frames: Iterator<Frame>;
  readonly #stream: string;
  readonly #topic: string;
  readonly #options: HistoryOptions;
  readonly #batches = new Set<Batch>();
  #confirmed = 0;
  #progressMs: number;
  #wake = (): void => undefined;

  constructor(
    client: MqttClient,
    frames: Iterable<Frame>,
    stream: string,
    { site, device }: HistoryAddress,
    options: HistoryOptions,
  ) {
    this.#client = client;
    this.#frames = frames[Symbol.iterator]();
    this.#stream = stream;
    this.#topic = deviceTopic(site, device, 'history');
    this.#options = options;
    this.#progressMs = options.clock.monotonicMs();
    client.on('message', (_topic, payload) => this.#acknowledge(payload));
    // A new session forgot what was under way.
    client.on('connect', () => this.#resendAll());
  }

  async run(): Promise<number> {
    const { signal } = this.#options;
    for (let more = true; more || this.#batches.size > 0;) {
      if (signal.aborted) throw this.#interrupted();
      while (more && this.#batches.size < window) more = this.#takeBatch();
      this.#sendDue();
      this.#checkPatience();
      if (this.#batches.size > 0) await this.#untilWoken();
    }
    return this.#confirmed;
  }

  /** Answers whether there may be more. */
  #takeBatch(): boolean {
    const waiting = new Map<number, string>();
    let done = false;
    let bytes = 0;
    while (!done && waiting.size < framesPerMessage && bytes < bytesPerMessage) {
      const next = this.#frames.next();
      done = next.done === true;
      if (next.done === true) break;
      const frame = encodeFrame(next.value);
      bytes += Buffer.byteLength(frame);
      waiting.set(next.value.seq, frame);
    }
    if (waiting.size > 0) this.#batches.add({ waiting, attempts: 0, dueMs: 0 });
    return !done;
  }

  #sendDue(): void {
    const { clock, random, trouble, resendAfterMs = 2_000 } = this.#options;
    const resend = {
      firstMs: resendAfterMs,
      longestMs: Math.max(resendAfterMs, longestResendMs),
    };
    const nowMs = clock.monotonicMs();
    for (const batch of this.#batches) {
      if (batch.dueMs > nowMs || !this.#client.connected) continue;
      batch.attempts += 1;
      batch.dueMs = nowMs + backoffMs(resend, batch.attempts, random);
      this.#client.publish(
        this.#topic,
        encodeHistory([...batch.waiting.values()]),
        { qos: 1 },
        (error) => {
          if (error) trouble(`a message was not taken: ${error.message}`);
        },
      );
    }
  }

  #resendAll(): void {
    for (const batch of this.#batches) batch.dueMs = 0;
    this.#wake();
  }

  #acknowledge(payload: Uint8Array): void {
    const ack = decodeAck(payload);
    if (!ack.ok) {
      this.#options.trouble(`malformed acknowledgement: ${ack.detail}`);
      return;
    }
    if (ack.message.stream !== this.#stream) return;
    const before = this.#confirmed;
    for (const batch of this.#batches) this.#confirm(batch, ack.message.stored);
    if (this.#confirmed === before) return;
    this.#progressMs = this.#options.clock.monotonicMs();
    this.#options.confirmed(this.#confirmed);
    this.#wake();
  }

  #confirm(batch: Batch, stored: readonly (readonly [number, number])[]): void {
    for (const seq of batch.waiting.keys()) {
      if (!stored.some(([first, last]) => first <= seq && seq <= last)) continue;
      batch.waiting.delete(seq);
      this.#confirmed += 1;
    }
    if (batch.waiting.size === 0) this.#batches.delete(batch);
  }

  #interrupted(): Complaint {
    return new Complaint(
      `interrupted after ${this.#confirmed} frames; the next fill goes on from the last stored one`,
    );
  }

  #checkPatience(): void {
    const { clock, patienceMs = 60_000 } = this.#options;
    if (clock.monotonicMs() - this.#progressMs <= patienceMs) return;
    throw new Complaint(
      `no frame was acknowledged for ${patienceMs / 1000} s (${this.#confirmed} were before): is a gateway running on ` +
        `this broker, and is the site in its configuration?`,
    );
  }

  async #untilWoken(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    await Promise.race([woken, sleep(lookAgainMs)]);
  }
}
