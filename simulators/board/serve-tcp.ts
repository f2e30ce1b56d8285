import { createServer, type AddressInfo, type Server } from 'node:net';
import type { SerialPeer } from './serial-peer.ts';
import {
  closeServer,
  createClientSlot,
  listen,
  maxConnections,
  type ClientSlot,
  type SerialServer,
} from './serial-server.ts';

export interface TcpOptions {
  /** @default 127.0.0.1; anything else lets other machines operate the board. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/**
 * Serves a board as Firmata over TCP, as WiFi and Ethernet boards do.
 * @throws Error naming host and port if they cannot be listened on.
 */
export async function serveTcp(peer: SerialPeer, options: TcpOptions): Promise<SerialServer> {
  const { host = '127.0.0.1' } = options;
  const slot = createClientSlot(peer);
  let server = await open(slot, host, options.port);
  const { port } = addressOf(server);
  const unplug = async (): Promise<void> => {
    if (server.listening) await closeServer(server, slot);
  };

  return {
    address: `${host}:${port}`,
    counts: slot.counts,
    unplug,
    async replug() {
      if (!server.listening) server = await open(slot, host, port);
    },
    close: unplug,
  };
}

async function open(slot: ClientSlot, host: string, port: number): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => slot.offer(socket));
  server.maxConnections = maxConnections;
  try {
    await listen(server, { host, port });
  } catch (error) {
    throw new Error(`cannot serve on ${host}:${port}; choose another port`, {
      cause: error,
    });
  }
  return server;
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('a TCP server that listens has an address');
  }
  return address;
}
