import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { deviceStateSchema, deviceTopic, gatewayTopic } from '#device/contract';
import { JudgedTime, systemProbe } from '../clock/time-source.ts';
import { MemorySpool } from '../spool/memory.ts';
import { connectMqtt } from './connection.ts';
import { historyRoomBytes } from './encode.ts';
import { Link } from './link.ts';

const patience = { timeout: 20_000 };
const frameSchema = z.object({ stream: z.string(), seq: z.int() });
const historySchema = z.object({ frames: z.array(frameSchema) });

let broker: Aedes;
let server: Server;
let sockets: Set<Socket>;
let url: string;
let gateway: MqttClient;
let seen: { topic: string; text: string; retain: boolean }[];
const links: Link[] = [];

beforeEach(async () => {
  broker = await Aedes.createBroker();
  sockets = new Set();
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  url = `mqtt://127.0.0.1:${address.port}`;
  gateway = await watch();
});

afterEach(async () => {
  for (const link of links.splice(0)) await link.stop(0);
  await gateway.endAsync(true);
  await new Promise<void>((resolve) => broker.close(() => resolve()));
  server.close();
});

/** A client that sees what devices publish. */
async function watch(): Promise<MqttClient> {
  seen = [];
  const client = await connectAsync(url);
  client.on('message', (topic, payload, { retain }) =>
    seen.push({ topic, text: payload.toString(), retain }),
  );
  await client.subscribeAsync('kadoru/v1/keihin/pi-1/+', { qos: 1 });
  return client;
}

const topic = (kind: 'state' | 'meta' | 'live' | 'history' | 'ack'): string =>
  deviceTopic('keihin', 'pi-1', kind);
const texts = (kind: 'state' | 'meta' | 'live' | 'history'): string[] =>
  seen.filter((message) => message.topic === topic(kind)).map(({ text }) => text);
const states = () => texts('state').map((text) => deviceStateSchema.parse(JSON.parse(text)));
const liveSeqs = (): number[] =>
  texts('live').map((text) => frameSchema.parse(JSON.parse(text)).seq);
const historySeqs = (): number[] =>
  texts('history').flatMap((text) =>
    historySchema.parse(JSON.parse(text)).frames.map(({ seq }) => seq),
  );

function openLink(brokerUrl = url) {
  const warnings: string[] = [];
  const say = (): void => {};
  const warn = (fields: object, message: string): number =>
    warnings.push(message + JSON.stringify(fields));
  const spool = new MemorySpool({
    boot: 'boot-1',
    maxFrames: 1e5,
    maxBytes: 1e8,
    newStreamId: () => 'k3f9',
  });
  const clock = new JudgedTime(systemProbe);
  const link = new Link(
    {
      site: 'keihin',
      device: 'pi-1',
      boot: 'boot-1',
      software: 'kadoru-device/test',
      broker: { url: brokerUrl, clientId: 'kadoru-keihin-pi-1' },
      reconnect: { firstMs: 50, longestMs: 200 },
      outbox: {
        ackTimeoutMs: 400,
        historyWindow: 4,
        historyFramesPerS: Infinity,
        maxBatchFrames: 500,
        maxBatchBytes: historyRoomBytes - 500,
        resend: { firstMs: 50, longestMs: 200 },
      },
    },
    {
      spool,
      clock,
      clockState: () => 'synced',
      meta: () => ({ channels: { 'pack-1/pressure': { unit: 'MPa' } } }),
      connect: connectMqtt,
      random: Math.random,
      log: { debug: say, info: say, error: say, warn },
    },
  );
  links.push(link);
  const sample = (): void => {
    spool.append({
      upMs: spool.next * 1_000,
      readings: { 'pack-1/pressure': { value: 12.3 } },
      events: [],
    });
    spool.stamp((upMs) => ({ at: 1_800_000_000_000 + upMs, clock: 'synced' }));
    link.offerNewest();
  };
  const ack = (stored: unknown, stream: unknown = 'k3f9'): Promise<unknown> =>
    gateway.publishAsync(topic('ack'), JSON.stringify({ stream, stored }), { qos: 1 });
  return { link, spool, warnings, sample, ack };
}

async function online(): Promise<void> {
  await expect.poll(() => texts('meta').length, patience).toBeGreaterThan(0);
}

test('birth and meta are retained; fresh frames are live; an acknowledgement frees them', async () => {
  const { link, spool, sample, ack } = openLink();
  link.start();
  await online();
  expect(states()[0]).toMatchObject({
    state: 'online',
    boot: 'boot-1',
    clock: 'synced',
    spool: { frames: 0 },
  });
  await expect.poll(() => (sample(), liveSeqs().length), patience).toBeGreaterThanOrEqual(2);
  const last = spool.next - 1;
  await expect.poll(() => Math.max(...liveSeqs(), ...historySeqs()), patience).toBe(last);
  await ack([[1, last]]);
  await expect.poll(() => spool.stats().frames, patience).toBe(0);
  const late = await connectAsync(url);
  const retained: string[] = [];
  late.on('message', (name) => retained.push(name));
  await late.subscribeAsync('kadoru/v1/keihin/pi-1/+');
  await expect.poll(() => retained.toSorted(), patience).toEqual([topic('meta'), topic('state')]);
  await late.endAsync(true);
});

test('frames taken while offline come on history, in order, and never on live', async () => {
  const { link, sample } = openLink();
  for (let count = 0; count < 1_200; count += 1) sample();
  link.start();
  await expect.poll(() => new Set(historySeqs()).size, patience).toBe(1_200);
  expect(liveSeqs()).toEqual([]);
  const first = historySchema.parse(JSON.parse(texts('history')[0] ?? ''));
  expect(first.frames.map(({ seq }) => seq)).toEqual(
    Array.from({ length: 500 }, (_, index) => index + 1),
  );
});

test('without an acknowledgement a frame comes again, byte for byte, on history', async () => {
  const { link, spool, sample, ack } = openLink();
  link.start();
  await online();
  await expect
    .poll(() => (liveSeqs().length === 0 ? sample() : undefined, liveSeqs().length), patience)
    .toBeGreaterThan(0);
  const [live = ''] = texts('live');
  const { seq } = frameSchema.parse(JSON.parse(live));
  await expect
    .poll(() => historySeqs().filter((again) => again === seq).length, patience)
    .toBeGreaterThan(1);
  expect(texts('history').some((text) => text.includes(live))).toBe(true);
  expect(liveSeqs().filter((again) => again === seq)).toHaveLength(1);
  await ack([[seq, seq]]);
  await expect
    .poll(() => spool.read(seq, 1, 1).filter(({ position }) => position === seq), patience)
    .toEqual([]);
});

test('a gateway that starts gets everything unacknowledged at once', async () => {
  const { link, sample } = openLink();
  link.start();
  await online();
  await expect.poll(() => (sample(), liveSeqs().length), patience).toBeGreaterThan(2);
  const birth = { state: 'online', boot: 'gateway-2', at: Date.now() };
  const before = historySeqs().length;
  await gateway.publishAsync(gatewayTopic('keihin', 'main'), JSON.stringify(birth), {
    qos: 1,
    retain: true,
  });
  await expect.poll(() => historySeqs().slice(before), patience).toContain(liveSeqs()[0]);
});

test('acknowledgements that are malformed, foreign or of frames never sent free nothing and are said', async () => {
  const { link, spool, sample, ack, warnings } = openLink();
  link.start();
  await online();
  await expect.poll(() => (sample(), liveSeqs().length), patience).toBeGreaterThan(0);
  const { frames } = spool.stats();
  await ack([[1, 1_000_000]]);
  await ack([[1, 1]], 'another-stream');
  await ack([[2, 1]]);
  await gateway.publishAsync(topic('ack'), '{"stream":', { qos: 1 });
  await expect.poll(() => warnings.length, patience).toBe(4);
  expect(warnings.join('\n')).toMatch(
    /never sent[^]*another-stream[^]*never sent[^]*malformed[^]*malformed/,
  );
  expect(spool.stats().frames).toBe(frames);
});

test('a connection that breaks is made again, and everything arrives', async () => {
  const { link, spool, sample, ack } = openLink();
  link.start();
  await online();
  for (let round = 0; round < 5; round += 1) {
    for (const socket of sockets) socket.destroy();
    for (let count = 0; count < 20; count += 1) sample();
  }
  await gateway.endAsync(true);
  gateway = await watch();
  await expect.poll(() => new Set([...historySeqs(), ...liveSeqs()]).size, patience).toBe(100);
  await ack([[1, 100]]);
  await expect.poll(() => spool.stats().frames, patience).toBe(0);
});

test('a clean stop says offline; a lost connection leaves the will', async () => {
  const first = openLink();
  first.link.start();
  await online();
  expect(await first.link.stop(100)).toBe(0);
  await expect.poll(() => states().at(-1)?.state, patience).toBe('offline');
  expect(states().map(({ state }) => state)).not.toContain('lost');
  const second = openLink();
  second.link.start();
  await expect.poll(() => states().at(-1)?.state, patience).toBe('online');
  // All but the first, which is the watching client's.
  for (const socket of [...sockets].slice(1)) socket.destroy();
  await expect.poll(() => states().map(({ state }) => state), patience).toContain('lost');
  expect(states().find(({ state }) => state === 'lost')?.boot).toBe('boot-1');
});

test('stopping waits for acknowledgements a moment, then tells how many frames stay behind', async () => {
  const { link, sample } = openLink();
  link.start();
  await online();
  for (let count = 0; count < 3; count += 1) sample();
  expect(await link.stop(200)).toBe(3);
});

test('no broker is a warning with what to check, and stopping is quick nevertheless', async () => {
  const { link, warnings } = openLink('mqtt://127.0.0.1:1');
  link.start();
  await expect.poll(() => warnings.join('\n'), patience).toContain('Is the broker running');
  expect(await link.stop(5_000)).toBe(0);
});
