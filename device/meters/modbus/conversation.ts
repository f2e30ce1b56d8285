import { setTimeout as sleep } from 'node:timers/promises';
import type { Wire } from '../../board/wire.ts';
import type { Clock } from '../../clock/clock.ts';
import { type Decoded, type Framing } from './framing.ts';
import type { ModbusReply, ModbusRequest } from './port.ts';
import { UnansweredRequests } from './unanswered.ts';

export interface ConversationSettings {
  readonly framing: Framing;
  /** From the last byte of a request to the last of its answer, beside the time these take on the line. */
  readonly timeoutMs: number;
  /** Bits per second on the slowest part of the way. */
  readonly baudRate: number;
}

/** After anything that went wrong the line must be silent for this long: a late answer ends in it. */
export const recoverySilenceMs = 1_000;
/** A line that never gives this silence is opened anew. */
const longestWaitMs = 6_000;
const maxBufferBytes = 1_024;
/** Start, 8 data bits, parity or a second stop bit, stop (MODBUS over Serial Line V1.02, 2.5.1). */
const bitsPerByte = 11;
const requestBytes = 8;
/** Unanswered in a row, with not a byte heard: the port or the serial server may be what hangs. */
const mostSilent = 4;

interface Pending {
  readonly request: ModbusRequest;
  readonly transaction: number;
  readonly settle: (reply: ModbusReply) => void;
}

/** Milliseconds that bytes take on a serial line. */
export function transmissionMs(bytes: number, baudRate: number): number {
  return (bytes * bitsPerByte * 1_000) / baudRate;
}

/** The silence that ends a serial frame: 3.5 characters, at least 1.75 ms (V1.02, 2.5.1.1), in whole timer ticks. */
export function frameGapMs(baudRate: number): number {
  return Math.ceil(Math.max(1.75, transmissionMs(3.5, baudRate))) + 1;
}

/** One open wire, one request at a time: `ask` is called again only when the call before has answered. */
export class Conversation {
  readonly #wire: Wire;
  readonly #settings: ConversationSettings;
  readonly #clock: Clock;
  readonly #unanswered = new UnansweredRequests();
  #pending: Pending | undefined;
  #received = Buffer.alloc(0);
  #lastByteMs: number;
  /** Whatever comes may be an answer to an earlier question: on a serial line just opened, and after each failure. */
  #disturbed: boolean;
  #transaction = 0;
  #silentInARow = 0;
  #stray = 0;
  #over = false;

  constructor(wire: Wire, settings: ConversationSettings, clock: Clock) {
    this.#wire = wire;
    this.#settings = settings;
    this.#clock = clock;
    this.#lastByteMs = clock.monotonicMs();
    this.#disturbed = !settings.framing.numbered;
    wire.onData((bytes) => this.#take(bytes));
    void wire.ended.then((why) => {
      this.#over = true;
      this.#pending?.settle({ kind: 'failed', why: 'away', detail: why });
    });
  }

  /** Bytes that came when nobody had asked. */
  get strayBytes(): number {
    return this.#stray;
  }

  /** Never rejects. Closes the wire when only a new one can help. */
  async ask(request: ModbusRequest): Promise<ModbusReply> {
    if (this.#settings.framing.numbered) return this.#exchange(request);
    const first = this.#unanswered.safeFirst(request, this.#clock.monotonicMs());
    if (first === undefined)
      return { kind: 'failed', why: 'silent', detail: 'left alone for half a minute' };
    const reply = await this.#exchange(first);
    if (first.count === request.count || reply.kind === 'failed') return reply;
    return this.#exchange(request);
  }

  async #exchange(request: ModbusRequest): Promise<ModbusReply> {
    if (!(await this.#quiet())) {
      this.#giveUp();
      return { kind: 'failed', why: 'away', detail: 'the line is never silent; it is opened anew' };
    }
    if (this.#over) return { kind: 'failed', why: 'away', detail: 'the connection has ended' };
    const reply = await this.#send(request);
    if (reply.kind !== 'failed') {
      this.#unanswered.settle(request.unit);
      this.#silentInARow = 0;
      return reply;
    }
    this.#disturbed = true;
    this.#unanswered.add(request, this.#clock.monotonicMs());
    if (reply.why === 'silent') this.#silentInARow += 1;
    if (this.#silentInARow >= mostSilent) this.#giveUp();
    return reply;
  }

  #giveUp(): void {
    this.#over = true;
    void this.#wire.close();
  }

  /** Waits for the silence a request needs before it; false if the line does not give it. */
  async #quiet(): Promise<boolean> {
    const startMs = this.#clock.monotonicMs();
    for (;;) {
      if (this.#over) return true;
      const nowMs = this.#clock.monotonicMs();
      const neededMs = this.#disturbed ? recoverySilenceMs : frameGapMs(this.#settings.baudRate);
      const leftMs = neededMs - (nowMs - this.#lastByteMs);
      if (leftMs <= 0) break;
      if (nowMs - startMs > longestWaitMs) return false;
      await sleep(leftMs);
    }
    this.#disturbed = false;
    return true;
  }

  #send(request: ModbusRequest): Promise<ModbusReply> {
    const { framing, timeoutMs, baudRate } = this.#settings;
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const transaction = this.#transaction;
    this.#received = Buffer.alloc(0);
    const answerBytes = 5 + 2 * request.count;
    const limitMs = timeoutMs + transmissionMs(requestBytes + answerBytes, baudRate);
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(this.#timedOut(limitMs)), limitMs);
      const settle = (reply: ModbusReply): void => {
        clearTimeout(timer);
        this.#pending = undefined;
        this.#lastByteMs = this.#clock.monotonicMs();
        resolve(reply);
      };
      this.#pending = { request, transaction, settle };
      this.#wire.write(framing.encode(request, transaction), () => undefined);
    });
  }

  #timedOut(limitMs: number): ModbusReply {
    const bytes = this.#received.length;
    if (bytes > 0) this.#silentInARow = 0;
    const heard = bytes === 0 ? 'nothing' : `${bytes} bytes and no whole answer`;
    return {
      kind: 'failed',
      why: bytes === 0 ? 'silent' : 'garbled',
      detail: `${heard} within ${Math.round(limitMs)} ms`,
    };
  }

  #take(bytes: Uint8Array): void {
    this.#lastByteMs = this.#clock.monotonicMs();
    const pending = this.#pending;
    if (pending === undefined) {
      // The end of something late, or another master on this line.
      this.#stray += bytes.length;
      this.#disturbed = true;
      return;
    }
    this.#received = Buffer.concat([this.#received, bytes]);
    const { request, transaction, settle } = pending;
    const decoded = this.#settings.framing.decode(this.#received, request, transaction);
    if (decoded.kind !== 'incomplete') settle(this.#reply(decoded, request, transaction));
    else if (this.#received.length > maxBufferBytes)
      settle({ kind: 'failed', why: 'garbled', detail: 'bytes without end' });
  }

  #reply(
    decoded: Exclude<Decoded, { kind: 'incomplete' }>,
    request: ModbusRequest,
    transaction: number,
  ): ModbusReply {
    if (decoded.kind !== 'garbled') return decoded;
    const sent = this.#settings.framing.encode(request, transaction);
    const echoed = this.#received.subarray(0, sent.length).equals(sent);
    const detail = echoed
      ? 'the request comes back: switch the echo of the RS-485 adapter off'
      : decoded.detail;
    return { kind: 'failed', why: 'garbled', detail };
  }
}
