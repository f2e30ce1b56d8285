import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  type EchonetNode,
  type NodeOptions,
  serveEchonetNode,
} from '../../../simulators/meters/echonet/node.ts';
import {
  fuelCellObject,
  pvObject,
  type SimulatedObject,
} from '../../../simulators/meters/echonet/objects.ts';
import type { Announcement } from './controller.ts';
import { unsigned } from './frame.ts';
import { freeUdpPort, startController } from './testing-network.ts';

const pv = 0x027901;
const nameplate = { maker: 0x77, product: 'PV-5', serial: 'A-1' };
const aPv = (): SimulatedObject =>
  pvObject(1, nameplate, () => ({ powerW: 1_500, generatedWh: 1_234_567 }));
const aFuelCell = (): SimulatedObject =>
  fuelCellObject(1, nameplate, () => ({
    powerW: 700,
    generatedWh: 9,
    gasDm3: 8,
    gasDm3PerH: 150,
  }));

async function node(options: NodeOptions): Promise<EchonetNode> {
  const served = await serveEchonetNode(options);
  onTestFinished(() => served.close());
  return served;
}

async function valueOf(asked: ReturnType<EchonetControllerGet>, code: number) {
  const answer = await asked;
  const edt = answer.kind === 'answered' ? answer.properties.get(code) : undefined;
  return edt === undefined ? answer.kind : unsigned(edt);
}
type EchonetControllerGet = Awaited<ReturnType<typeof startController>>['get'];

test('it asks and is answered; what the node has not is left out of the answer', async () => {
  const port = await freeUdpPort();
  await node({ address: '127.0.0.11', port, objects: [aPv()] });
  const controller = await startController(port);
  const answer = await controller.get('127.0.0.11', pv, [0xe0, 0xe1, 0xe3]);
  if (answer.kind !== 'answered') throw new Error('silent');
  expect([...answer.properties.keys()]).toEqual([0xe0, 0xe1]);
  expect(unsigned(answer.properties.get(0xe1) ?? new Uint8Array())).toBe(1_234_567);
  expect(controller.unused).toEqual({ malformed: 0, unexpected: 0, crowded: 0 });
});

test('a silent node is silent after its retries, and holds up nobody else', async () => {
  const port = await freeUdpPort();
  const silent = await node({ address: '127.0.0.12', port, objects: [aPv()] });
  await node({ address: '127.0.0.11', port, objects: [aPv()] });
  silent.setManner({ kind: 'silence' });
  const controller = await startController(port, { answerTimeoutMs: 1_500 });
  const over = vi.fn<() => void>();
  const asked = controller.get('127.0.0.12', pv, [0xe1]).finally(over);
  for (let turn = 0; turn < 20; turn += 1)
    expect(await valueOf(controller.get('127.0.0.11', pv, [0xe1]), 0xe1)).toBe(1_234_567);
  expect(over).not.toHaveBeenCalled();
  expect(await asked).toEqual({ kind: 'silent' });
  expect(silent.asked).toBe(3);
});

test('an object that the node is not, and an address where nobody is, are silent', async () => {
  const port = await freeUdpPort();
  await node({ address: '127.0.0.11', port, objects: [aPv()] });
  const controller = await startController(port, { answerTimeoutMs: 50 });
  expect(await controller.get('127.0.0.11', 0x027c01, [0xc5])).toEqual({ kind: 'silent' });
  expect(await controller.get('127.0.0.99', pv, [0xe1])).toEqual({ kind: 'silent' });
});

test('requests to one node go out one after the other, whatever their number', async () => {
  const port = await freeUdpPort();
  const slow = await node({ address: '127.0.0.11', port, objects: [aPv(), aFuelCell()] });
  slow.setManner({ kind: 'late', byMs: 30 });
  const controller = await startController(port, { answerTimeoutMs: 5_000 });
  const asked = Array.from({ length: 8 }, (_, turn) =>
    turn % 2 === 0
      ? valueOf(controller.get('127.0.0.11', pv, [0xe1]), 0xe1)
      : valueOf(controller.get('127.0.0.11', 0x027c01, [0xc5]), 0xc5),
  );
  await asked[0];
  expect(slow.asked).toBeLessThanOrEqual(2);
  expect(await Promise.all(asked)).toEqual([
    1_234_567, 9, 1_234_567, 9, 1_234_567, 9, 1_234_567, 9,
  ]);
});

test('a question without properties is not asked', async () => {
  const controller = await startController(await freeUdpPort());
  const answer = await controller.get('127.0.0.98', pv, []);
  expect(answer).toEqual({ kind: 'answered', properties: new Map() });
});

test('more requests than a queue holds are silent at once', async () => {
  const port = await freeUdpPort();
  const controller = await startController(port, { answerTimeoutMs: 60_000 });
  const over = vi.fn<() => void>();
  for (let turn = 0; turn < 66; turn += 1)
    void controller.get('127.0.0.98', pv, [0xe1]).finally(over);
  await vi.waitFor(() => expect(over).toHaveBeenCalledTimes(1));
  controller.stop();
  await vi.waitFor(() => expect(over).toHaveBeenCalledTimes(66));
});

test('a late answer is the answer to its own request, or nobody’s', async () => {
  const port = await freeUdpPort();
  const values = { powerW: 0, generatedWh: 111 };
  const object = pvObject(1, nameplate, () => values);
  const late = await node({ address: '127.0.0.11', port, objects: [object] });
  const controller = await startController(port, { answerTimeoutMs: 1_000, retries: 1 });
  // Within the retries it is taken: it was asked for.
  late.setManner({ kind: 'late', byMs: 1_400 });
  expect(await valueOf(controller.get('127.0.0.11', pv, [0xe1]), 0xe1)).toBe(111);
  // After them it is not: the next request gets its own answer, not this one.
  late.setManner({ kind: 'late', byMs: 2_600 });
  expect(await controller.get('127.0.0.11', pv, [0xe0])).toEqual({ kind: 'silent' });
  late.setManner({ kind: 'late', byMs: 850 });
  values.generatedWh = 222;
  expect(await valueOf(controller.get('127.0.0.11', pv, [0xe1]), 0xe1)).toBe(222);
  await vi.waitFor(() => expect(controller.unused.unexpected).toBeGreaterThanOrEqual(1));
});

test('garbage and forged answers are counted, never taken', async () => {
  const port = await freeUdpPort();
  const babbling = await node({ address: '127.0.0.11', port, objects: [aPv()] });
  babbling.setManner({ kind: 'garbage', seed: 5 });
  const controller = await startController(port, { answerTimeoutMs: 1_000 });
  expect(await controller.get('127.0.0.11', pv, [0xe1])).toEqual({ kind: 'silent' });
  expect(controller.unused.malformed).toBeGreaterThan(0);
  // Many transaction numbers, from an address that was not asked, while a request waits.
  babbling.setManner({ kind: 'late', byMs: 700 });
  const forger = createSocket('udp4');
  forger.bind(0, '127.0.0.66');
  await once(forger, 'listening');
  onTestFinished(() => void forger.close());
  const asked = valueOf(controller.get('127.0.0.11', pv, [0xe1]), 0xe1);
  for (let tid = 0; tid < 65_536; tid += 64) {
    const head = `1081${tid.toString(16).padStart(4, '0')}02790105ff017201e10400000001`;
    forger.send(Buffer.from(head, 'hex'), port, '127.0.0.1');
  }
  expect(await asked).toBe(1_234_567);
  await vi.waitFor(() => expect(controller.unused.unexpected).toBeGreaterThan(0));
});

test('announcements are heard, and confirmed where the node wants it', async () => {
  const port = await freeUdpPort();
  const controller = await startController(port);
  const heard: Announcement[] = [];
  controller.onAnnouncement((announcement) => heard.push(announcement));
  const telling = await node({ address: '127.0.0.11', port, objects: [aPv()] });
  // It tells what it holds when it starts.
  await vi.waitFor(() => expect(controller.directory.holding(pv)).toEqual(['127.0.0.11']));
  telling.announce(pv, [0xe1], '127.0.0.1');
  await vi.waitFor(() => expect(telling.confirmed).toBe(1));
  expect(heard.at(-1)).toMatchObject({
    address: '127.0.0.11',
    object: pv,
    properties: [{ epc: 0xe1 }],
  });
});

test('nodes are found over multicast', async () => {
  const port = await freeUdpPort();
  await node({ address: '127.0.0.11', port, objects: [aPv()] });
  await node({ address: '127.0.0.12', port, objects: [aPv(), aFuelCell()] });
  const controller = await startController(port);
  await Promise.all([controller.search(), controller.search()]);
  expect(controller.directory.holding(pv)).toEqual(['127.0.0.11', '127.0.0.12']);
  expect(controller.directory.holding(0x027c01)).toEqual(['127.0.0.12']);
  expect(controller.directory.holding(0x027902)).toEqual([]);
});

test('bound to every address, one socket asks, searches and hears', async () => {
  const port = await freeUdpPort();
  const controller = await startController(port, { bind: '0.0.0.0', interface: '127.0.0.1' });
  const heard: Announcement[] = [];
  controller.onAnnouncement((announcement) => heard.push(announcement));
  const telling = await node({ address: '127.0.0.11', port, objects: [aPv()] });
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  expect(await valueOf(controller.get('127.0.0.11', pv, [0xe1]), 0xe1)).toBe(1_234_567);
  controller.directory.forget('127.0.0.11');
  await controller.search();
  expect(controller.directory.holding(pv)).toEqual(['127.0.0.11']);
  telling.announce(pv, [0xe0]);
  await vi.waitFor(() => expect(heard.at(-1)?.object).toBe(pv));
});

test('the number of nodes it remembers is bounded', async () => {
  const port = await freeUdpPort();
  const controller = await startController(port);
  const [list, none] = [Uint8Array.from([1, 2, 0x79, 1]), Uint8Array.from([9, 9])];
  for (let number = 0; number < 300; number += 1)
    controller.directory.learn(`10.0.${number >> 8}.${number & 255}`, 0x0ef001, [
      { epc: 0xd5, edt: list },
    ]);
  expect(controller.directory.entries()).toHaveLength(256);
  expect(controller.directory.refused).toBe(44);
  expect(controller.directory.learn('10.0.0.1', 0x0ef001, [{ epc: 0xd5, edt: none }])).toBe(false);
  expect(controller.directory.holding(pv)).toHaveLength(256);
});

test('an address that is not there yet is tried again until it can be used', async () => {
  const port = await freeUdpPort();
  // Without reuse the port belongs to somebody else.
  const occupant = createSocket({ type: 'udp4', reuseAddr: false });
  occupant.bind(port, '127.0.0.1');
  await once(occupant, 'listening');
  await node({ address: '127.0.0.11', port, objects: [aPv()] });
  const controller = await startController(port, { answerTimeoutMs: 50 });
  expect(await controller.get('127.0.0.11', pv, [0xe1])).toEqual({ kind: 'silent' });
  await new Promise<void>((resolve) => {
    occupant.close(() => resolve());
  });
  await vi.waitFor(
    async () =>
      expect(await valueOf(controller.get('127.0.0.11', pv, [0xe1]), 0xe1)).toBe(1_234_567),
    { timeout: 20_000 },
  );
});
