import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, type BackoffSettings } from '../../backoff.ts';
import type { Wire } from '../../board/wire.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Log } from '../../log.ts';
import { Conversation, type ConversationSettings } from './conversation.ts';
import type { ModbusBus, ModbusReply, ModbusRequest } from './port.ts';

export interface BusSettings extends ConversationSettings {
  readonly id: string;
  /** For the log: the port or the address. */
  readonly place: string;
  readonly reopen: BackoffSettings;
}

export interface BusParts {
  readonly open: (signal: AbortSignal) => Promise<Wire>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** Each meter asks one thing at a time, and a configuration has 64 at most. */
const mostWaiting = 64;
/** A connection that lived this long ends a series of failures. */
const settledMs = 10_000;

/** A line that many units share: requests in turn, one on the wire at a time. It opens itself, again and again. */
export class QueuedBus implements ModbusBus {
  readonly id: string;
  readonly #settings: BusSettings;
  readonly #parts: BusParts;
  readonly #abort = new AbortController();
  #conversation: Conversation | undefined;
  #wire: Wire | undefined;
  #away = 'still opening';
  #firstTried: () => void = () => undefined;
  /** Until the first attempt to open has come to something, requests wait instead of failing. */
  readonly #firstTry = new Promise<void>((resolve) => {
    this.#firstTried = resolve;
  });
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #refused = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(settings: BusSettings, parts: BusParts) {
    this.id = settings.id;
    this.#settings = settings;
    this.#parts = parts;
  }

  /** Requests refused because too many waited. */
  get refused(): number {
    return this.#refused;
  }

  async request(request: ModbusRequest): Promise<ModbusReply> {
    if (this.#waiting >= mostWaiting) {
      this.#refused += 1;
      const detail = `${mostWaiting} requests wait already`;
      this.#parts.log.warn({ bus: this.id, refused: this.#refused }, detail);
      return { kind: 'failed', why: 'crowded', detail };
    }
    this.#waiting += 1;
    const turn = this.#turn.then(() => this.#ask(request));
    this.#turn = turn;
    return turn.finally(() => (this.#waiting -= 1));
  }

  start(): void {
    this.#running = this.#keepOpen();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#wire?.close();
    await this.#running;
  }

  async #ask(request: ModbusRequest): Promise<ModbusReply> {
    await this.#firstTry;
    const conversation = this.#conversation;
    if (conversation !== undefined) return conversation.ask(request);
    return { kind: 'failed', why: 'away', detail: this.#away };
  }

  async #keepOpen(): Promise<void> {
    const { log, clock, random } = this.#parts;
    const { id, place, reopen } = this.#settings;
    const { signal } = this.#abort;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const openedMs = clock.monotonicMs();
      const why = await this.#runConversation().catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      );
      if (!signal.aborted) this.#away = why;
      this.#firstTried();
      if (signal.aborted) return;
      if (clock.monotonicMs() - openedMs > settledMs) attempt = 1;
      const waitMs = Math.round(backoffMs(reopen, attempt, random));
      log.warn(
        { bus: id, place, why, waitMs },
        'bus away; its meters are unknown until it is back',
      );
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One connection from opening to its end; answers why it ended. */
  async #runConversation(): Promise<string> {
    const { open, clock, log } = this.#parts;
    const { id, place } = this.#settings;
    const wire = await open(this.#abort.signal);
    this.#wire = wire;
    try {
      if (this.#abort.signal.aborted) return 'stopped';
      const conversation = new Conversation(wire, this.#settings, clock);
      this.#conversation = conversation;
      this.#firstTried();
      log.info({ bus: id, place }, 'bus open');
      const why = await wire.ended;
      const { strayBytes } = conversation;
      if (strayBytes > 0) log.warn({ bus: id, strayBytes }, 'bytes came that nobody had asked for');
      return why;
    } finally {
      this.#conversation = undefined;
      this.#wire = undefined;
      await wire.close();
    }
  }
}
