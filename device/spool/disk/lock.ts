import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { StartError } from '../../start-error.ts';

/** Undoes the lock. */
export type Unlock = () => void;

/**
 * Keeps a second process of this machine off a folder. The lock is a name in Linux's abstract socket namespace (man 7
 * unix): it ends with the process however that ends, and needs no writable disk. It does not reach over network
 * namespaces, so two containers that share a folder are not kept apart. Rejects with a StartError if it is taken.
 */
export async function lockFolder(folder: string): Promise<Unlock> {
  const name = createHash('sha256').update(canonical(folder)).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((locked, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `${folder} is in use by another kadoru-device. Stop that one, or give this one its own "data" folder.`;
      reject(error.code === 'EADDRINUSE' ? new StartError(taken, 1) : error);
    });
    server.listen({ path: `\0kadoru-spool-${name}` }, locked);
  });
  server.unref();
  return () => void server.close();
}

function canonical(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder); // not there yet
  }
}
