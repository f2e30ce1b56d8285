import { setTimeout as sleep } from 'node:timers/promises';
import type { Board } from '../board/port.ts';
import type { Clock } from '../clock/clock.ts';

/** Full scale of the programmable amplifier in volts, and its bits in the config register (ADS1115 SBAS444, table 8). */
const gainBits = {
  6.144: 0b000,
  4.096: 0b001,
  2.048: 0b010,
  1.024: 0b011,
  0.512: 0b100,
  0.256: 0b101,
} as const;
export type FullScaleVolts = keyof typeof gainBits;
export const fullScales = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256] as const;

export type InputPin = 0 | 1 | 2 | 3;

export type AdcSample =
  | { readonly kind: 'converted'; readonly counts: number; readonly volts: number }
  | { readonly kind: 'failed'; readonly detail: string };

export interface AdcChannel {
  read(): Promise<AdcSample>;
}

const registers = { conversion: 0x00, config: 0x01 } as const;
const startBit = 0x8000;
/** 128 samples/s: the chip's default; a conversion takes 7.8 ms. Single shot, comparator off. */
const fixedBits = (0b1 << 8) | (0b100 << 5) | 0b11;

/** Config register that converts one single-ended input once. */
export function configWord(pin: InputPin, fullScale: FullScaleVolts): number {
  return startBit | ((0b100 + pin) << 12) | (gainBits[fullScale] << 9) | fixedBits;
}

/** Two bytes of the conversion register as a signed number: slightly below 0 V is -1, not 65535. */
export function signedCounts([high = 0, low = 0]: readonly number[]): number {
  return (((high << 8) | low) << 16) >> 16;
}

export function countsToVolts(counts: number, fullScale: FullScaleVolts): number {
  return (counts / 32_768) * fullScale;
}

export interface Ads1115Settings {
  readonly address: number;
  /** From starting a conversion to giving up on it. */
  readonly timeoutMs: number;
}

/** An ADS1115 on a board's I2C bus: single shot, one conversion at a time, finished when the chip says so. */
export class Ads1115 {
  readonly #board: Board;
  readonly #clock: Clock;
  readonly #settings: Ads1115Settings;
  #last: Promise<unknown> = Promise.resolve();

  constructor(board: Board, clock: Clock, settings: Ads1115Settings) {
    this.#board = board;
    this.#clock = clock;
    this.#settings = settings;
  }

  channel(pin: InputPin, fullScale: FullScaleVolts): AdcChannel {
    return { read: () => this.#queued(() => this.#convert(pin, fullScale)) };
  }

  /** The chip has one converter: a second conversion would overwrite the first. Bounded by the sampler, which waits. */
  #queued(convert: () => Promise<AdcSample>): Promise<AdcSample> {
    const turn = this.#last.then(convert);
    this.#last = turn;
    return turn;
  }

  async #convert(pin: InputPin, fullScale: FullScaleVolts): Promise<AdcSample> {
    const { address, timeoutMs } = this.#settings;
    const deadlineMs = this.#clock.monotonicMs() + timeoutMs;
    const config = configWord(pin, fullScale);
    this.#board.i2cWrite(address, [registers.config, config >> 8, config & 0xff]);
    for (;;) {
      const status = await this.#board.i2cRead(address, registers.config, 2);
      if (status.kind === 'failed') return status;
      const [high = 0, low = 0] = status.bytes;
      const word = (high << 8) | low;
      // A chip that lost its supply meanwhile holds its defaults, with the OS bit set and another input selected.
      if ((word | startBit) !== config)
        return {
          kind: 'failed',
          detail: `config reads 0x${word.toString(16)}: the chip was reset`,
        };
      if ((word & startBit) !== 0) break;
      if (this.#clock.monotonicMs() > deadlineMs)
        return { kind: 'failed', detail: `conversion not finished within ${timeoutMs} ms` };
      await sleep(1);
    }
    const result = await this.#board.i2cRead(address, registers.conversion, 2);
    if (result.kind === 'failed') return result;
    const counts = signedCounts(result.bytes);
    return { kind: 'converted', counts, volts: countsToVolts(counts, fullScale) };
  }
}
