import { servePty } from '../board/serve-pty.ts';
import { serveTcp } from '../board/serve-tcp.ts';
import type { SerialPeer } from '../board/serial-peer.ts';
import type { SerialServer } from '../board/serial-server.ts';

/** Serves a board at `tcp://host:port` or `pty:path` (the scenario's `listen`); answers the port a device opens too. */
export async function serveBoard(
  peer: SerialPeer,
  listen: string,
  onFailure: (error: Error) => void,
): Promise<{ readonly server: SerialServer; readonly port: string }> {
  if (listen.startsWith('pty:')) {
    const server = await servePty(peer, { link: listen.slice('pty:'.length), onFailure });
    return { server, port: server.address };
  }
  const { hostname, port } = new URL(listen);
  const server = await serveTcp(peer, { host: hostname, port: Number(port) });
  return { server, port: `tcp://${server.address}` };
}
