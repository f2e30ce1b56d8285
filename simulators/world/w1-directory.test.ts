import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ds18b20MilliC, writeW1 } from './w1-directory.ts';

const sensor = '28-0000001';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kadoru-w1-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});
const shown = async (): Promise<string> =>
  await readFile(join(folder, sensor, 'temperature'), 'utf8');

test('a sensor shows its value, its reset value or its bus error as w1_therm does, or is gone', async () => {
  await writeW1(folder, sensor, 'present', -1062);
  expect(await shown()).toBe('-1062\n');
  await writeW1(folder, sensor, 'power-up', -1062);
  expect(await shown()).toBe('85000\n');
  await writeW1(folder, sensor, 'bus-error', -1062);
  expect(await shown()).toBe('-127000\n');
  await writeW1(folder, sensor, 'missing', -1062);
  expect(await readdir(folder)).toEqual([]);
  await writeW1(folder, sensor, 'present', 20_500);
  expect(await shown()).toBe('20500\n');
});

test('a DS18B20 answers in sixteenths of a degree near the truth', () => {
  const celsius = fc.double({ min: -40, max: 80, noNaN: true });
  fc.assert(
    fc.property(celsius, fc.nat(), (truth, atMs) => {
      const milliC = ds18b20MilliC(truth, 1, atMs);
      expect(Number.isInteger(milliC)).toBe(true);
      expect(Math.abs(Math.round(milliC / 62.5) * 62.5 - milliC)).toBeLessThan(1);
      expect(Math.abs(milliC / 1000 - truth)).toBeLessThan(0.3);
    }),
  );
});
