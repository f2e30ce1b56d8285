import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../clock.ts';
import { parseScenario } from '../scenarios/scenario.ts';
import { openSnapshotBook } from '../world/snapshot.ts';
import { runPlant } from './run.ts';

const patience = { timeout: 60_000 };
const truthSchema = z.object({
  pressureMpa: z.number(),
  hydrogenKg: z.number(),
  pulsesEmitted: z.int(),
  worldMs: z.int(),
  tapMpa: z.number(),
  line: z.string(),
  exchanges: z.int(),
  closedCylinders: z.int(),
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kadoru-plant-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function begin(yaml = '') {
  const scenario = { ...parseScenario(yaml, 'test'), data: join(folder, 'world') };
  const commands = new PassThrough();
  const said: { event: string; detail: Readonly<Record<string, unknown>> }[] = [];
  const heard = new PassThrough();
  const asked = new AbortController();
  const ended = runPlant(scenario, {
    clock: systemClock,
    commands,
    signal: asked.signal,
    say: (event, detail) => {
      said.push({ event, detail });
      heard.emit('said');
    },
  });
  const find = (event: string, command?: string) =>
    said.find((one) => one.event === event && one.detail['command'] === command)?.detail;
  const until = async (event: string, command?: string) => {
    for (;;) {
      const detail = find(event, command);
      if (detail !== undefined) return detail;
      await Promise.race([once(heard, 'said'), ended]);
    }
  };
  const ask = async (command: string) => {
    commands.write(`${command}\n`);
    return truthSchema.parse((await until('done', command))['truth']);
  };
  const port = async (): Promise<number> => {
    const address = z.string().parse((await until('listening'))['port']);
    return Number(new URL(address).port);
  };
  return { commands, said, ended, asked, until, ask, port };
}

test(
  'it serves the real firmware, carries out commands and ends with its input',
  patience,
  async () => {
    const { commands, ended, until, ask, port } = begin();
    const socket = connect(await port(), '127.0.0.1');
    const [bytes]: unknown[] = await once(socket, 'data');
    // StandardFirmata reports its protocol version by itself after a reset: 0xF9, 2, 5.
    expect(bytes).toEqual(expect.objectContaining({ 0: 0xf9 }));

    const set = await ask('set pressure 12.3');
    expect(set.pressureMpa).toBeCloseTo(12.3, 9);
    const before = await ask('truth');
    const after = await ask('pulses 5');
    expect(after.pulsesEmitted - before.pulsesEmitted).toBeGreaterThanOrEqual(5);

    commands.write('dance\n');
    expect((await until('refused', 'dance'))['why']).toContain('is no command');

    await ask('unplug');
    await once(socket, 'close');
    await ask('replug');
    const again = connect(await port(), '127.0.0.1');
    await once(again, 'data');
    commands.end();
    await ended;
    expect(again.destroyed || (await once(again, 'close'))).toBeTruthy();
  },
);

test('a plant that is started again goes on where the last one stopped', patience, async () => {
  const one = begin();
  await one.until('listening');
  const { hydrogenKg } = await one.ask('set pressure 9');
  one.commands.write('stop\n');
  await one.ended;
  expect((await openSnapshotBook(join(folder, 'world')).load()).snapshots.length).toBeGreaterThan(
    0,
  );

  const two = begin();
  await two.until('listening');
  const resumed = await two.ask('truth');
  expect(resumed.hydrogenKg).toBeCloseTo(hydrogenKg, 12);
  two.asked.abort();
  await two.ended;
});

test('a thermometer is shown where Linux would show it, and its faults too', patience, async () => {
  const directory = join(folder, 'w1');
  const { asked, ended, ask, until } = begin(`thermometer: { directory: "${directory}" }`);
  await until('listening');
  const file = join(directory, '28-0000001', 'temperature');
  const shows = async (wanted: (text: string | undefined) => boolean): Promise<void> => {
    for (;;) {
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (wanted(text)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await shows((text) => text !== undefined && Math.abs(Number(text)) < 45_000);
  await ask('thermometer power-up');
  await shows((text) => text === '85000\n');
  await ask('thermometer missing');
  await shows((text) => text === undefined);
  await ask('thermometer present');
  await shows((text) => text !== undefined);
  asked.abort();
  await ended;
});

test(
  'a pack can be isolated, swapped and have valves closed while the device watches',
  patience,
  async () => {
    const { asked, ended, ask, until, commands } = begin('speed: 60');
    await until('listening');
    await ask('set pressure 9');
    expect((await ask('isolate')).line).toBe('vented');
    const swapped = await ask('swap 12');
    expect(swapped).toMatchObject({ line: 'open', exchanges: 1 });
    expect(swapped.pressureMpa).toBeCloseTo(12, 6);
    expect((await ask('close 3')).closedCylinders).toBe(3);
    commands.write('close 27\n');
    expect((await until('failed', 'close 27'))['why']).toContain('27 of 27 open cylinders');
    commands.write('swap 1\n');
    expect((await until('failed', 'swap 1'))['why']).toContain('bring one with more');
    expect((await ask('open')).closedCylinders).toBe(0);
    // A stop in the middle of a swap opens the old pack again.
    commands.write('swap 15\n');
    asked.abort();
    await ended;
    const [newest] = (await openSnapshotBook(join(folder, 'world')).load()).snapshots.slice(-1);
    expect(newest?.state.tap.line).toBe('open');
  },
);

test('a port that is taken is an error that names it', patience, async () => {
  const first = begin();
  const port = await first.port();
  const second = begin(`listen: "tcp://127.0.0.1:${port}"`);
  await expect(second.ended).rejects.toThrow(String(port));
  const third = begin(`gridMeter: { listen: "tcp://127.0.0.1:${port}" }`);
  await expect(third.ended).rejects.toThrow(String(port));
  first.asked.abort();
  await first.ended;
});
