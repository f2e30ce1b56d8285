import type { BackoffSettings } from '../backoff.ts';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../log.ts';
import { FirmataSession, type SessionSettings, type Watch } from './firmata-session.ts';
import type { Board, BoardState, I2cRead, PinEvent, WatchedPin } from './port.ts';
import { runAgainAndAgain } from './reopening.ts';
import type { Wire } from './wire.ts';

export interface FirmataBoardSettings extends SessionSettings {
  readonly id: string;
  /** `/dev/serial/by-id/...` or `tcp://host:port`. */
  readonly port: string;
  readonly reopen: BackoffSettings;
}

export interface FirmataBoardParts {
  readonly openWire: (port: string, timeoutMs: number, signal: AbortSignal) => Promise<Wire>;
  readonly clock: Clock;
  /** Worst event-loop stall since it was last asked. */
  readonly lagMs: () => number;
  readonly random: () => number;
  readonly log: Log;
}

/**
 * A board behind Firmata that comes back by itself: after unplugging, a reset, silence or garbage the wire, the IO and
 * Johnny-Five's board are thrown away and new ones are opened in this process (a board object never recovers).
 */
export class FirmataBoard implements Board {
  readonly id: string;
  readonly #settings: FirmataBoardSettings;
  readonly #parts: FirmataBoardParts;
  readonly #watches: Watch[] = [];
  readonly #abort = new AbortController();
  #state: BoardState = { kind: 'opening' };
  #session: FirmataSession | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(settings: FirmataBoardSettings, parts: FirmataBoardParts) {
    this.id = settings.id;
    this.#settings = settings;
    this.#parts = parts;
  }

  state(): BoardState {
    return this.#state;
  }

  i2cWrite(address: number, bytes: readonly number[]): boolean {
    return this.#ready()?.i2cWrite(address, bytes) ?? false;
  }

  async i2cRead(address: number, register: number, count: number): Promise<I2cRead> {
    const session = this.#ready();
    if (session !== undefined) return session.i2cRead(address, register, count);
    const why = this.#state.kind === 'away' ? this.#state.why : 'still opening';
    return { kind: 'failed', detail: `board ${this.id}: ${why}` };
  }

  watch(pin: WatchedPin, listener: (event: PinEvent) => void): void {
    this.#watches.push({ pin, listener });
  }

  start(): void {
    this.#running = this.#keepOpen();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#session?.close();
    await this.#running;
  }

  #ready(): FirmataSession | undefined {
    return this.#state.kind === 'ready' ? this.#session : undefined;
  }

  #keepOpen(): Promise<void> {
    const { log, clock, random } = this.#parts;
    const { id, port, reopen } = this.#settings;
    return runAgainAndAgain(() => this.#runSession(), {
      reopen,
      clock,
      random,
      signal: this.#abort.signal,
      away: (why, waitMs) => {
        this.#state = { kind: 'away', why };
        log.warn(
          { board: id, port, why, waitMs },
          'board away; its channels are unknown until it is back',
        );
      },
    });
  }

  /** One connection from opening to its end; answers why it ended. */
  async #runSession(): Promise<string> {
    const { openWire, clock, lagMs, log } = this.#parts;
    const { id, port, readyTimeoutMs } = this.#settings;
    const wire = await openWire(port, readyTimeoutMs, this.#abort.signal);
    const session = new FirmataSession(wire, clock, this.#settings, lagMs);
    this.#session = session;
    try {
      if (this.#abort.signal.aborted) return 'stopped';
      await session.open(this.#watches);
      this.#state = { kind: 'ready', firmware: session.firmware };
      log.info({ board: id, port, firmware: session.firmware }, 'board ready');
      return await session.ended;
    } finally {
      if (this.#state.kind === 'ready') this.#state = { kind: 'away', why: 'closing' };
      for (const { listener } of this.#watches) listener({ kind: 'lost' });
      this.#session = undefined;
      await session.close();
    }
  }
}
