import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a link does to a connection.
 * - `refusing`: nobody gets through, as with a cable that is out.
 * - `stalled`: nothing arrives on either side, not even a FIN: a half-open connection.
 * - `slow`: a line of so many bytes a second in each direction.
 */
export type LinkMode =
  | { readonly kind: 'through' }
  | { readonly kind: 'refusing' }
  | { readonly kind: 'stalled' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number };

/** A TCP link between a program and a broker, under the test's control. */
export class FaultProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #mode: LinkMode = { kind: 'through' };
  readonly #changes = new EventEmitter();

  private constructor(server: Server, port: number, targetPort: number) {
    this.#server = server;
    this.port = port;
    // One waiter per direction of every stalled connection.
    this.#changes.setMaxListeners(0);
    server.on('connection', (socket) => this.#accept(socket, targetPort));
  }

  static async listen(targetPort: number): Promise<FaultProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    return new FaultProxy(server, address.port, targetPort);
  }

  set(mode: LinkMode): void {
    this.#mode = mode;
    this.#changes.emit('mode');
    if (mode.kind === 'refusing') this.cut();
  }

  /** Ends every connection there is, on both sides, in the middle of whatever it carries. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.set({ kind: 'refusing' });
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(near: Socket, targetPort: number): void {
    if (this.#mode.kind === 'refusing') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.once('close', () => this.#sockets.delete(from));
      void this.#carry(from, to);
    }
  }

  async #carry(from: Socket, to: Socket): Promise<void> {
    // A reset ends the reading with an error; whatever ended it, the other side is told when the link lets it through.
    const end = await this.#forward(from, to).then(
      () => 'finished',
      () => 'reset',
    );
    await this.#passable();
    if (end === 'finished') to.destroySoon();
    else to.resetAndDestroy();
  }

  async #forward(from: Socket, to: Socket): Promise<void> {
    for await (const chunk of from) {
      if (!Buffer.isBuffer(chunk)) throw new Error('a socket without encoding gives buffers');
      await this.#passable();
      if (this.#mode.kind === 'slow')
        await sleep((chunk.length / this.#mode.bytesPerSecond) * 1000);
      if (to.destroyed) return;
      if (!to.write(chunk)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
    }
  }

  async #passable(): Promise<void> {
    while (this.#mode.kind === 'stalled') await once(this.#changes, 'mode');
  }
}
