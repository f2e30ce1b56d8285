import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const [startSysex, endSysex] = [0xf0, 0xf7];
const digitalPort0 = 0x90;
const pinCount = 20;

/**
 * A few lines of Firmata behind a TCP port, for the adapter's own tests: it introduces itself, lists twenty digital
 * inputs, and otherwise does what the test says. The real firmware is met in tests/system.
 */
export class LoopbackFirmata {
  readonly #server: Server;
  #socket: Socket | undefined;
  version: readonly [number, number] = [2, 5];
  /** What it says when it is opened, in place of an introduction. */
  greeting: Uint8Array | undefined;
  answering = true;
  /** The answer to an I2C read; undefined: none at all. */
  i2cBytes: readonly number[] | undefined = [0x12, 0x34];
  opened = 0;
  readonly received: number[][] = [];

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  async listen(port = 0): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP address');
    return `tcp://127.0.0.1:${address.port}`;
  }

  /** The cable is pulled; with `close` nobody answers the port any more either. */
  async cut(close: boolean): Promise<void> {
    const closed = close ? once(this.#server, 'close') : undefined;
    if (close) this.#server.close();
    this.#socket?.destroy();
    await closed;
  }

  introduce(): void {
    const name = [...Buffer.from('TestFirmata.ino')].flatMap((byte) => [byte, 0]);
    this.send(0xf9, ...this.version, startSysex, 0x79, ...this.version, ...name, endSysex);
  }

  /** Levels of pins 0 to 7 as a port report. */
  report(levels: number): void {
    this.send(digitalPort0, levels & 0x7f, levels >> 7);
  }

  send(...bytes: readonly number[]): void {
    this.#socket?.write(Uint8Array.from(bytes));
  }

  #accept(socket: Socket): void {
    this.opened += 1;
    this.#socket = socket;
    socket.on('error', () => socket.destroy());
    if (this.greeting === undefined) this.introduce();
    else socket.write(this.greeting);
    let message: number[] = [];
    socket.on('data', (bytes) => {
      for (const byte of bytes) {
        if (byte >= 0x80 && byte !== endSysex) message = [];
        message.push(byte);
        if (byte === endSysex || (message[0] !== startSysex && message.length === 2))
          this.#take(message);
      }
    });
  }

  #take(message: readonly number[]): void {
    this.received.push([...message]);
    const [first, command, address = 0, mode = 0, register = 0] = message;
    if (!this.answering || first !== startSysex) return;
    if (command === 0x79) this.send(startSysex, 0x79, ...this.version, 0x54, 0, endSysex);
    if (command === 0x6b)
      this.send(
        startSysex,
        0x6c,
        ...Array.from({ length: pinCount }, () => [0, 1, 11, 1, 0x7f]).flat(),
        endSysex,
      );
    if (command === 0x69)
      this.send(startSysex, 0x6a, ...Array.from({ length: pinCount }, () => 0x7f), endSysex);
    if (command === 0x76 && mode === 0b1000 && this.i2cBytes !== undefined) {
      const pairs = this.i2cBytes.flatMap((byte) => [byte & 0x7f, byte >> 7]);
      this.send(startSysex, 0x77, address, 0, register, 0, ...pairs, endSysex);
    }
  }
}
