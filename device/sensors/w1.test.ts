import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../clock/manual-clock.ts';
import { parseW1, W1Thermometer } from './w1.ts';

const sensor = '28-0000001';

async function w1Folder(): Promise<{ path: string; say: (text: string) => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'kadoru-w1-'));
  await mkdir(join(path, sensor));
  return { path, say: (text) => writeFile(join(path, sensor, 'temperature'), text) };
}

test('milli-degrees become degrees; reset value, bus error and nonsense are discarded with their reason', () => {
  expect(parseW1('23437\n', undefined)).toEqual({ value: 23.437, raw: 23_437, quality: 'good' });
  expect(parseW1('-10062\n', 20_000)).toMatchObject({ value: -10.062 });
  expect(parseW1('85000\n', undefined)).toMatchObject({ value: null, why: 'no-data' });
  expect(parseW1('85000\n', 23_000)).toMatchObject({ value: null, why: 'no-data' });
  expect(parseW1('85000\n', 84_500)).toMatchObject({ value: 85, quality: 'good' });
  expect(parseW1('-127000\n', 20_000)).toMatchObject({ value: null, why: 'bus-error' });
  expect(parseW1('', 20_000)).toMatchObject({ value: null, why: 'bus-error' });
  expect(parseW1('200000', 20_000)).toMatchObject({ value: null, why: 'out-of-range' });
});

test('whatever the file says, a value is a temperature the sensor can have', () => {
  const text = fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String));
  fc.assert(
    fc.property(
      text,
      fc.option(fc.integer({ min: -55_000, max: 125_000 }), { nil: undefined }),
      (line, previous) => {
        const { value } = parseW1(line, previous);
        if (value !== null) expect(value >= -55 && value <= 125).toBe(true);
      },
    ),
  );
});

test('a thermometer that goes missing is no-data, and comes back by itself', async () => {
  const { path, say } = await w1Folder();
  const clock = new ManualClock({ wallMs: 0, trusted: true });
  const thermometer = new W1Thermometer(path, sensor, clock);
  const readLater = async (): Promise<unknown> => {
    clock.pass(10_000);
    return thermometer.read();
  };
  expect(await readLater()).toMatchObject({ value: null, why: 'no-data' });
  await say('21500\n');
  expect(await readLater()).toMatchObject({ value: 21.5 });
  await rm(join(path, sensor), { recursive: true });
  expect(await readLater()).toMatchObject({ value: null, why: 'no-data' });
  await mkdir(join(path, sensor, 'temperature'), { recursive: true });
  expect(await readLater()).toMatchObject({ value: null, why: 'bus-error' });
});

test('between two fresh readings the last one answers at once', async () => {
  const { path, say } = await w1Folder();
  const clock = new ManualClock({ wallMs: 0, trusted: true });
  const thermometer = new W1Thermometer(path, sensor, clock);
  await say('20000\n');
  expect(await thermometer.read()).toMatchObject({ value: 20 });
  await say('21000\n');
  clock.pass(1_000);
  expect(await thermometer.read()).toMatchObject({ value: 20 });
  await expect.poll(async () => (await thermometer.read()).value).toBe(21);
});
