import type { Clock } from '../clock/clock.ts';
import { configureMessage, readMessage, replyEvent, writeMessage } from './i2c-wire.ts';
import { GuardedTransport } from './guarded-transport.ts';
import { type FiveFirmata, openFirmata } from './johnny-five.ts';
import type { I2cRead, PinEvent, PinLevel, WatchedPin } from './port.ts';
import type { Wire } from './wire.ts';

export interface SessionSettings {
  /** From the open port to a board that can be used. An Uno takes 2.2 to 3.4 s. */
  readonly readyTimeoutMs: number;
  readonly i2cTimeoutMs: number;
  /** Silence after which the board is asked for a sign of life. */
  readonly quietMs: number;
  /** How long it may take to give one. */
  readonly probeTimeoutMs: number;
}

export interface Watch {
  readonly pin: WatchedPin;
  readonly listener: (event: PinEvent) => void;
}

/** One connection to a board that runs Firmata: from the open wire to its end, for whatever reason. */
export class FirmataSession {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #settings: SessionSettings;
  readonly #lagMs: () => number;
  readonly #transport: GuardedTransport;
  readonly #over = new AbortController();
  readonly #fail = (why: string): void => this.#over.abort(why);
  readonly ended: Promise<string>;
  #five: FiveFirmata | undefined;
  #heardMs: number;
  #probe: Promise<boolean> | undefined;
  /** Settles every question that is open; a reaction on `ended` for each would pile up for the life of the session. */
  readonly #open = new Set<() => void>();
  #watchdog: NodeJS.Timeout | undefined;

  constructor(wire: Wire, clock: Clock, settings: SessionSettings, lagMs: () => number) {
    this.#wire = wire;
    this.#clock = clock;
    this.#settings = settings;
    this.#lagMs = lagMs;
    this.#heardMs = clock.monotonicMs();
    const { signal } = this.#over;
    this.ended = new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve(String(signal.reason));
        for (const settle of this.#open) settle();
      });
    });
    this.#transport = new GuardedTransport(wire, this.#fail);
    void wire.ended.then(this.#fail);
  }

  get firmware(): string {
    const io = this.#five?.io;
    return `${io?.firmware.name ?? 'unnamed'}, Firmata ${io?.version.major}.${io?.version.minor}`;
  }

  /** Resolves when the board can be used; rejects with the reason if it cannot. */
  async open(watches: readonly Watch[]): Promise<void> {
    const { readyTimeoutMs } = this.#settings;
    const five = await openFirmata(
      this.#transport,
      () => this.#heard(),
      readyTimeoutMs,
      this.ended,
    );
    this.#five = five;
    // An MCU that resets forgets what it was told to report; another version report is its only sign.
    five.io.on('reportversion', () => this.#fail('the microcontroller was reset'));
    five.five.sysexCommand(configureMessage());
    for (const watch of watches) this.#watch(five, watch);
    this.#watchdog = setInterval(() => void this.#checkQuiet(), this.#settings.quietMs / 2);
  }

  i2cWrite(address: number, bytes: readonly number[]): boolean {
    this.#five?.five.sysexCommand(writeMessage(address, bytes));
    return this.#five !== undefined;
  }

  async i2cRead(address: number, register: number, count: number): Promise<I2cRead> {
    const five = this.#five;
    if (five === undefined) return { kind: 'failed', detail: 'the board is not ready' };
    const bytes = await this.#reply<readonly number[]>(
      replyEvent(address, register),
      this.#settings.i2cTimeoutMs,
      () => five.five.sysexCommand(readMessage(address, register, count)),
    );
    const chip = `I2C 0x${address.toString(16)}`;
    if (!bytes) {
      // The answer may still come, and must not be taken for the next one's: wait until the board has caught up.
      await this.#signOfLife();
      return {
        kind: 'failed',
        detail: `${chip}: no answer within ${this.#settings.i2cTimeoutMs} ms`,
      };
    }
    if (bytes.length < count)
      return {
        kind: 'failed',
        detail: `${chip}: ${bytes.length} of ${count} bytes; is it connected?`,
      };
    return { kind: 'bytes', bytes };
  }

  async close(): Promise<void> {
    clearInterval(this.#watchdog);
    this.#fail('closed');
    this.#transport.shut();
    this.#five?.detach();
    this.#five = undefined;
    await this.#wire.close();
  }

  #heard(): void {
    this.#heardMs = this.#clock.monotonicMs();
  }

  #watch({ io, five }: FiveFirmata, { pin: { pin, pull }, listener }: Watch): void {
    const known = io.pins[pin]?.supportedModes.includes(io.MODES.INPUT) ?? false;
    if (!known) {
      this.#fail(`it has no digital pin ${pin}: check the pins of this board in the configuration`);
      return;
    }
    io.pinMode(pin, pull === 'up' ? io.MODES.PULLUP : io.MODES.INPUT);
    let first = true;
    five.digitalRead(pin, (value) => {
      const level: PinLevel = value === 0 ? 0 : 1;
      const atMs = this.#heardMs;
      listener(
        first
          ? { kind: 'baseline', level, atMs }
          : { kind: 'level', level, atMs, unsureMs: this.#lagMs() },
      );
      first = false;
    });
  }

  async #checkQuiet(): Promise<void> {
    const quietMs = this.#clock.monotonicMs() - this.#heardMs;
    if (quietMs >= this.#settings.quietMs) await this.#signOfLife();
  }

  /**
   * Asks for the firmware name, which every Firmata board answers, and answers in order: earlier answers have arrived
   * by then or never will. Not the version: that would look like a reset.
   */
  async #signOfLife(): Promise<boolean> {
    const { probeTimeoutMs } = this.#settings;
    this.#probe ??= this.#reply('queryfirmware', probeTimeoutMs, () => {
      this.#five?.five.sysexCommand([0x79]);
    }).then((answer) => answer !== undefined);
    const alive = await this.#probe;
    this.#probe = undefined;
    if (!alive) this.#fail(`silent: no sign of life within ${probeTimeoutMs} ms`);
    return alive;
  }

  /** The first argument of an event after `ask` (null if it has none); undefined when it does not come in time. */
  #reply<T>(event: string, timeoutMs: number, ask: () => void): Promise<T | null | undefined> {
    const io = this.#five?.io;
    if (io === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const settle = (value?: T | null): void => {
        clearTimeout(timer);
        io.removeListener(event, answered);
        this.#open.delete(settle);
        resolve(value);
      };
      const answered = (value?: T): void => settle(value ?? null);
      const timer = setTimeout(settle, timeoutMs);
      this.#open.add(settle);
      io.on(event, answered);
      ask();
    });
  }
}
