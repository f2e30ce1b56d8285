import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SerialPeer } from './serial-peer.ts';
import {
  closeServer,
  createClientSlot,
  listen,
  maxConnections,
  type SerialServer,
} from './serial-server.ts';
import { findSocat, startSocat } from './socat.ts';
import { keepTerminal, type TerminalKeeper } from './terminal-keeper.ts';

export interface PtyOptions {
  /** Where the terminal appears: what the device's configuration names as its serial port. */
  readonly link: string;
  /** Told when socat cannot be kept running; the port is gone then. */
  readonly onFailure: (error: Error) => void;
  /** @default the PATH of this process */
  readonly searchPath?: string;
}

/**
 * Serves a board behind a pseudo-terminal, which a program opens like any serial port. socat ends with each close and
 * is started again, so every open is a new connection.
 * @throws Error saying what to do: socat is missing, the path cannot be used.
 */
export async function servePty(peer: SerialPeer, options: PtyOptions): Promise<SerialServer> {
  const { link } = options;
  const socat = findSocat(options.searchPath ?? process.env['PATH'] ?? '');
  if (socat === undefined) {
    throw new Error(
      'a pseudo-terminal needs socat: apt-get install socat; or serve the board over TCP instead',
    );
  }
  // Commas, colons and the like are syntax to socat.
  if (!/^[\w./+@-]+$/.test(link)) {
    throw new Error(`link: ${JSON.stringify(link)} may hold only letters, digits and . / _ + @ -`);
  }
  const slot = createClientSlot(peer);
  const server = createServer((socket) => slot.offer(socket));
  server.maxConnections = maxConnections;
  const folder = await mkdtemp(join(tmpdir(), 'kadoru-pty-'));
  const socketPath = join(folder, 'board');
  await listen(server, { path: socketPath });

  const keep = (): TerminalKeeper =>
    keepTerminal({
      start: () => startSocat(socat, link, socketPath),
      link,
      opened: () => slot.counts.opened,
      onFailure: options.onFailure,
    });
  const cleanUp = async (): Promise<void> => {
    await closeServer(server, slot);
    await rm(folder, { recursive: true, force: true });
  };
  let terminal: TerminalKeeper | undefined = keep();
  try {
    await terminal.ready;
  } catch (error) {
    await cleanUp();
    throw error;
  }
  const unplug = async (): Promise<void> => {
    await terminal?.stop();
    slot.disconnect();
    terminal = undefined;
  };

  return {
    address: link,
    counts: slot.counts,
    unplug,
    async replug() {
      terminal ??= keep();
      await terminal.ready;
    },
    async close() {
      await unplug();
      await cleanUp();
    },
  };
}
