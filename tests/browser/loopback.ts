import { once } from 'node:events';
import type { Server } from 'node:net';

/** Lets something that stands between a page and the gateway listen on loopback. Resolves with the page's address. */
export async function openOnLoopback(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return `http://127.0.0.1:${address.port}/`;
}
