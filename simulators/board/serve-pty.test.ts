import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { SerialPort } from 'serialport';
import { expect, onTestFinished, test } from 'vitest';
import { describeWithPeers } from '../../tests/peers.ts';
import { createBoard } from './board.ts';
import { createEchoPeer } from './echo-peer.ts';
import { loadStandardFirmata } from './firmware.ts';
import { idleWiring } from './idle-wiring.ts';
import { runInRealTime } from './realtime.ts';
import type { SerialPeer } from './serial-peer.ts';
import type { SerialServer } from './serial-server.ts';
import { servePty } from './serve-pty.ts';

const patience = { timeout: 60_000 };

async function linkPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kadoru-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'ttyKADORU');
}

async function serve(peer: SerialPeer, link: string): Promise<SerialServer> {
  const server = await servePty(peer, {
    link,
    onFailure(error) {
      throw error;
    },
  });
  onTestFinished(() => server.close());
  return server;
}

async function openPort(path: string): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: 57_600, autoOpen: false });
  onTestFinished(async () => {
    if (port.isOpen) await closePort(port);
  });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  return port;
}

async function closePort(port: SerialPort): Promise<void> {
  await new Promise<void>((resolve) => {
    port.close(() => resolve());
  });
}

async function firstBytes(port: SerialPort, count: number): Promise<Buffer> {
  let heard = Buffer.alloc(0);
  port.on('data', (bytes: Buffer) => (heard = Buffer.concat([heard, bytes])));
  while (heard.length < count && port.isOpen) await sleep(5);
  return heard.subarray(0, count);
}

/** Says it until it comes back: what is said while the other side still opens the terminal may be lost. */
async function greet(port: SerialPort): Promise<boolean> {
  let heard = '';
  port.on('data', (bytes: Buffer) => (heard += bytes.toString()));
  for (let turn = 0; port.isOpen && !heard.includes('hello'); turn += 1) {
    if (turn % 100 === 0) port.write('hello');
    await sleep(5);
  }
  return port.isOpen;
}

/** Opens as a device does: the terminal of the last open may just be going, and then it is tried again. */
async function openAndGreet(path: string): Promise<SerialPort> {
  for (;;) {
    const port = await openPort(path).catch(() => undefined);
    if (port !== undefined && (await greet(port))) return port;
    await sleep(5);
  }
}

describeWithPeers('a pseudo-terminal', ['socat'], () => {
  test('serialport talks to the real firmware, at real time', patience, async () => {
    const board = createBoard({ firmware: loadStandardFirmata(), wiring: idleWiring });
    const pacer = runInRealTime({ board, clock: { monotonicMs: () => performance.now() } });
    onTestFinished(() => pacer.stop());
    const server = await serve(board, await linkPath());
    const port = await openPort(server.address);
    expect(await firstBytes(port, 3)).toEqual(Buffer.of(0xf9, 2, 5));
  });

  test('every open is a new connection that resets the board', patience, async () => {
    const peer = createEchoPeer();
    const server = await serve(peer, await linkPath());
    for (let opens = 1; opens <= 7; opens += 1) {
      const port = await openAndGreet(server.address);
      expect(peer.resets).toBe(opens);
      await closePort(port);
      while (peer.listeners > 0) await sleep(5);
    }
    expect(server.counts).toEqual({ opened: 7, refused: 0, tooSlow: 0 });
  });

  test(
    'unplugging takes the port away, which its holder notices; replugging brings it back',
    patience,
    async () => {
      const server = await serve(createEchoPeer(), await linkPath());
      const port = await openAndGreet(server.address);
      const closed = once(port, 'close');
      await server.unplug();
      expect(await closed).toEqual([expect.objectContaining({ disconnected: true })]);
      expect(existsSync(server.address)).toBe(false);
      await server.replug();
      await openAndGreet(server.address);
    },
  );

  test('close leaves nothing behind', patience, async () => {
    const server = await serve(createEchoPeer(), await linkPath());
    expect(existsSync(server.address)).toBe(true);
    await server.close();
    expect(existsSync(server.address)).toBe(false);
  });

  test('a server that is killed takes its socat along', patience, async () => {
    const link = await linkPath();
    const program = `
      import { createEchoPeer } from ${JSON.stringify(join(import.meta.dirname, 'echo-peer.ts'))};
      import { servePty } from ${JSON.stringify(join(import.meta.dirname, 'serve-pty.ts'))};
      await servePty(createEchoPeer(), { link: ${JSON.stringify(link)}, onFailure: () => undefined });`;
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', program],
      { stdio: 'ignore', env: { ...process.env, TMPDIR: dirname(link) } },
    );
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    while (!existsSync(link)) await sleep(5);
    child.kill('SIGKILL');
    // socat removes its link when it ends.
    while (existsSync(link)) await sleep(5);
    expect(child.killed).toBe(true);
  });

  test('a link left behind is replaced, a file is not', patience, async () => {
    const link = await linkPath();
    await symlink('/dev/pts/nowhere', link);
    const server = await serve(createEchoPeer(), link);
    await openPort(server.address);
    const file = await linkPath();
    await writeFile(file, 'mine');
    await expect(serve(createEchoPeer(), file)).rejects.toThrow('is not a link to a terminal');
  });

  test('a folder that does not exist is an error in socat’s words', patience, async () => {
    const link = join(await linkPath(), 'nowhere');
    await expect(serve(createEchoPeer(), link)).rejects.toThrow(/nowhere.*No such file/s);
  });

  test('a path that socat would misread is refused', async () => {
    await expect(serve(createEchoPeer(), '/tmp/a,b')).rejects.toThrow('link: "/tmp/a,b" may hold');
  });
});

test('without socat the error says how to get it', async () => {
  const options = { link: '/tmp/tty', searchPath: '/nowhere', onFailure: () => undefined };
  await expect(servePty(createEchoPeer(), options)).rejects.toThrow('apt-get install socat');
});
