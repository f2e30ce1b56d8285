import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { BoardConfig } from './boards.ts';
import { checkMachine, type Machine } from './machine.ts';

const pi: BoardConfig = { id: 'pi', kind: 'linux', i2c: 1, chip: '/dev/gpiochip0' };
const uno: BoardConfig = { id: 'uno', kind: 'firmata', port: '/dev/ttyACM0' };

const machine = (changes: Partial<Machine> = {}): Machine => ({
  refusal: () => Promise.resolve(undefined),
  gpiodTrouble: () => Promise.resolve(undefined),
  i2cTrouble: () => Promise.resolve(undefined),
  ...changes,
});

test('a machine that has everything, and boards that are elsewhere, give no mistakes', async () => {
  expect(await checkMachine([uno, pi], machine())).toEqual([]);
  const nothing = machine({ refusal: () => Promise.resolve({ code: 'ENOENT', group: 'x' }) });
  expect(await checkMachine([uno], nothing)).toEqual([]);
});

test('no permission names the group, with the path and the value', async () => {
  const refusing = machine({
    refusal: (path) =>
      Promise.resolve({ code: 'EACCES', group: path.includes('i2c') ? 'i2c' : 'gpio' }),
  });
  expect(await checkMachine([uno, pi], refusing)).toEqual([
    {
      path: 'boards[1].i2c',
      message: expect.stringMatching(/group i2c \(sudo usermod -aG i2c .*; found \/dev\/i2c-1$/),
    },
    {
      path: 'boards[1].chip',
      message: expect.stringMatching(/group gpio .*; found \/dev\/gpiochip0$/),
    },
  ]);
});

test('what is not there, not installed and not built is said with its command, all at once', async () => {
  const bare = machine({
    refusal: () => Promise.resolve({ code: 'ENOENT', group: '' }),
    gpiodTrouble: () => Promise.resolve('gpiomon is not installed: sudo apt-get install gpiod'),
    i2cTrouble: () => Promise.resolve('the package i2c-bus is not built'),
  });
  const messages = (await checkMachine([pi], bare)).map(
    ({ path, message }) => `${path} ${message}`,
  );
  expect(messages).toEqual([
    expect.stringMatching(/i2c there is no \/dev\/i2c-1: enable I2C/),
    expect.stringMatching(/i2c the package i2c-bus is not built/),
    expect.stringMatching(/chip there is no \/dev\/gpiochip0: gpiodetect/),
    expect.stringMatching(/chip gpiomon is not installed: sudo apt-get install gpiod/),
  ]);
});

test('the machine itself: a file that is there, one that is not, and no gpiomon on PATH', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kadoru-machine-'));
  const path = process.env['PATH'];
  onTestFinished(async () => {
    process.env['PATH'] = path;
    await rm(folder, { recursive: true });
  });
  const chip = join(folder, 'gpiochip0');
  process.env['PATH'] = folder;
  const missing = await checkMachine([{ id: 'pi', kind: 'linux', chip }]);
  expect(missing.map(({ message }) => message)).toEqual([
    expect.stringContaining('there is no'),
    expect.stringContaining('sudo apt-get install gpiod'),
  ]);
  await writeFile(chip, '');
  await writeFile(join(folder, 'gpiomon'), '#!/bin/sh\necho "gpiomon (libgpiod) v2.2.1"\n');
  await chmod(join(folder, 'gpiomon'), 0o755);
  expect(await checkMachine([{ id: 'pi', kind: 'linux', chip }])).toEqual([]);
});
