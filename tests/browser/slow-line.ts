import { connect, createServer, type Server, type Socket } from 'node:net';
import { openOnLoopback } from './loopback.ts';

/** A line between a browser and a gateway that passes so many bytes a second of what the gateway says, or none at all. */
export class SlowLine {
  bytesPerSecond: number;
  readonly #server: Server;
  #home = '';
  readonly #sockets = new Set<Socket>();

  private constructor(gatewayPort: number, bytesPerSecond: number) {
    this.bytesPerSecond = bytesPerSecond;
    this.#server = createServer((browser) =>
      this.#join(browser, connect(gatewayPort, '127.0.0.1')),
    );
  }

  static async start(gatewayPort: number, bytesPerSecond: number): Promise<SlowLine> {
    const line = new SlowLine(gatewayPort, bytesPerSecond);
    line.#home = await openOnLoopback(line.#server);
    return line;
  }

  get home(): string {
    return this.#home;
  }

  end(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(browser: Socket, gateway: Socket): void {
    for (const [socket, other] of [
      [browser, gateway],
      [gateway, browser],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    browser.pipe(gateway);
    gateway.on('data', (bytes) => {
      gateway.pause();
      this.#pass(bytes, browser, gateway);
    });
  }

  #pass(bytes: Buffer, browser: Socket, gateway: Socket): void {
    if (browser.destroyed) return;
    // A tenth of a second's worth at a time; with none, it looks again.
    const now = Math.floor(this.bytesPerSecond / 10);
    if (now > 0) browser.write(bytes.subarray(0, now));
    const rest = bytes.subarray(now);
    if (rest.length === 0) gateway.resume();
    else setTimeout(() => this.#pass(rest, browser, gateway), 100);
  }
}
