import { setTimeout as sleep } from 'node:timers/promises';
import { deviceTopic, gatewayFilter, type DeviceState, type Meta } from '#device/contract';
import { backoffMs, type BackoffSettings } from '../backoff.ts';
import type { Clock } from '../clock/clock.ts';
import type { ClockState } from '../clock/stamper.ts';
import type { Log } from '../log.ts';
import type { Spool } from '../spool/port.ts';
import type { BrokerSettings, Connect, Connection } from './connection.ts';
import { decodeAck, decodeGatewayState, encodeHistory, encodeMeta, encodeState } from './encode.ts';
import { Outbox, type OutboxSettings } from './outbox.ts';

export interface LinkSettings {
  readonly site: string;
  readonly device: string;
  readonly boot: string;
  readonly software: string;
  readonly broker: BrokerSettings;
  readonly outbox: OutboxSettings;
  readonly reconnect: BackoffSettings;
}

export interface LinkParts {
  readonly spool: Spool;
  readonly clock: Clock;
  readonly clockState: () => ClockState;
  readonly meta: () => Meta;
  readonly connect: Connect;
  readonly random: () => number;
  readonly log: Log;
}

/** Live messages the broker has not taken yet; beyond it the line is too slow for live, and frames become backlog. */
const maxLiveInFlight = 32;
const pumpIntervalMs = 250;
const stateIntervalMs = 30_000;
/** A broker that does not take the farewell gets the will instead. */
const offlineTimeoutMs = 500;
/** A connection that lasted this long was good: the next failure starts from the shortest wait again. */
const settledMs = 10_000;

/** A connection in use, with the live messages it has not taken yet. */
interface Line {
  readonly connection: Connection;
  liveInFlight: number;
}

/** Keeps one MQTT connection up and moves frames from the spool to the gateway until each is acknowledged. */
export class Link {
  readonly #settings: LinkSettings;
  readonly #parts: LinkParts;
  readonly #outbox: Outbox;
  readonly #abort = new AbortController();
  readonly #gatewayBoots = new Map<string, string>();
  #line: Line | undefined;
  #running: Promise<void> = Promise.resolve();
  #pumping = false;
  #stopping = false;
  #published = '';

  constructor(settings: LinkSettings, parts: LinkParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#outbox = new Outbox(parts.spool, settings.outbox, parts.random);
  }

  start(): void {
    this.#running = this.#keepConnected();
  }

  /** The newest frame of the spool is fresh: it goes out on `live`, unless the line is down or full. */
  offerNewest(): void {
    const line = this.#line;
    if (line === undefined) return;
    if (line.liveInFlight < maxLiveInFlight) this.#sendLive(line);
    this.#pump(line);
  }

  /** `meta` is different from what was published; without a connection the next one begins with it. */
  metaChanged(): void {
    // The connection's end is handled where it is awaited.
    if (this.#line !== undefined) this.#publishMeta(this.#line.connection).catch(() => undefined);
  }

  /** Gives what is unacknowledged `drainMs` to arrive, says `offline`, closes. Answers how many frames stay behind. */
  async stop(drainMs: number): Promise<number> {
    const { spool, clock, log } = this.#parts;
    const untilMs = clock.monotonicMs() + drainMs;
    while (this.#line !== undefined && spool.stats().frames > 0 && clock.monotonicMs() < untilMs)
      await sleep(20);
    this.#stopping = true;
    const connection = this.#line?.connection;
    this.#line = undefined;
    if (connection !== undefined) {
      await Promise.race([
        this.#publishState(connection, 'offline'),
        sleep(offlineTimeoutMs),
      ]).catch((error: unknown) =>
        log.warn({ error: String(error) }, 'offline could not be announced; the will says lost'),
      );
      await connection.end();
    }
    this.#abort.abort();
    await this.#running;
    return spool.stats().frames;
  }

  async #keepConnected(): Promise<void> {
    const { clock, log, random } = this.#parts;
    const { signal } = this.#abort;
    for (let attempt = 1; !this.#stopping; attempt += 1) {
      const startedMs = clock.monotonicMs();
      const reason = await this.#connectOnce().catch(String);
      if (this.#stopping) return;
      if (clock.monotonicMs() - startedMs > settledMs) attempt = 1;
      const waitMs = Math.round(backoffMs(this.#settings.reconnect, attempt, random));
      log.warn(
        { reason, waitMs, spool: this.#parts.spool.stats() },
        'no connection to the broker; frames wait',
      );
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Runs one connection to its end; answers why it ended. */
  async #connectOnce(): Promise<string> {
    const { connect, log } = this.#parts;
    const will = { topic: this.#topic('state'), payload: encodeState(this.#announcement('lost')) };
    const connection = await connect(
      this.#settings.broker,
      will,
      (topic, payload) => this.#receive(topic, payload),
      this.#abort.signal,
    );
    await this.#introduce(connection).catch(async (error: unknown) => {
      await connection.end();
      throw error;
    });
    log.info({ url: this.#settings.broker.url }, 'connected to the broker');
    this.#outbox.resendAll();
    const line = { connection, liveInFlight: 0 };
    this.#line = line;
    const pump = setInterval(() => this.#pump(line), pumpIntervalMs);
    const state = setInterval(() => this.#refreshState(connection), stateIntervalMs);
    this.#pump(line);
    const reason = await connection.closed;
    clearInterval(pump);
    clearInterval(state);
    this.#line = undefined;
    return reason;
  }

  async #introduce(connection: Connection): Promise<void> {
    await connection.subscribe([this.#topic('ack'), gatewayFilter(this.#settings.site)]);
    await this.#publishState(connection, 'online');
    await this.#publishMeta(connection);
  }

  async #publishMeta(connection: Connection): Promise<void> {
    const payload = encodeMeta(this.#parts.meta());
    await connection.publish({ topic: this.#topic('meta'), payload, retain: true });
  }

  #sendLive(line: Line): void {
    const { spool, clock } = this.#parts;
    const [frame] = spool.read(spool.next - 1, 1, Infinity);
    if (frame === undefined) return;
    line.liveInFlight += 1;
    this.#outbox.sentLive(frame.position, clock.monotonicMs());
    const message = { topic: this.#topic('live'), payload: frame.text, retain: false };
    // A failed publish needs nothing here: the frame stays in the spool, and the connection's end starts a new one.
    void settled(line.connection.publish(message)).then(() => (line.liveInFlight -= 1));
  }

  #pump(line: Line): void {
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#drain(line).finally(() => {
      this.#pumping = false;
    });
  }

  /** One `history` message at a time, so that live frames never queue behind more than one batch. */
  async #drain(line: Line): Promise<void> {
    const { clock } = this.#parts;
    while (this.#line === line) {
      const pacedMs = this.#outbox.pacedMs(clock.monotonicMs());
      if (pacedMs > 0) await sleep(pacedMs);
      const frames = this.#outbox.nextBatch(clock.monotonicMs());
      if (frames.length === 0) return;
      const payload = encodeHistory(frames.map(({ text }) => text));
      const message = { topic: this.#topic('history'), payload, retain: false };
      if (!(await settled(line.connection.publish(message)))) return;
    }
  }

  #receive(topic: string, payload: Uint8Array): void {
    if (topic === this.#topic('ack')) this.#acknowledge(payload);
    else this.#meetGateway(topic, payload);
  }

  #acknowledge(payload: Uint8Array): void {
    const { log } = this.#parts;
    const decoded = decodeAck(payload);
    if (!decoded.ok) {
      log.warn({ detail: decoded.detail }, 'malformed acknowledgement ignored; nothing freed');
      return;
    }
    const outcome = this.#outbox.acknowledge(decoded.message);
    if (outcome.kind === 'refused') {
      log.warn(
        { ack: decoded.message.stream, why: outcome.why },
        'acknowledgement refused; nothing freed',
      );
      return;
    }
    log.debug({ freed: outcome.frames }, 'acknowledged');
    if (this.#line !== undefined) this.#pump(this.#line);
  }

  #meetGateway(topic: string, payload: Uint8Array): void {
    const decoded = decodeGatewayState(payload);
    if (!decoded.ok || decoded.message.state !== 'online') return;
    const { boot } = decoded.message;
    if (this.#gatewayBoots.get(topic) === boot) return;
    if (this.#gatewayBoots.size >= 64) this.#gatewayBoots.clear();
    this.#gatewayBoots.set(topic, boot);
    this.#parts.log.info(
      { topic, boot },
      'a gateway has started; unacknowledged frames are sent again',
    );
    this.#outbox.resendAll();
    if (this.#line !== undefined) this.#pump(this.#line);
  }

  #refreshState(connection: Connection): void {
    if (this.#comparable() === this.#published) return;
    // The connection's end is handled where it is awaited; the next birth says the same.
    this.#publishState(connection, 'online').catch(() => undefined);
  }

  async #publishState(connection: Connection, state: 'online' | 'offline'): Promise<void> {
    this.#published = this.#comparable();
    const { clockState, spool } = this.#parts;
    const payload = encodeState({
      ...this.#announcement(state),
      clock: clockState(),
      spool: { ...spool.stats() },
    });
    await connection.publish({ topic: this.#topic('state'), payload, retain: true });
  }

  /** What makes a new `state` message worth sending while online. */
  #comparable(): string {
    const { dropped, fault } = this.#parts.spool.stats();
    return JSON.stringify([this.#parts.clockState(), dropped, fault]);
  }

  #announcement(state: DeviceState['state']): DeviceState {
    const { boot, software } = this.#settings;
    return { state, boot, at: Math.round(this.#parts.clock.wallMs()), software };
  }

  #topic(kind: 'state' | 'meta' | 'live' | 'history' | 'ack'): string {
    return deviceTopic(this.#settings.site, this.#settings.device, kind);
  }
}

/** Whether the broker took it. */
async function settled(publishing: Promise<void>): Promise<boolean> {
  return publishing.then(
    () => true,
    () => false,
  );
}
