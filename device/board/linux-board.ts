import { GpioLine, type GpioLineParts, type GpioLineSettings } from './gpio-line.ts';
import { type I2cBus, LinuxI2c } from './linux-i2c.ts';
import type { Board, BoardState, I2cRead, PinEvent, WatchedPin } from './port.ts';

export interface LinuxBoardSettings extends Pick<GpioLineSettings, 'reopen' | 'settleMs'> {
  readonly id: string;
  /** Number of the I2C bus: 1 is `/dev/i2c-1`. */
  readonly i2c?: number | undefined;
  /** The GPIO chip. */
  readonly chip?: string | undefined;
  readonly i2cTimeoutMs: number;
}

export interface LinuxBoardParts extends GpioLineParts {
  readonly openI2c: (number: number) => Promise<I2cBus>;
}

/** This machine's own pins (through libgpiod's tools) and I2C bus (through i2c-bus): a Pi without an Arduino. */
export class LinuxBoard implements Board {
  readonly id: string;
  readonly #settings: LinuxBoardSettings;
  readonly #parts: LinuxBoardParts;
  readonly #i2c: LinuxI2c | undefined;
  readonly #lines: GpioLine[] = [];

  constructor(settings: LinuxBoardSettings, parts: LinuxBoardParts) {
    this.id = settings.id;
    this.#settings = settings;
    this.#parts = parts;
    const { i2c, i2cTimeoutMs } = settings;
    this.#i2c = i2c === undefined ? undefined : new LinuxI2c(i2c, parts.openI2c, i2cTimeoutMs);
  }

  /** Away as soon as one pin is. */
  state(): BoardState {
    const why = this.#lines.map((line) => line.why).find((reason) => reason !== undefined);
    if (why !== undefined) return { kind: 'away', why };
    const { i2c, chip } = this.#settings;
    return { kind: 'ready', firmware: [chip, i2c && `/dev/i2c-${i2c}`].filter(Boolean).join(', ') };
  }

  i2cWrite(address: number, bytes: readonly number[]): boolean {
    return this.#i2c?.write(address, bytes) ?? false;
  }

  async i2cRead(address: number, register: number, count: number): Promise<I2cRead> {
    return (
      (await this.#i2c?.read(address, register, count)) ?? {
        kind: 'failed',
        detail: `board ${this.id} has no I2C bus`,
      }
    );
  }

  watch(pin: WatchedPin, listener: (event: PinEvent) => void): void {
    const { chip, reopen, settleMs } = this.#settings;
    if (chip === undefined) throw new Error(`board ${this.id} has no GPIO chip`);
    const settings = { board: this.id, chip, reopen, settleMs };
    this.#lines.push(new GpioLine(settings, pin, listener, this.#parts));
  }

  start(): void {
    for (const line of this.#lines) line.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#lines.map((line) => line.stop()), this.#i2c?.close()]);
  }
}
