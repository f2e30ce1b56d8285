import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createBoard } from '../../simulators/board/board.ts';
import { loadStandardFirmata } from '../../simulators/board/firmware.ts';
import { createMisbehavingFirmata } from '../../simulators/board/misbehaving-firmata.ts';
import { runInRealTime } from '../../simulators/board/realtime.ts';
import { servePty } from '../../simulators/board/serve-pty.ts';
import { describeWithPeers } from '../peers.ts';
import {
  Bench,
  deviceProgram,
  type DeviceProcess,
  type SeenFrame,
  servePeer,
  startDeviceProcess,
  startGatewayPeer,
  until,
} from './device-harness.ts';

const example = join(import.meta.dirname, '../../device/device.example.yaml');

/** Runs the program to its end. */
function run(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [deviceProgram, ...args], (_error, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test('help, version, scan and check answer on stdout with status 0', async () => {
  expect(await run('--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('--config FILE'),
  });
  expect(await run('--version')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^kadoru-device\/\d/),
  });
  expect(await run('scan')).toMatchObject({ status: 0, stdout: expect.stringContaining('mqtt:') });
  const checked = await run('--config', example, '--check');
  expect(checked).toMatchObject({ status: 0, stderr: '' });
  expect(checked.stdout).toContain('pack-1/pressure: adc-1 channel 0, 0 to 40 MPa gauge');
});

test('mistakes in arguments and configuration end with status 2 and the way out', async () => {
  expect(await run()).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--config FILE'),
  });
  expect(await run('--colour')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--colour'),
  });
  expect(await run('dance')).toMatchObject({ status: 2, stderr: expect.stringContaining('dance') });
  const folder = await mkdtemp(join(tmpdir(), 'kadoru-device-'));
  const file = join(folder, 'device.yaml');
  const text = await readFile(example, 'utf8');
  await writeFile(file, text.replace('site: keihin', 'site: 京浜').replace('pin: 2', 'pin: 1'));
  const wrong = await run('--config', file);
  expect(wrong).toMatchObject({ status: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/2 mistakes\n[^]*site: [^]*京浜[^]*meters\[0\]\.pin: /);
});

test('a register file that is no register stops the start: energy is not guessed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kadoru-device-'));
  const file = join(folder, 'device.yaml');
  await writeFile(file, await readFile(example, 'utf8'));
  await mkdir(join(folder, 'device-data/registers'), { recursive: true });
  await writeFile(join(folder, 'device-data/registers/pv-1.json'), 'half a regis');
  expect(await run('--config', file)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('meter display'),
  });
});

/** A running device that ends with the test. */
async function running(config: object, folder?: string): Promise<DeviceProcess> {
  const basics = { site: 'keihin', device: 'pi-1', data: './data', clock: { trust: 'system' } };
  const device = await startDeviceProcess({ ...basics, ...config }, folder);
  onTestFinished(() => void device.child.kill('SIGKILL'));
  return device;
}

async function gatewayPeer() {
  const gateway = await startGatewayPeer('keihin', 'pi-1');
  onTestFinished(() => gateway.stop());
  return gateway;
}

test(
  'a thermometer that is missing is null with its reason within 3 s, and comes back by itself',
  { timeout: 90_000 },
  async () => {
    const gateway = await gatewayPeer();
    const path = await mkdtemp(join(tmpdir(), 'kadoru-w1-'));
    const sensor = join(path, '28-0000001');
    const mount = async (): Promise<void> => {
      await mkdir(sensor);
      await writeFile(join(sensor, 'temperature'), '21437\n');
    };
    await mount();
    await running({
      mqtt: { url: gateway.url },
      w1: { path },
      packs: [
        { id: 'pack-1', temperature: { kind: 'w1', sensor: '28-0000001', placement: 'ambient' } },
      ],
    });
    const last = () => gateway.frames.at(-1)?.readings['pack-1/temperature'];
    await until('a temperature', () => (last()?.value === 21.437 ? true : undefined));
    await rm(sensor, { recursive: true });
    const goneMs = Date.now();
    const after = () => gateway.frames.filter(({ at }) => at > goneMs);
    const isGone = ({ readings }: SeenFrame): boolean =>
      readings['pack-1/temperature']?.why === 'no-data';
    const frame = await until('no-data', () => after().find(isGone));
    expect(frame.readings['pack-1/temperature']?.value).toBeNull();
    // One frame each second: the third at the latest.
    expect(after().findIndex(isGone)).toBeLessThan(3);
    await mount();
    await until('the temperature again', () => (last()?.value === 21.437 ? true : undefined));
  },
);

test(
  'killed without a broker, it sends everything it had, numbers go on, and nobody else may use its data meanwhile',
  { timeout: 120_000 },
  async () => {
    const path = await mkdtemp(join(tmpdir(), 'kadoru-w1-'));
    await mkdir(join(path, '28-0000001'));
    await writeFile(join(path, '28-0000001', 'temperature'), '21437\n');
    const temperature = { kind: 'w1', sensor: '28-0000001', placement: 'ambient' };
    const packs = [{ id: 'pack-1', sampleSeconds: 0.2, temperature }];
    const offline = { mqtt: { url: 'mqtt://127.0.0.1:1' }, w1: { path }, packs };
    const killed = await running(offline);
    const written = () => spooled(killed.folder);
    await until('ten frames on disk', () => (written().length >= 10 ? true : undefined));
    expect(await run('--config', killed.file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('in use by another kadoru-device'),
    });
    await killed.end('SIGKILL');
    const left = written();
    const gateway = await gatewayPeer();
    const again = await running({ ...offline, mqtt: { url: gateway.url } }, killed.folder);
    const skipped = await until('the skip', () =>
      gateway.frames.find(({ events = [] }) => events.some(({ kind }) => kind === 'skipped')),
    );
    await until('every frame', () =>
      left.every(({ seq }) => gateway.frames.some((frame) => frame.seq === seq)) ? true : undefined,
    );
    for (const { seq, at } of left)
      expect(gateway.frames.find((frame) => frame.seq === seq)?.at).toBe(at);
    expect(skipped.seq).toBeGreaterThan(Math.max(...left.map(({ seq }) => seq)) + 1);
    expect(new Set(gateway.frames.map(({ stream }) => stream)).size).toBe(1);
    expect(await again.end('SIGTERM')).toBe(0);
  },
);

/** The frames in a device's spool, read as plain lines: crc length kind position JSON. */
function spooled(folder: string): { readonly seq: number; readonly at: number }[] {
  const spool = join(folder, 'data', 'spool');
  if (!existsSync(spool)) return [];
  const names = readdirSync(spool).filter((name) => name.endsWith('.frames'));
  const text = names.map((name) => readFileSync(join(spool, name), 'utf8')).join('');
  return [...text.matchAll(/^\S+ \d+ F \d+ (\{.*\})$/gm)].map(([, json = '']) =>
    z.object({ seq: z.int(), at: z.int() }).parse(JSON.parse(json)),
  );
}

test.each([
  [{ kind: 'silence' }, /no Firmata within/],
  // Noise may look like a version, or like a message without end, before the time is up.
  [
    { kind: 'garbage', seed: 7 },
    /no Firmata within|Firmata protocol|endless message|does not know/,
  ],
  [{ kind: 'half-message' }, /no Firmata within/],
  [{ kind: 'wrong-version', major: 1, minor: 0 }, /speaks Firmata protocol 1\.0/],
] as const)(
  'a board with %o is away with a clear reason, and the rest goes on',
  { timeout: 90_000 },
  async (misbehaviour, why) => {
    const gateway = await gatewayPeer();
    const { url, server } = await servePeer(createMisbehavingFirmata(misbehaviour));
    onTestFinished(() => server.close());
    const device = await running({
      mqtt: { url: gateway.url },
      boards: [{ id: 'uno', kind: 'firmata', port: url }],
      meters: [
        {
          id: 'pv-1',
          quantity: 'generated',
          kind: 'pulses',
          board: 'uno',
          pin: 2,
          pulsesPerKwh: 1000,
          sampleSeconds: 1,
        },
      ],
    });
    await until(String(why), () =>
      device.log.find((line) => line.includes('board away') && why.test(line)),
    );
    await until('unknown readings', () =>
      gateway.frames.find(({ readings }) => readings['pv-1/generated']?.why === 'no-data'),
    );
    expect(await device.end('SIGINT')).toBe(0);
  },
);

describeWithPeers('behind a serial port', ['socat'], () => {
  test(
    'the real firmware is opened, lost with its cable, and found again',
    { timeout: 120_000 },
    async () => {
      const gateway = await gatewayPeer();
      const bench = new Bench();
      const board = createBoard({ firmware: loadStandardFirmata(), wiring: bench });
      const folder = await mkdtemp(join(tmpdir(), 'kadoru-pty-'));
      const link = join(folder, 'ttyKADORU');
      const failures: Error[] = [];
      const server = await servePty(board, { link, onFailure: (error) => failures.push(error) });
      const pacer = runInRealTime({ board, clock: { monotonicMs: () => performance.now() } });
      onTestFinished(async () => {
        pacer.stop();
        await server.close();
      });
      // As udev does: the stable name points to whatever the port is called at the moment.
      const byId = join(folder, 'usb-Arduino-if00');
      await symlink(link, byId);
      const device = await running({
        mqtt: { url: gateway.url },
        boards: [{ id: 'uno', kind: 'firmata', port: byId }],
        adcs: [{ id: 'adc-1', kind: 'ads1115', board: 'uno', address: 0x48 }],
        packs: [
          {
            id: 'pack-1',
            pressure: {
              kind: 'current-loop',
              adc: 'adc-1',
              channel: 0,
              shuntOhm: 150,
              rangeMpa: [0, 40],
            },
          },
        ],
      });
      const pressure = () => gateway.frames.at(-1)?.readings['pack-1/pressure'];
      await until('a pressure', () => (pressure()?.quality === 'good' ? true : undefined), 60_000);
      expect(pressure()?.value).toBeCloseTo(20, 2);
      await server.unplug();
      await until('the cable gone', () => (pressure()?.why === 'bus-error' ? true : undefined));
      await server.replug();
      await until(
        'the cable back',
        () => (pressure()?.quality === 'good' ? true : undefined),
        60_000,
      );
      expect(await device.end('SIGTERM')).toBe(0);
      expect(failures).toEqual([]);
    },
  );
});
