import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { TlsConfig } from '../access/config.ts';
import type { App } from './app.ts';

export interface ServerParts {
  readonly app: App;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls: TlsConfig | undefined;
  readonly mostConnections?: number;
  /** How long `close` waits for answers on their way before it cuts their connections. */
  readonly closeWithinMs?: number;
}

/** A running server: where it listens, and how to stop it. */
export interface HttpServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Connections ended at once since there were too many. */
  turnedAway(): number;
  /** From now on another application answers; streams of the one before are ended. */
  serve(app: App): void;
  /** Takes no more connections, ends the streams, and is done within `closeWithinMs`. */
  close(): Promise<void>;
}

/** The server cannot start; the message names the setting and the way out. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Connections at once; Node ends more of them as they come. */
const defaultConnections = 500;
const connectionLimits = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5000 };

/**
 * Serves an application over HTTP, or over TLS where a certificate is configured. Resolves once connections are
 * taken. Rejects with `ListenError`.
 */
export async function listen(parts: ServerParts): Promise<HttpServer> {
  const { host, port, tls, closeWithinMs = 2000, mostConnections = defaultConnections } = parts;
  let { app } = parts;
  const server = await createServerFor(() => app, tls);
  server.maxConnections = mostConnections;
  let turnedAway = 0;
  server.on('drop', () => {
    turnedAway += 1;
  });
  const bound = await boundTo(server, host, port);
  const named = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  const url = `${tls === undefined ? 'http' : 'https'}://${named}:${bound.port}`;
  const close = (): Promise<void> => {
    app.endStreams();
    return closeWithin(server, closeWithinMs);
  };
  const serve = (next: App): void => {
    app.endStreams();
    app = next;
  };
  return { host: bound.address, port: bound.port, url, turnedAway: () => turnedAway, serve, close };
}

async function createServerFor(app: () => App, tls: TlsConfig | undefined): Promise<Server> {
  const fetch: App['hono']['fetch'] = (...request) => app().hono.fetch(...request);
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false });
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // node-server answers every failure itself: its promise does not reject.
    void listener(incoming, outgoing);
  };
  if (tls === undefined) return createServer(connectionLimits, handle);
  const cert = await readPem('certFile', tls.certFile);
  const key = await readPem('keyFile', tls.keyFile);
  try {
    return createTlsServer({ ...connectionLimits, cert, key }, handle);
  } catch (cause) {
    const why = reason(cause);
    throw new ListenError(`http.tls: ${tls.certFile} and ${tls.keyFile} do not serve (${why})`, {
      cause,
    });
  }
}

async function readPem(setting: keyof TlsConfig, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new ListenError(`http.tls.${setting}: cannot read ${file} (${reason(cause)})`, { cause });
  }
}

function boundTo(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(listenError(error, host, port));
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(boundAddress(server));
    });
  });
}

function boundAddress(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server has no TCP address');
  return address;
}

function listenError(error: Error, host: string, port: number): ListenError {
  const code = 'code' in error ? error.code : undefined;
  const wayOut =
    code === 'EADDRINUSE'
      ? `port ${port} on ${host} is taken by another program: stop it or set another http.port`
      : code === 'EACCES'
        ? `port ${port} needs more rights: set http.port to 1024 or above`
        : `cannot listen on ${host}:${port} (${error.message}): check http.host and http.port`;
  return new ListenError(wayOut, { cause: error });
}

function closeWithin(server: Server, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), withinMs);
    // A connection kept alive turns idle only when its last answer is out: look again until none is left.
    const idle = setInterval(() => server.closeIdleConnections(), 20);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(idle);
      resolve();
    });
  });
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
