import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Log } from '../log.ts';
import { carryOut, type Command, commandSchema, type CommandParts } from './commands.ts';

/** A Unix socket in the data folder: whoever may write there may already change the store, so it needs no password. */
export function controlPath(dataFolder: string): string {
  return join(dataFolder, 'control.sock');
}

export interface ControlSocket {
  close(): Promise<void>;
}

/** One command line in, answer lines out, `{"end":true}` last. */
export async function listenForCommands(
  path: string,
  parts: CommandParts,
  log: Log,
): Promise<ControlSocket> {
  // With a database elsewhere nothing has made the data folder yet.
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', (error) => log.warn({ error: error.message }, 'control connection'));
    answer(socket, parts).catch((error: unknown) => {
      socket.end(
        `${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`,
      );
    });
  });
  server.maxConnections = 10;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(socket: Socket, parts: CommandParts): Promise<void> {
  for await (const line of createInterface({ input: socket })) {
    const command = commandSchema.parse(JSON.parse(line));
    for await (const item of carryOut(command, parts)) {
      if (socket.destroyed) return;
      if (!socket.write(`${JSON.stringify(item)}\n`))
        await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
    }
    socket.end(`${JSON.stringify({ end: true })}\n`);
  }
}

/** Asks the running gateway; undefined when none listens there. Rejects when it breaks off in the middle. */
export async function askGateway(
  path: string,
  command: Command,
  line: (item: unknown) => void,
): Promise<'done' | 'not-running'> {
  const socket = await connect(path);
  if (socket === undefined) return 'not-running';
  socket.write(`${JSON.stringify(command)}\n`);
  for await (const text of createInterface({ input: socket })) {
    const item: unknown = JSON.parse(text);
    if (typeof item !== 'object' || item === null) continue;
    if ('end' in item) return 'done';
    if ('error' in item) throw new Error(String(item.error));
    line(item);
  }
  throw new Error('the gateway ended before its answer did');
}

/** Whether a gateway is there; nothing is asked of it. */
export async function isGatewayRunning(path: string): Promise<boolean> {
  const socket = await connect(path);
  socket?.destroy();
  return socket !== undefined;
}

function connect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else reject(error);
    });
  });
}
