import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type EchonetNode, serveEchonetNode } from '../../../simulators/meters/echonet/node.ts';
import {
  fuelCellObject,
  pvObject,
  type SimulatedObject,
  smartMeterObject,
} from '../../../simulators/meters/echonet/objects.ts';
import type { QuantityName } from '#device/contract';
import type { ObjectName } from './objects.ts';
import { address, meterWith } from './testing-meter.ts';
import { freeUdpPort, startController } from './testing-network.ts';

const plate = { maker: 0x77, product: 'MODEL-1', serial: 'A-1' };
const pvValues = { powerW: 1_500, generatedWh: 1_000, exportedWh: 400 };

/** A node with these objects, and a meter that reads the first instance of a class of it. */
async function meterOn(
  objects: readonly SimulatedObject[],
  name: ObjectName,
  options: {
    quantities?: QuantityName[];
    sampleIntervalMs?: number;
    answerTimeoutMs?: number;
  } = {},
) {
  const port = await freeUdpPort();
  const node = await serveEchonetNode({ address, port, objects });
  onTestFinished(() => node.close());
  const { answerTimeoutMs = 1_000 } = options;
  const controller = await startController(port, { answerTimeoutMs, retries: 1 });
  return { node, controller, ...meterWith(controller, name, options) };
}

/** Samples until the readings are so. */
async function until(sample: () => Promise<object>, wanted: object): Promise<void> {
  await vi.waitFor(async () => expect(await sample()).toMatchObject(wanted), { timeout: 30_000 });
}

test('a PV node: registers in Wh, power, and who it is', async () => {
  const { sample, details, identityChanged } = await meterOn(
    [pvObject(1, plate, () => pvValues)],
    'pv',
  );
  expect(await sample()).toEqual({
    'm-1/power': { value: 1_500, quality: 'good' },
    'm-1/generated': { value: 1_000, raw: 1_000, quality: 'good' },
    'm-1/exported': { value: 400, raw: 400, quality: 'good' },
  });
  expect(details()['m-1/generated']).toEqual({
    sensor: 'echonet',
    object: 'pv',
    instance: 1,
    address,
    maker: '000077',
    model: 'MODEL-1',
    serial: 'A-1',
    wrapAt: 1_000_000_000,
  });
  expect(details()['m-1/power']).not.toHaveProperty('wrapAt');
  await sample();
  expect(identityChanged).toHaveBeenCalledTimes(1);
});

test('a fuel cell: gas in dm3 beside the energy', async () => {
  const values = { powerW: 700, generatedWh: 5_000, gasDm3: 1_234, gasDm3PerH: 160 };
  const { sample } = await meterOn([fuelCellObject(1, plate, () => values)], 'fuel-cell');
  expect(await sample()).toMatchObject({
    'm-1/power': { value: 700 },
    'm-1/generated': { value: 5_000 },
    'm-1/gas': { value: 1_234 },
  });
});

test('a smart meter: coefficient and unit in the value, digits in wrapAt, export as negative power', async () => {
  const counting = { coefficient: 1, unitCode: 0x01, unitWh: 100, digits: 6 };
  const values = { powerW: -350, importedWh: 12_345_678, exportedWh: 99_999 };
  const object = smartMeterObject(1, plate, counting, () => values);
  const { sample, details } = await meterOn([object], 'smart-meter');
  expect(await sample()).toMatchObject({
    'm-1/power': { value: -350 },
    'm-1/imported': { value: 12_345_600, raw: 123_456 },
    'm-1/exported': { value: 99_900, raw: 999 },
  });
  expect(details()['m-1/imported']).toMatchObject({ wrapAt: 100_000_000, serial: 'A-1' });
});

test('what a node does not have is left out, unless it was asked for: then it is said', async () => {
  const bare = () => pvObject(1, plate, () => ({ powerW: 1, generatedWh: 2 }));
  const whatever = await meterOn([bare()], 'pv');
  expect(Object.keys(await whatever.sample())).toEqual(['m-1/power', 'm-1/generated']);
  const asked = await meterOn([bare()], 'pv', { quantities: ['generated', 'exported'] });
  expect(await asked.sample()).toMatchObject({
    'm-1/generated': { value: 2 },
    'm-1/exported': { value: null, why: 'no-data' },
  });
  expect(asked.log).toContainEqual(
    expect.objectContaining({
      level: 'error',
      fields: { meter: 'm-1', quantity: 'exported', property: '0xE3' },
    }),
  );
});

test('a partial answer is used property by property, and a no-data code is null', async () => {
  const object = pvObject(1, plate, () => pvValues);
  const { node, sample } = await meterOn([object], 'pv');
  await sample();
  node.setManner({ kind: 'partial', without: [0xe1] });
  expect(await sample()).toMatchObject({
    'm-1/power': { value: 1_500, quality: 'good' },
    'm-1/generated': { value: null, why: 'no-data' },
    'm-1/exported': { value: 400, quality: 'good' },
  });
  node.setManner({ kind: 'answer' });
  object.setNoData(true);
  expect(await sample()).toMatchObject({
    'm-1/power': { value: 1_500, quality: 'good' },
    'm-1/generated': { value: null, raw: 0xffff_fffe, why: 'no-data' },
  });
});

test('a silent node is bus-error after its retries, and itself again when it answers', async () => {
  const { node, sample, log } = await meterOn([pvObject(1, plate, () => pvValues)], 'pv', {
    answerTimeoutMs: 200,
  });
  await sample();
  node.setManner({ kind: 'silence' });
  await until(sample, { 'm-1/generated': { value: null, why: 'bus-error' } });
  node.setManner({ kind: 'answer' });
  await until(sample, { 'm-1/generated': { value: 1_000, quality: 'good' } });
  const messages = log.map(({ message }) => message);
  expect(messages.filter((message) => message === 'node is silent')).toHaveLength(1);
  expect(messages).toContain('node answers again');
});

test('garbage is no answer', async () => {
  const { node, sample } = await meterOn([pvObject(1, plate, () => pvValues)], 'pv', {
    answerTimeoutMs: 200,
  });
  node.setManner({ kind: 'garbage', seed: 11 });
  await until(sample, { 'm-1/generated': { value: null, why: 'bus-error' } });
});

test('an answer that comes after its frame goes with the next one, uncertain, and only once', async () => {
  const { node, sample } = await meterOn([pvObject(1, plate, () => pvValues)], 'pv', {
    answerTimeoutMs: 60_000,
    sampleIntervalMs: 500,
  });
  await until(sample, { 'm-1/generated': { quality: 'good' } });
  node.setManner({ kind: 'late', byMs: 1_200 });
  expect(await sample()).toMatchObject({ 'm-1/generated': { value: null, why: 'no-data' } });
  // It answers what it was asked, and nothing after.
  const { asked } = node;
  node.setManner({ kind: 'silence' });
  await sleep(3_000);
  expect(await sample()).toMatchObject({
    'm-1/generated': { value: 1_000, quality: 'uncertain', why: 'stale' },
  });
  expect(await sample()).toMatchObject({ 'm-1/generated': { value: null, why: 'no-data' } });
  expect(node.asked).toBe(asked + 1);
});

test('another serial is said, and no register of the new meter passes as one of the old', async () => {
  const object = pvObject(1, plate, () => pvValues);
  const { sample, details, log, identityChanged } = await meterOn([object], 'pv');
  await sample();
  object.befall({ kind: 'swap', startsAt: 3 }, 'B-2');
  expect(await sample()).toMatchObject({ 'm-1/generated': { value: 3, quality: 'good' } });
  expect(details()['m-1/generated']).toMatchObject({ serial: 'B-2' });
  expect(identityChanged).toHaveBeenCalledTimes(2);
  expect(log).toContainEqual({
    level: 'warn',
    message: expect.stringContaining('another meter'),
    fields: expect.objectContaining({ meter: 'm-1', serial: 'B-2', before: 'A-1' }),
  });
});

test('what the old meter said late does not pass as the new one’s', async () => {
  const object = pvObject(1, plate, () => pvValues);
  const { node, sample } = await meterOn([object], 'pv');
  await sample();
  node.announce(0x027901, [0xe3], '127.0.0.1');
  await vi.waitFor(() => expect(node.confirmed).toBe(1));
  object.befall({ kind: 'swap', startsAt: 3 }, 'B-2');
  node.setManner({ kind: 'partial', without: [0xe3] });
  expect(await sample()).toMatchObject({
    'm-1/generated': { value: 3, quality: 'good' },
    'm-1/exported': { value: null, why: 'no-data' },
  });
});

test('wraps, resets, wake-up zeros and jitter pass as they are: what they mean is for the accounting', async () => {
  const values = { ...pvValues };
  const object = pvObject(1, plate, () => values);
  const { sample } = await meterOn([object], 'pv');
  const generated = async () => (await sample())['m-1/generated']?.value;
  object.befall({ kind: 'wrap', below: 2 });
  expect(await generated()).toBe(999_999_998);
  values.generatedWh += 5;
  expect(await generated()).toBe(3);
  object.befall({ kind: 'wake-up', zeros: 1 });
  expect([await generated(), await generated()]).toEqual([0, 3]);
  object.befall({ kind: 'reset' });
  expect(await generated()).toBe(0);
});

test('a reading at or above the wrap value is out of range, and said once', async () => {
  const counting = { coefficient: 1, unitCode: 0x03, unitWh: 1, digits: 4 };
  const values = { powerW: 0, importedWh: 5, exportedWh: 5 };
  const real = smartMeterObject(1, plate, counting, () => values);
  // A register wider than the digits it states.
  const lying = (code: number) =>
    code === 0xe0 ? Uint8Array.from([0, 0, 0x27, 0x10]) : real.read(code);
  const { sample, log } = await meterOn([{ ...real, read: lying }], 'smart-meter');
  for (let turn = 0; turn < 3; turn += 1)
    expect(await sample()).toMatchObject({
      'm-1/imported': { value: null, raw: 10_000, why: 'out-of-range' },
      'm-1/exported': { value: 5, quality: 'good' },
    });
  expect(log.filter(({ level }) => level === 'error')).toHaveLength(1);
});

test('an announced value counts like an answer; a node that starts anew is met anew', async () => {
  const values = { ...pvValues };
  const object = pvObject(1, plate, () => values);
  const { node, sample, log, clock } = await meterOn([object], 'pv', { answerTimeoutMs: 200 });
  await sample();
  node.setManner({ kind: 'silence' });
  values.generatedWh = 2_000;
  const announce = (): void => node.announce(0x027901, [0xe1], '127.0.0.1');
  announce();
  await vi.waitFor(() => expect(node.confirmed).toBe(1));
  expect(await sample()).toMatchObject({
    'm-1/generated': { value: 2_000, quality: 'uncertain', why: 'stale' },
    'm-1/power': { value: null, why: 'bus-error' },
  });
  // The silence made it a stranger: what a stranger announces is not taken.
  announce();
  await vi.waitFor(() => expect(node.confirmed).toBe(2));
  expect(await sample()).toMatchObject({ 'm-1/generated': { value: null } });
  node.setManner({ kind: 'answer' });
  await until(sample, { 'm-1/generated': { value: 2_000, quality: 'good' } });
  announce();
  await vi.waitFor(() => expect(node.confirmed).toBe(3));
  clock.pass(121_000);
  node.setManner({ kind: 'silence' });
  expect(await sample()).toMatchObject({ 'm-1/generated': { value: null, why: 'bus-error' } });
  node.setManner({ kind: 'answer' });
  await until(sample, { 'm-1/generated': { quality: 'good' } });
  const met = () => log.filter(({ message }) => message === 'meter found').length;
  const before = met();
  node.announce(0x0ef001, [0xd5], '127.0.0.1');
  await vi.waitFor(() => expect(node.confirmed).toBe(4));
  await sample();
  expect(met()).toBe(before + 1);
});

test('a silent node never delays a meter on another node', async () => {
  const port = await freeUdpPort();
  const nodes: EchonetNode[] = [];
  for (const at of ['127.0.0.22', address])
    nodes.push(
      await serveEchonetNode({ address: at, port, objects: [pvObject(1, plate, () => pvValues)] }),
    );
  onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.close()))));
  nodes[0]?.setManner({ kind: 'silence' });
  const controller = await startController(port, { answerTimeoutMs: 60_000 });
  void controller.get('127.0.0.22', 0x027901, [0xe1]);
  const { sample } = meterWith(controller, 'pv');
  for (let turn = 0; turn < 5; turn += 1)
    expect(await sample()).toMatchObject({ 'm-1/generated': { value: 1_000, quality: 'good' } });
});
