import type { Socket } from 'node:net';

/**
 * Follows MQTT framing (3.1.1, section 2.2) just far enough to know the announced length of each packet. The parser
 * behind it buffers a packet whole, up to the protocol's 256 MiB: this is what bounds it.
 */
export class PacketGuard {
  readonly #limitBytes: number;
  #state: 'type' | 'length' | 'body' = 'type';
  #length = 0;
  #shift = 0;
  #rest = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** False once a packet longer than the limit, or a length that is not one, is announced. */
  accepts(chunk: Uint8Array): boolean {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#state === 'body') {
        const taken = Math.min(this.#rest, chunk.length - offset);
        this.#rest -= taken;
        offset += taken;
        if (this.#rest === 0) this.#state = 'type';
        continue;
      }
      const byte = chunk[offset] ?? 0;
      offset += 1;
      if (this.#state === 'type') {
        this.#state = 'length';
        this.#length = 0;
        this.#shift = 0;
      } else if (!this.#addLength(byte)) return false;
    }
    return true;
  }

  #addLength(byte: number): boolean {
    this.#length += (byte & 0x7f) << this.#shift;
    this.#shift += 7;
    if (this.#length > this.#limitBytes || this.#shift > 28) return false;
    if ((byte & 0x80) === 0) {
      this.#rest = this.#length;
      this.#state = this.#rest === 0 ? 'type' : 'body';
    }
    return true;
  }
}

/** Ends a connection that announces a packet above the limit, before any of it is kept. */
export function guardSocket(socket: Socket, limitBytes: number, refused: () => void): void {
  const guard = new PacketGuard(limitBytes);
  const read = socket.read.bind(socket);
  // aedes pulls with read(); wrapping it costs no copy, and 'data' listeners would take the bytes from it.
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!(chunk instanceof Uint8Array) || guard.accepts(chunk)) return chunk;
    refused();
    socket.destroy();
    return null;
  };
}
