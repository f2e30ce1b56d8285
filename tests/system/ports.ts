import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports below the range from which the kernel takes those of outgoing connections and of `listen(0)` (32768 and up on
 * Linux): nobody else comes by one while the server a test has killed is down. Each of vitest's workers has a part of
 * its own, and within a test file no port is given twice.
 */
const [firstPort, portsOfWorker, workers] = [12_000, 5_000, 4];
const worker = Number(process.env['VITEST_POOL_ID'] ?? 0) % workers;
let next = Math.floor(Math.random() * portsOfWorker);

/** A port on which nobody listens, and which no other test will be given while this file runs. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < portsOfWorker; tries += 1) {
    const port = firstPort + worker * portsOfWorker + (next % portsOfWorker);
    next += 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port is free from ${firstPort + worker * portsOfWorker} on`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
