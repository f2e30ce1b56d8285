import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createBoard } from './board.ts';
import { createEchoPeer } from './echo-peer.ts';
import { loadStandardFirmata } from './firmware.ts';
import { idleWiring } from './idle-wiring.ts';
import { createMisbehavingFirmata } from './misbehaving-firmata.ts';
import { runInRealTime } from './realtime.ts';
import type { SerialPeer } from './serial-peer.ts';
import type { SerialServer } from './serial-server.ts';
import { serveTcp } from './serve-tcp.ts';

async function serve(peer: SerialPeer): Promise<SerialServer> {
  const server = await serveTcp(peer, { port: 0 });
  onTestFinished(() => server.close());
  return server;
}

function dial(server: SerialServer): Socket {
  const [host = '', port = ''] = server.address.split(':');
  const socket = connect({ host, port: Number(port) });
  // A connection that is refused or cut off shows as 'close', which the tests wait for.
  socket.on('error', () => socket.destroy());
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(5);
}

async function firstBytes(socket: Socket, count: number): Promise<Buffer> {
  let heard = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => (heard = Buffer.concat([heard, bytes])));
  await until(() => heard.length >= count || socket.destroyed);
  return heard.subarray(0, count);
}

const patience = { timeout: 60_000 };

test('the real firmware answers over TCP, at real time', patience, async () => {
  const board = createBoard({ firmware: loadStandardFirmata(), wiring: idleWiring });
  const clock = { monotonicMs: () => performance.now() };
  const pacer = runInRealTime({ board, clock });
  onTestFinished(() => pacer.stop());
  const socket = dial(await serve(board));
  expect(await firstBytes(socket, 3)).toEqual(Buffer.of(0xf9, 2, 5));
});

test('every open resets, one client at a time, the next one after it', patience, async () => {
  const peer = createEchoPeer();
  const server = await serve(peer);
  const first = dial(server);
  first.write('one');
  expect(await firstBytes(first, 3)).toEqual(Buffer.from('one'));
  const second = dial(server);
  await once(second, 'close');
  expect(server.counts).toEqual({ opened: 1, refused: 1, tooSlow: 0 });
  first.destroy();
  const third = dial(server);
  third.write('three');
  expect(await firstBytes(third, 5)).toEqual(Buffer.from('three'));
  expect(peer.resets).toBe(2);
  expect(server.counts.opened).toBe(2);
});

test('a client that does not read is cut off', patience, async () => {
  const peer = createEchoPeer();
  const server = await serve(peer);
  const socket = dial(server);
  await until(() => server.counts.opened === 1);
  socket.pause();
  while (server.counts.tooSlow === 0) {
    peer.send(Buffer.alloc(16_384));
    await sleep(1);
  }
  expect(peer.listeners).toBe(0);
});

test(
  'unplugging cuts the client off and closes the port; replugging brings it back',
  patience,
  async () => {
    const peer = createEchoPeer();
    const server = await serve(peer);
    const first = dial(server);
    await until(() => server.counts.opened === 1);
    const cut = once(first, 'close');
    await server.unplug();
    await cut;
    const refused = dial(server);
    const connected = new Promise((resolve) => {
      refused.once('connect', () => resolve('connected'));
      refused.once('close', () => resolve('refused'));
    });
    expect(await connected).toBe('refused');
    await server.replug();
    const second = dial(server);
    second.write('again');
    expect(await firstBytes(second, 5)).toEqual(Buffer.from('again'));
  },
);

test('a port in use is an error that names it', async () => {
  const server = await serve(createEchoPeer());
  const port = Number(server.address.split(':')[1]);
  await expect(serveTcp(createEchoPeer(), { port })).rejects.toThrow(`127.0.0.1:${port}`);
});

test('a misbehaving board can be reached as well', patience, async () => {
  const server = await serve(
    createMisbehavingFirmata({ kind: 'wrong-version', major: 1, minor: 0 }),
  );
  expect(await firstBytes(dial(server), 3)).toEqual(Buffer.of(0xf9, 1, 0));
});
