import { EventEmitter } from 'node:events';
import type { SerialPeer } from './serial-peer.ts';

/** What the board may send before anybody listens; a serial port buffers as well. */
const maxPendingBytes = 4096;

type WriteCallback = (error?: Error) => void;

/**
 * An open serial port without a port: the transport that firmata-io takes, joined to a board in the same process, so
 * that the board's virtual clock is the only clock. Opening it resets the board.
 *
 * Events: `data` (Buffer), `close` (undefined, or an error with `disconnected: true` after `unplug`, as serialport 13),
 * `error` (a write after the end that had no callback).
 */
export class FirmataTransport extends EventEmitter {
  readonly path: string;
  /** Bytes that came before the first listener and were too many to keep. */
  droppedBytes = 0;
  readonly #peer: SerialPeer;
  readonly #unsubscribe: () => void;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #open = true;

  constructor(peer: SerialPeer, path = 'in-process') {
    super();
    this.path = path;
    this.#peer = peer;
    this.#unsubscribe = peer.onTransmit((bytes) => this.#deliver(Buffer.from(bytes)));
    this.on('newListener', (event) => {
      if (event === 'data') queueMicrotask(() => this.#flush());
    });
    peer.reset();
  }

  get isOpen(): boolean {
    return this.#open;
  }

  write(bytes: Uint8Array, callback?: WriteCallback): void {
    if (this.#open) {
      this.#peer.receive(bytes);
      if (callback) queueMicrotask(callback);
      return;
    }
    const error = new Error(`write to ${this.path}: the port is closed; open a new one`);
    queueMicrotask(() => (callback ? callback(error) : this.emit('error', error)));
  }

  close(callback?: WriteCallback): void {
    this.#end(undefined);
    if (callback) queueMicrotask(callback);
  }

  /** The cable is pulled: the port is gone, and whoever holds it is told so. */
  unplug(): void {
    this.#end(Object.assign(new Error(`${this.path} was unplugged`), { disconnected: true }));
  }

  #end(reason: Error | undefined): void {
    if (!this.#open) return;
    this.#open = false;
    this.#unsubscribe();
    queueMicrotask(() => this.emit('close', reason));
  }

  #deliver(bytes: Buffer): void {
    if (this.listenerCount('data') > 0 && this.#pending.length === 0) {
      this.emit('data', bytes);
    } else if (this.#pendingBytes + bytes.length > maxPendingBytes) {
      this.droppedBytes += bytes.length;
    } else {
      this.#pending.push(bytes);
      this.#pendingBytes += bytes.length;
    }
  }

  #flush(): void {
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    for (const bytes of pending) this.emit('data', bytes);
  }
}
