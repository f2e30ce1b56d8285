import type { Server, Socket } from 'node:net';
import type { SerialPeer } from './serial-peer.ts';

/** A board behind a port that another process can open. */
export interface SerialServer {
  /** What to open: `host:port`, or the path of the pseudo-terminal. */
  readonly address: string;
  readonly counts: Readonly<ClientCounts>;
  /** The cable is pulled: the port vanishes and its client is cut off. */
  unplug(): Promise<void>;
  /** The cable is back: the port is there again, under the same address. */
  replug(): Promise<void>;
  /** Ends for good and leaves nothing behind. */
  close(): Promise<void>;
}

interface ClientCounts {
  /** Opens, each of which reset the board. */
  opened: number;
  /** Clients turned away because another one had the board. */
  refused: number;
  /** Clients cut off because they did not read. */
  tooSlow: number;
}

/** About 11 s of a saturated 57600 baud line. */
const maxUnreadBytes = 64 * 1024;

/** How long a newcomer waits for the end of the last client, which may be reported after it in the same instant. */
const handoverMs = 100;

/** Newcomers waiting at once, and the client. */
export const maxConnections = 4;

/** Joins at most one socket at a time to a board. */
export interface ClientSlot {
  readonly counts: Readonly<ClientCounts>;
  offer(socket: Socket): void;
  disconnect(): void;
}

export function createClientSlot(peer: SerialPeer): ClientSlot {
  const counts: ClientCounts = { opened: 0, refused: 0, tooSlow: 0 };
  const waiting = new Set<Socket>();
  let client: Socket | undefined;

  const admit = (socket: Socket): void => {
    client = socket;
    counts.opened += 1;
    const unsubscribe = peer.onTransmit((bytes) => {
      if (socket.writableLength + bytes.length <= maxUnreadBytes) {
        socket.write(bytes);
        return;
      }
      counts.tooSlow += 1;
      socket.destroy();
      unsubscribe();
    });
    socket.once('close', () => {
      unsubscribe();
      client = undefined;
    });
    peer.reset();
    socket.on('data', (bytes) => peer.receive(bytes));
  };

  const admitOrRefuse = (socket: Socket): void => {
    waiting.delete(socket);
    if (socket.destroyed) return;
    if (client === undefined) {
      admit(socket);
      return;
    }
    counts.refused += 1;
    socket.destroy();
  };

  return {
    counts,
    offer(socket) {
      // A connection that breaks ends like one that closes: 'close' follows every 'error'.
      socket.on('error', () => socket.destroy());
      if (client === undefined) {
        admit(socket);
        return;
      }
      waiting.add(socket);
      setTimeout(() => admitOrRefuse(socket), handoverMs);
    },
    disconnect() {
      client?.destroy();
      for (const socket of waiting) socket.destroy();
    },
  };
}

/** Starts listening; rejects with the system's error. */
export async function listen(
  server: Server,
  where: { host: string; port: number } | { path: string },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Stops listening and cuts the client off; answers when both are gone. */
export async function closeServer(server: Server, slot: ClientSlot): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  slot.disconnect();
  await closed;
}
