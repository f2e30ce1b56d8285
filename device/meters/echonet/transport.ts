import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { backoffMs, type BackoffSettings } from '../../backoff.ts';
import type { Log } from '../../log.ts';

/** The group that every ECHONET Lite node listens to (ECHONET Lite Specification 1.13, part 2, section 1). */
export const multicastGroup = '224.0.23.0';
export const echonetPort = 3_610;
const anyAddress = '0.0.0.0';

export interface TransportSettings {
  /** Answers come to this port of this address, whatever port they were asked from. */
  readonly bind: string;
  readonly port: number;
  /** Address of the interface for multicast; undefined: `bind`, or every interface of this machine. */
  readonly interface: string | undefined;
  readonly reopen: BackoffSettings;
}

export interface TransportParts {
  readonly receive: (bytes: Uint8Array, address: string) => void;
  readonly random: () => number;
  readonly log: Log;
}

/**
 * UDP as ECHONET Lite wants it: one socket for what is sent to us, one more for the group where the first is bound to a
 * single address (such a socket gets no multicast). A port that fails is opened again, with growing pauses.
 */
export class UdpTransport {
  readonly #settings: TransportSettings;
  readonly #parts: TransportParts;
  #socket: Socket | undefined;
  /** Hears the group; it may be the same socket. */
  #group: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #failure = '';
  /** Datagrams that this machine did not take: no route, no interface, no socket. */
  #unsent = 0;
  #stopped = false;

  constructor(settings: TransportSettings, parts: TransportParts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  /** Resolves when the first attempt to open is over; a failure is logged and tried again. */
  async start(): Promise<void> {
    const { bind } = this.#settings;
    const socket = await this.#open(bind, (failure) => this.#failed(failure));
    if (socket === undefined) return;
    this.#failures = 0;
    if (this.#failure !== '') this.#parts.log.info({}, 'ECHONET Lite: the port is open again');
    this.#failure = '';
    this.#socket = socket;
    this.#group = bind === anyAddress ? socket : await this.#openGroup();
    if (this.#stopped) this.#close();
    else this.#join();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#close();
  }

  /** UDP promises nothing: what cannot be sent is counted, and whoever waits for the answer asks again. */
  send(bytes: Uint8Array, address: string): void {
    const socket = this.#socket;
    if (socket === undefined) this.#countUnsent('the port is not open');
    else this.#sendFrom(socket, bytes, address);
  }

  /** To every node, through each interface in turn. */
  async sendToGroup(bytes: Uint8Array): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined) {
      this.#countUnsent('the port is not open');
      return;
    }
    this.#join();
    for (const address of this.#interfaces()) {
      if (!attempt(() => socket.setMulticastInterface(address))) continue;
      await new Promise<void>((resolve) => {
        this.#sendFrom(socket, bytes, multicastGroup, resolve);
      });
    }
  }

  #sendFrom(socket: Socket, bytes: Uint8Array, address: string, sent?: () => void): void {
    const done = (error: Error | null): void => {
      if (error !== null) this.#countUnsent(`${address}: ${error.message}`);
      sent?.();
    };
    // A socket that is being closed throws instead of calling back.
    if (!attempt(() => socket.send(bytes, this.#settings.port, address, done)))
      done(new Error('closed'));
  }

  #countUnsent(why: string): void {
    this.#unsent += 1;
    // A network that is away must not fill the log: the 1st, 10th, 100th, ...
    if (Number.isInteger(Math.log10(this.#unsent)))
      this.#parts.log.warn({ why, count: this.#unsent }, 'ECHONET Lite: a datagram was not sent');
  }

  /** Undefined when the first thing that happens to it is a failure, which has been told. */
  #open(address: string, failed: (failure: string) => void): Promise<Socket | undefined> {
    const { port } = this.#settings;
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.on('message', (bytes, { address: from }) => this.#parts.receive(bytes, from));
    return new Promise((resolve) => {
      socket.on('error', (error) => {
        attempt(() => socket.close());
        failed(`${address}:${port}: ${error.message}`);
        resolve(undefined);
      });
      socket.bind({ address, port, exclusive: true }, () => resolve(socket));
    });
  }

  /** Without it there are no announcements and everything else works. */
  #openGroup(): Promise<Socket | undefined> {
    return this.#open(multicastGroup, (failure) =>
      this.#parts.log.warn({ failure }, 'ECHONET Lite: announcements cannot be heard'),
    );
  }

  #failed(failure: string): void {
    this.#close();
    if (this.#stopped) return;
    if (failure !== this.#failure)
      this.#parts.log.error(
        { failure },
        'ECHONET Lite: the UDP port cannot be used; it is tried again. Is echonet.bind an address of this machine, and the port free?',
      );
    this.#failure = failure;
    this.#failures += 1;
    const waitMs = backoffMs(this.#settings.reopen, this.#failures, this.#parts.random);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.start(), waitMs);
  }

  #close(): void {
    const sockets = new Set([this.#socket, this.#group]);
    this.#socket = undefined;
    this.#group = undefined;
    for (const socket of sockets) attempt(() => socket?.close());
  }

  /** Interfaces come and go: joining again is harmless, and one that cannot be joined costs only announcements. */
  #join(): void {
    for (const address of this.#interfaces())
      attempt(() => this.#group?.addMembership(multicastGroup, address));
  }

  #interfaces(): readonly string[] {
    const { bind, interface: chosen } = this.#settings;
    if (chosen !== undefined) return [chosen];
    if (bind !== anyAddress) return [bind];
    return Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => address);
  }
}

/** Answers whether a socket did what was asked: one that is closing, or an interface that is gone, throws. */
function attempt(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
