import { EventEmitter } from 'node:events';
import type { Wire } from './wire.ts';

/** Longest message StandardFirmata sends is its capability list, below 1 kB even on a Mega with 70 pins. */
const maxMessageBytes = 4_096;
/** Writes the wire has not confirmed. A board that stops reading must not fill our memory. */
const maxPendingWrites = 512;

/**
 * The transport firmata-io is given. Between it and the wire because firmata-io throws on messages that no sane board
 * sends (a pin it does not have), collects a message without end, and writes without looking back.
 */
export class GuardedTransport extends EventEmitter {
  readonly #wire: Wire;
  readonly #fail: (why: string) => void;
  #pendingWrites = 0;
  #heard = (): void => {};
  #open = true;

  constructor(wire: Wire, fail: (why: string) => void) {
    super();
    this.#wire = wire;
    this.#fail = fail;
  }

  /** @param heard called with every arrival, before its bytes are taken. */
  start(collecting: () => number, heard: () => void): void {
    this.#heard = heard;
    this.#wire.onData((bytes) => this.#take(bytes, collecting));
  }

  write(bytes: Uint8Array, written: () => void): void {
    if (!this.#open) return;
    this.#pendingWrites += 1;
    if (this.#pendingWrites > maxPendingWrites) {
      this.#fail('the board has stopped reading');
      return;
    }
    this.#wire.write(bytes, () => {
      this.#pendingWrites -= 1;
      written();
    });
  }

  /** After this nothing passes in either direction. */
  shut(): void {
    this.#open = false;
    this.removeAllListeners();
  }

  #take(bytes: Uint8Array, collecting: () => number): void {
    if (!this.#open) return;
    this.#heard();
    try {
      this.emit('data', bytes);
    } catch (error) {
      this.#fail(`it sent something Firmata does not know: ${String(error)}`);
    }
    if (collecting() > maxMessageBytes)
      this.#fail('it sends one endless message; is it running StandardFirmata?');
  }
}
