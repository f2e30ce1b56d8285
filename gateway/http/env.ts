import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { PartnerToken } from '../access/partner-token.ts';
import type { HeadsOf } from '../seals/handed-out.ts';

/** What a route knows beside its request. */
export interface Env {
  Bindings: Partial<HttpBindings>;
  Variables: {
    /** Whether whoever sent the request would still be admitted now. */
    readonly stillValid: () => boolean;
    /** Of a partner, a ward or an auditor; undefined for the operator. */
    readonly token: PartnerToken | undefined;
    /** What of the project's seals goes out with an answer about its members; undefined for other answers. */
    readonly sealHeads: HeadsOf | undefined;
  };
}

/** The socket's side of a request. There is none under `app.request()`, whatever Hono's types say. */
function socketOf(c: Context<Env>): Partial<HttpBindings> {
  const bindings: Partial<HttpBindings> | undefined = c.env;
  return bindings ?? {};
}

/** Ends the connection under a stream in a way that its reader cannot take for the end of the data. */
export function breakOffOf(c: Context<Env>): (() => void) | undefined {
  const { outgoing } = socketOf(c);
  return outgoing === undefined ? undefined : () => void outgoing.destroy();
}

/** The peer's address. Forwarding headers are not believed: anybody can write them. */
export function peerOf(c: Context<Env>): string {
  return socketOf(c).incoming?.socket.remoteAddress ?? 'unknown';
}

/** Hono serves HEAD with the route of GET; a stream that nobody will read must not be opened for it. */
export function isHead(c: Context<Env>): boolean {
  return c.req.raw.method === 'HEAD';
}
