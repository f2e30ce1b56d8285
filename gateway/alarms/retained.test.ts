import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import fc from 'fast-check';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { evaluate } from './engine.ts';
import type { AlarmView, Condition } from './model.ts';
import { type AlarmBroker, alarmTopic, alarmTopicId, RetainedAlarms } from './retained.ts';
import { type AlarmState, emptyState, openAlarms, view } from './state.ts';
import { condition, nowMs, rules } from './testing-alarms.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function broker() {
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  const url = `mqtt://127.0.0.1:${port}`;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { url, cut };
}

async function client(url: string): Promise<MqttClient> {
  const made = await connectAsync(url, { reconnectPeriod: 20 });
  closers.push(() => made.endAsync(true));
  return made;
}

/** What a client that connects now is shown. */
async function shown(url: string): Promise<Map<string, Record<string, unknown>>> {
  const watcher = await client(url);
  const topics = new Map<string, Record<string, unknown>>();
  watcher.on('message', (topic, bytes) => {
    if (bytes.byteLength === 0) topics.delete(topic);
    else topics.set(topic, JSON.parse(bytes.toString()));
  });
  await watcher.subscribeAsync('kadoru/v1/+/_alarms/+');
  // Retained messages come before the answer to a later publish of the same client (one connection keeps order).
  const end = new Promise<void>((resolve) => {
    watcher.on('message', (topic) => topic === 'end' && resolve());
  });
  await watcher.subscribeAsync('end');
  await watcher.publishAsync('end', '{}', { qos: 1 });
  await end;
  topics.delete('end');
  return topics;
}

/** A gateway's alarms on its MQTT connection, the way the gateway wires them. */
async function gateway(url: string, start: AlarmState = emptyState) {
  const mqtt = await client(url);
  let state = start;
  let failing = 0;
  const port: AlarmBroker = {
    publish: async (topic, payload, retain) => {
      if (failing-- > 0) throw new Error('not now');
      await mqtt.publishAsync(topic, payload, { qos: 1, retain });
    },
    subscribe: async (filters) => {
      await mqtt.subscribeAsync([...filters], { qos: 1 });
    },
  };
  const retained = new RetainedAlarms({
    sites: ['keihin'],
    broker: port,
    open: () => openAlarms(state),
    retryMs: { first: 5, most: 20 },
    random: Math.random,
    wallMs: systemClock.wallMs,
    told: () => undefined,
  });
  mqtt.on('message', (topic, bytes) => retained.received(topic, bytes));
  mqtt.on('connect', () => retained.connection(true));
  mqtt.on('close', () => retained.connection(false));
  closers.push(() => retained.stop());
  retained.connection(mqtt.connected);
  const judge = (...conditions: readonly Condition[]): void => {
    const atMs = nowMs + state.lastSeq + 1;
    const result = evaluate(
      state,
      conditions.map((each) => ({ ...each, at: atMs })),
      atMs,
      rules,
    );
    ({ state } = result);
    const changed: AlarmView[] = result.transitions.map(({ after }) => view(state, after));
    for (const alarm of changed) retained.changed(alarm);
  };
  return {
    judge,
    retained,
    state: () => state,
    fail: (times: number) => {
      failing = times;
    },
    settled: () => vi.waitFor(() => expect(retained.standing().waiting).toBe(0), 20_000),
  };
}

const half = condition({ kind: 'half-mass' });
const halfTopic = 'kadoru/v1/keihin/_alarms/pack-1--half-mass';
const stopTopic = 'kadoru/v1/keihin/_alarms/pack-1--stop';

test('an open alarm is retained, a closed one is not', async () => {
  const { url } = await broker();
  const plant = await gateway(url);
  plant.judge(condition(), half);
  await plant.settled();
  const topics = await shown(url);
  expect([...topics.keys()].toSorted()).toEqual([halfTopic, stopTopic]);
  expect(topics.get(stopTopic)).toMatchObject({
    id: 'keihin/pack-1/stop',
    phase: 'active-unacknowledged',
    observable: true,
  });
  plant.judge({ ...half, standing: 'off' }, condition({ standing: 'off' }));
  await plant.settled();
  const later = await shown(url);
  expect([...later.keys()]).toEqual([stopTopic]);
  expect(later.get(stopTopic)).toMatchObject({ phase: 'returned-unacknowledged' });
});

test('after a restart everything open is there again, and what an earlier life left is cleared', async () => {
  const { url } = await broker();
  const before = await gateway(url);
  before.judge(condition(), half);
  await before.settled();
  const state = before.state();
  // It dies; the note ends without anybody clearing its topic, and another site's topic is not ours to touch.
  const other = await client(url);
  const foreign = 'kadoru/v1/other/_alarms/pack-9--stop';
  await other.publishAsync(foreign, '{}', { qos: 1, retain: true });
  await other.publishAsync(stopTopic, '', { qos: 1, retain: true });
  const { [half.id]: _half, ...alarms } = state.alarms;
  await gateway(url, { ...state, alarms });
  await vi.waitFor(
    async () =>
      expect([...(await shown(url)).keys()].toSorted()).toEqual([stopTopic, foreign].toSorted()),
    20_000,
  );
});

test('a cut connection and a broker that refuses lose nothing', async () => {
  const { url, cut } = await broker();
  const plant = await gateway(url);
  plant.judge(condition());
  await plant.settled();
  cut();
  plant.fail(3);
  plant.judge(half);
  await plant.settled();
  expect(plant.retained.standing().retries).toBeGreaterThanOrEqual(3);
  expect([...(await shown(url)).keys()].toSorted()).toEqual([halfTopic, stopTopic]);
});

test('while the broker is away only the newest of each alarm waits', async () => {
  const { url } = await broker();
  const plant = await gateway(url);
  await vi.waitFor(() => expect(plant.retained.standing().lastError).toBeNull());
  plant.retained.connection(false);
  for (let turn = 0; turn < 10; turn += 1)
    plant.judge({ ...half, standing: turn % 2 === 0 ? 'on' : 'off' });
  expect(plant.retained.standing().waiting).toBe(1);
  plant.retained.connection(true);
  await plant.settled();
  expect([...(await shown(url)).keys()]).toEqual([]);
});

test('an alarm that changes while it is being published is published again', async () => {
  const sent: string[] = [];
  let release: () => void = () => undefined;
  const [alarm] = openAlarms(evaluate(emptyState, [half], nowMs, rules).state);
  if (alarm === undefined) throw new Error('no alarm');
  const retained = new RetainedAlarms({
    sites: ['keihin'],
    broker: {
      publish: (_topic, payload) => {
        sent.push(payload === '' ? 'cleared' : 'open');
        return new Promise((resolve) => {
          release = resolve;
        });
      },
      subscribe: async () => undefined,
    },
    open: () => [],
    retryMs: { first: 5, most: 20 },
    random: Math.random,
    wallMs: systemClock.wallMs,
    told: () => undefined,
  });
  retained.connection(true);
  retained.changed(alarm);
  await vi.waitFor(() => expect(sent).toEqual(['open']), 20_000);
  retained.changed({ ...alarm, phase: 'normal' });
  release();
  await vi.waitFor(() => expect(sent).toEqual(['open', 'cleared']), 20_000);
  release();
  await vi.waitFor(() => expect(retained.standing().waiting).toBe(0), 20_000);
});

test('a topic of a site that is not ours is not ours to clear', async () => {
  const { url } = await broker();
  const { retained } = await gateway(url);
  retained.connection(false);
  const bytes = Buffer.from('{}');
  retained.received('kadoru/v1/other/_alarms/pack-9--stop', bytes);
  expect(retained.standing().waiting).toBe(0);
  retained.received('kadoru/v1/keihin/_alarms/pack-9--stop', bytes);
  expect(retained.standing().waiting).toBe(1);
});

test('a topic level has only small letters, digits and hyphens, and belongs to one alarm', () => {
  const part = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
  const any = fc.oneof(
    fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
    fc.string(),
  );
  const id = any.map((rest) => `keihin/${rest}`);
  fc.assert(
    fc.property(fc.uniqueArray(fc.oneof(id, any), { minLength: 2, maxLength: 30 }), (ids) => {
      const topics = ids.map((each) => alarmTopicId(each, 'keihin'));
      for (const topic of topics) expect(topic).toMatch(/^[a-z0-9-]{1,80}$/);
      expect(new Set(topics).size).toBe(ids.length);
    }),
    { numRuns: 500 },
  );
  expect(alarmTopicId('keihin/pack-1/stop', 'keihin')).toBe('pack-1--stop');
  const one = alarmTopicId('keihin/a-/b', 'keihin');
  expect(one).not.toBe(alarmTopicId('keihin/a/-b', 'keihin'));
  expect(alarmTopic('keihin', 'pack-1--stop')).toBe(stopTopic);
});
