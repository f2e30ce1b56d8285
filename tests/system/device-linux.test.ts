import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, afterAll, expect, test } from 'vitest';
import { askGpiodVersion, askLevel, startMonitor } from '../../device/board/gpiod-tools.ts';
import { createGpiodDouble, type GpiodDouble } from '../../simulators/board/gpiod-double.ts';
import { describeWithPeers } from '../peers.ts';
import { startDeviceProcess, startGatewayPeer, until } from './device-harness.ts';

/** The built device program on a machine's own pins, with a stand-in for libgpiod's tools on PATH. */
const patience = { timeout: 120_000 };
const path = process.env['PATH'] ?? '';
let folder: string;
let chip: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kadoru-linux-'));
  chip = join(folder, 'gpiochip0');
  await writeFile(chip, '');
});
afterAll(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true });
});

const config = (mqttUrl: string, board: object) => ({
  site: 'keihin',
  device: 'pi-1',
  data: './data',
  clock: { trust: 'system' },
  mqtt: { url: mqttUrl },
  boards: [{ id: 'pi', kind: 'linux', ...board }],
  meters: [
    {
      id: 'pv-1',
      kind: 'pulses',
      quantity: 'generated',
      board: 'pi',
      pin: 17,
      pulsesPerKwh: 1000,
      sampleSeconds: 0.5,
    },
  ],
});

function emit(gpiod: GpiodDouble, pulses: number): void {
  const fromMs = Number(process.hrtime.bigint()) / 1e6 - 100 * pulses;
  for (let pulse = 0; pulse < pulses; pulse += 1) {
    gpiod.edge(17, 0, fromMs + 100 * pulse);
    gpiod.edge(17, 1, fromMs + 100 * pulse + 40);
  }
}

test.each([1, 2] as const)(
  'libgpiod %i: every pulse is counted, a dead gpiomon is a gap and not an invention, and none outlives the program',
  patience,
  async (version) => {
    const gpiod = await createGpiodDouble(join(folder, `v${version}`), version, [17]);
    process.env['PATH'] = `${gpiod.bin}:${path}`;
    const gateway = await startGatewayPeer('keihin', 'pi-1');
    const device = await startDeviceProcess(config(gateway.url, { chip }));
    const reading = () => gateway.frames.at(-1)?.readings['pv-1/generated'];
    const reads = (what: string, value: number | null, quality: string) =>
      until(what, () => {
        const now = reading();
        return now?.value === value && (now.quality ?? 'good') === quality ? true : undefined;
      });
    await until('a watched pin', () => (reading()?.value === 0 ? true : undefined));
    emit(gpiod, 50);
    await reads('50 pulses', 50, 'good');
    gpiod.kill(17);
    await reads('the gap', null, 'bad');
    await until('a new gpiomon', () => (reading()?.value === 50 ? true : undefined));
    const after = gateway.frames.findLast(
      ({ readings }) => readings['pv-1/generated']?.value === null,
    );
    const first = gateway.frames.find(({ seq }) => seq === (after?.seq ?? 0) + 1);
    expect(first?.readings['pv-1/generated']).toMatchObject({
      value: 50,
      quality: 'uncertain',
      why: 'no-data',
    });
    emit(gpiod, 7);
    await reads('7 more', 57, 'good');
    expect(gpiod.pid(17)).toBeDefined();
    await device.end('SIGKILL');
    await until('no gpiomon', () => (gpiod.pid(17) === undefined ? true : undefined));
    await gateway.stop();
    gpiod.close();
  },
);

test(
  'what the machine lacks is a mistake at the start, with path, value and way out',
  patience,
  async () => {
    const wrong = { i2c: 97, chip: join(folder, 'gpiochip9') };
    const device = await startDeviceProcess(config('mqtt://127.0.0.1:1', wrong));
    await until('its end', () => device.child.exitCode ?? undefined);
    expect(device.child.exitCode).toBe(2);
    const said = device.log.join('\n');
    expect(said).toMatch(/boards\[0\]\.i2c: there is no \/dev\/i2c-97: .*; found \/dev\/i2c-97/);
    expect(said).toMatch(
      /boards\[0\]\.chip: there is no .*gpiochip9: gpiodetect .*; found .*gpiochip9/,
    );
  },
);

describeWithPeers('libgpiod’s own tools', ['gpiod'], () => {
  test('they take our command lines: it is the chip that they miss', patience, async () => {
    process.env['PATH'] = path;
    const major = await askGpiodVersion();
    const watched = { pin: 17, pull: 'up' } as const;
    await expect(askLevel(major, '/dev/gpiochip97', watched)).rejects.toThrow(
      /no such file|cannot find/i,
    );
    const said: string[] = [];
    const monitor = startMonitor(major, '/dev/gpiochip97', watched, (line) => said.push(line));
    expect(await monitor.ended).toMatch(/no such file|cannot find/i);
    expect(said).toEqual([]);
  });
});
