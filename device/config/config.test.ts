import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { describeOpened } from './describe.ts';
import { ConfigError, loadConfig, parseConfig } from './load.ts';

const examples = ['device.example.yaml', 'device.linux.example.yaml'] as const;
const exampleText = (name: string): Promise<string> =>
  readFile(new URL(`../${name}`, import.meta.url), 'utf8');

function mistakes(text: string): string[] {
  try {
    parseConfig(text, 'device.yaml');
  } catch (error) {
    if (error instanceof ConfigError)
      return error.message
        .split('\n')
        .slice(1)
        .map((line) => line.trim());
    throw error;
  }
  return [];
}

const smallest = {
  site: 'keihin',
  device: 'pi-1',
  data: './data',
  mqtt: { url: 'mqtt://127.0.0.1:1883' },
  boards: [{ id: 'uno', kind: 'firmata', port: 'tcp://127.0.0.1:3030' }],
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
  meters: [
    { id: 'pv-1', quantity: 'generated', kind: 'pulses', board: 'uno', pin: 2, pulsesPerKwh: 1000 },
  ],
};

test('the sample configuration is right, is the one in the README, and says what it opens', async () => {
  const text = await exampleText(examples[0]);
  const config = parseConfig(text, examples[0]);
  expect(config.adcs[0]?.address).toBe(0x48);
  expect(config.meters[0]).toMatchObject({
    pulsesPerKwh: { pulses: 1_000, kwh: 1 },
    sampleSeconds: 60,
  });
  expect(await exampleText('README.md')).toContain(text.trimEnd());
  expect(describeOpened(config)).toContain('adc adc-1: ADS1115 at 0x48 of uno');
});

test('so is the one for a Pi without an Arduino', async () => {
  const text = await exampleText(examples[1]);
  const opened = describeOpened(parseConfig(text, examples[1]));
  expect(await exampleText('README.md')).toContain(text.trimEnd());
  expect(opened).toContain(
    "board pi: this machine's own I2C on /dev/i2c-1 and pins of /dev/gpiochip0",
  );
  expect(opened.join('\n')).toMatch(/pv-1\/generated: pulses on pin 17 of pi/);
});

test('a board of this machine is asked only for what it has, and nothing is given away twice', () => {
  const linux = (more: object) => ({ id: 'pi', kind: 'linux', ...more });
  const withBoards = (...boards: object[]): string[] =>
    mistakes(
      stringify({
        ...smallest,
        boards,
        adcs: smallest.adcs.map((adc) => ({ ...adc, board: 'pi' })),
        meters: smallest.meters.map((meter) => ({ ...meter, board: 'pi' })),
      }),
    );
  expect(withBoards(linux({ i2c: 1, chip: '/dev/gpiochip0' }))).toEqual([]);
  expect(withBoards(linux({ i2c: 1 }))).toEqual([
    'meters[0].board: board "pi" has no "chip" in its configuration',
  ]);
  expect(withBoards(linux({ chip: '/dev/gpiochip0' }))).toEqual([
    'adcs[0].board: board "pi" has no "i2c" in its configuration',
  ]);
  expect(withBoards(linux({}))).toContainEqual('boards[0]: needs i2c or chip, or both');
  expect(withBoards(linux({ i2c: '/dev/i2c', chip: 'gpiochip0', port: '/dev/ttyACM0' }))).toEqual([
    expect.stringMatching(
      /^boards\[0\]\.i2c: must be an I2C bus such as \/dev\/i2c-1.*"\/dev\/i2c"/,
    ),
    expect.stringMatching(/^boards\[0\]\.chip: must be a GPIO chip such as .*"gpiochip0"/),
    expect.stringMatching(/^boards\[0\]: .*port/),
  ]);
  const twice = linux({ i2c: '/dev/i2c-1', chip: '/dev/gpiochip0' });
  expect(withBoards(twice, { ...twice, id: 'pi-2', i2c: 1 })).toEqual([
    'boards[1].chip: GPIO chip /dev/gpiochip0 is already used by boards[0].chip',
    'boards[1].i2c: I2C bus 1 is already used by boards[0].i2c',
  ]);
});

test('what is left out has a default', () => {
  const config = parseConfig(stringify(smallest), 'device.yaml');
  expect(config.clock).toEqual({ trust: 'timesync', waitSeconds: 120 });
  expect(config.packs[0]).toMatchObject({ sampleSeconds: 1, pressure: { fullScaleVolts: 4.096 } });
  expect(config.w1.path).toBe('/sys/bus/w1/devices');
});

test('all mistakes are reported at once, with path, value and way out', () => {
  const wrong = {
    ...smallest,
    site: 'Keihin',
    device: 'manual',
    colour: 'blue',
    boards: [...smallest.boards, { id: 'uno', kind: 'firmata', port: 'COM3' }],
    adcs: [{ id: 'adc-1', kind: 'ads1115', board: 'due', address: 0x20 }],
    meters: [
      ...smallest.meters,
      {
        id: 'pack-1',
        quantity: 'pressure',
        kind: 'pulses',
        board: 'uno',
        pin: 2,
        pulsesPerKwh: '0',
      },
    ],
  };
  const found = mistakes(stringify(wrong));
  for (const expected of [
    /^site: .*"Keihin"/,
    /^device: .*reserved/,
    /\(whole file\): .*colour/,
    /^boards\[1\]\.port: .*scan.*"COM3"/,
    /^boards\[1\]\.id: board id uno is already used by boards\[0\]\.id/,
    /^adcs\[0\]\.address: .*0x4b; found 32/,
    /^adcs\[0\]\.board: "due" is no configured board; known: uno uno/,
    /^meters\[1\]\.quantity: .*generated.*"pressure"/,
    /^meters\[1\]\.pulsesPerKwh: .*above 0.*"0"/,
    /^meters\[1\]\.id: id pack-1 is already used by packs\[0\]\.id/,
    /^meters\[1\]\.pin: pin uno 2 is already used by meters\[0\]\.pin/,
  ])
    expect(found, String(expected)).toContainEqual(expect.stringMatching(expected));
  expect(found).toHaveLength(11);
});

test('one converter channel, one chip address and one thermometer serve one purpose', () => {
  const pressure = smallest.packs[0]?.pressure;
  const found = mistakes(
    stringify({
      ...smallest,
      adcs: [...smallest.adcs, { id: 'adc-2', kind: 'ads1115', board: 'uno', address: 0x48 }],
      packs: [
        { id: 'a', pressure, temperature: { kind: 'w1', sensor: '28-01', placement: 'wall' } },
        { id: 'b', pressure, temperature: { kind: 'w1', sensor: '28-01', placement: 'wall' } },
        { id: 'c', pressure: { ...pressure, adc: 'adc-9' } },
      ],
    }),
  );
  expect(found).toHaveLength(4);
  expect(found.join('\n')).toMatch(
    /address uno 0x48[^]*no configured adc[^]*channel adc-1 0[^]*w1 sensor 28-01|adc-9/,
  );
});

test('an empty pack and a password in the broker address are refused', () => {
  const found = mistakes(
    stringify({
      ...smallest,
      mqtt: { url: 'mqtt://a:secret@127.0.0.1' },
      packs: [{ id: 'pack-1' }],
    }),
  );
  expect(found).toEqual([
    expect.stringMatching(/^mqtt\.url: .*passwordFile.*\.\.\.@127/),
    expect.stringMatching(/^packs\[0\]: .*pressure or temperature/),
  ]);
});

test('a file that is no YAML, or no configuration, or not there, is a mistake and not a crash', async () => {
  expect(mistakes('site: [')).not.toEqual([]);
  expect(mistakes('')).not.toEqual([]);
  expect(mistakes('[]')).not.toEqual([]);
  expect(mistakes(stringify({ ...smallest, packs: [], meters: [] }))).toEqual([
    expect.stringContaining('nothing to measure'),
  ]);
  await expect(loadConfig('/nowhere/device.yaml')).rejects.toThrow(ConfigError);
});

test('whatever is written into a configuration, the answer is a configuration or a list of mistakes', () => {
  const keys = fc.constantFrom(...Object.keys(smallest));
  fc.assert(
    fc.property(keys, fc.jsonValue(), (key, value) => {
      const found = mistakes(stringify({ ...smallest, [key]: value }));
      expect(found.every((line) => line.includes(': '))).toBe(true);
    }),
  );
});

test('relative paths are relative to the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kadoru-config-'));
  const file = join(folder, 'device.yaml');
  await writeFile(
    file,
    stringify({ ...smallest, mqtt: { ...smallest.mqtt, caFile: 'ca.pem' }, w1: { path: 'w1' } }),
  );
  const config = await loadConfig(file);
  expect(config).toMatchObject({ data: join(folder, 'data'), w1: { path: join(folder, 'w1') } });
  expect(config.mqtt.caFile).toBe(join(folder, 'ca.pem'));
});
