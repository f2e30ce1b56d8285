import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Complaint } from '../complaint.ts';

/**
 * A loopback TCP port that is free now: the one asked for, or any where that is 0. Throws a Complaint that names the
 * option when the port is taken or may not be used.
 */
export async function freePort(port: number, option: string): Promise<number> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return addressOf(server.address()).port;
  } catch (error) {
    throw new Complaint(explain(error, port, option));
  } finally {
    server.close();
  }
}

function explain(error: unknown, port: number, option: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const why = code === 'EADDRINUSE' ? 'is already in use' : `cannot be used (${code})`;
  return `${option} ${port}: port ${port} ${why}. Choose another one, for example: npm start -- ${option} ${port + 1}`;
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string')
    throw new Error('a TCP server that listens has an address');
  return address;
}
