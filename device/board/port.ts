export type BoardState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready'; readonly firmware: string }
  | { readonly kind: 'away'; readonly why: string };

export type I2cRead =
  | { readonly kind: 'bytes'; readonly bytes: readonly number[] }
  | { readonly kind: 'failed'; readonly detail: string };

export type PinLevel = 0 | 1;

/** What a board says about one watched pin, in the order in which it happened. */
export type PinEvent =
  /** The first level after watching began, or began again. It is not an edge. */
  | { readonly kind: 'baseline'; readonly level: PinLevel; readonly atMs: number }
  /** A level as it was reported; the same level twice is not an edge. `unsureMs`: how late the report may have come. */
  | {
      readonly kind: 'level';
      readonly level: PinLevel;
      readonly atMs: number;
      readonly unsureMs: number;
    }
  /** From here to the next baseline edges go unseen. */
  | { readonly kind: 'lost' };

export interface WatchedPin {
  readonly pin: number;
  /** `up`: the board's own pull-up is on, as an S0 output (an open collector) needs it. */
  readonly pull: 'up' | 'none';
}

/**
 * Pins and an I2C bus somewhere: an Arduino behind Firmata, or a Pi's own. It opens itself, and opens itself again
 * after whatever happened to it, for as long as it is not stopped. Times are monotonic milliseconds of our clock.
 */
export interface Board {
  readonly id: string;
  state(): BoardState;
  /** False when the board is away. An absent chip is only noticed when it is read. */
  i2cWrite(address: number, bytes: readonly number[]): boolean;
  /** Reads `count` bytes after writing `register`. Never rejects; a chip that does not answer is a `failed`. */
  i2cRead(address: number, register: number, count: number): Promise<I2cRead>;
  /** Before `start` only. The listener is told about every connection anew. */
  watch(pin: WatchedPin, listener: (event: PinEvent) => void): void;
  start(): void;
  stop(): Promise<void>;
}
