import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Alarms, type AlarmsParts, createAlarms } from './alarms.ts';
import { alarmsSchema } from './config.ts';
import { registerAlarmMetrics } from './metrics.ts';
import type { AlarmEvent } from './sink.ts';
import { defaultWebhookLimits } from './webhook.ts';
import { condition, heardLog, kinds, MemoryLog, movedClock, nowMs } from './testing-alarms.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A receiver of webhooks that refuses while `answer` says so. */
async function receiver() {
  const heard: string[] = [];
  const state = { answer: 200 };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (state.answer < 300) heard.push(String(request.headers['webhook-id']));
      response.writeHead(state.answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { heard, state, url: `http://127.0.0.1:${port}/` };
}

async function started(changes: Partial<AlarmsParts> & { readonly urls?: readonly string[] } = {}) {
  const { urls = [], ...parts } = changes;
  const alarmLog = parts.alarmLog ?? new MemoryLog();
  const log = heardLog();
  const clock = movedClock();
  const published: string[] = [];
  const alarms = await createAlarms({
    config: alarmsSchema.parse({ webhooks: urls.map((url) => ({ url })) }),
    secrets: { webhooks: [], mail: { password: undefined, ca: undefined } },
    kinds,
    sites: ['keihin'],
    alarmLog,
    broker: {
      publish: async (topic, payload) => {
        published.push(`${topic} ${payload.length > 0}`);
      },
      subscribe: async () => undefined,
    },
    clock,
    log,
    journalLimits: { waiting: 20, perAppend: 5, retryMs: { first: 5, most: 20 } },
    outboxLimits: {
      webhookLimits: { ...defaultWebhookLimits, retryMs: { first: 5, most: 20 } },
    },
    ...parts,
  });
  closers.push(() => alarms.close());
  return { alarms, log, clock, published };
}

const stop = condition();
const clear = condition({ standing: 'off', at: nowMs + 1000 });

function phases(alarms: Alarms): string[] {
  return alarms.open().map(({ id, phase }) => `${id} ${phase}`);
}

describe('a restart', () => {
  test('keeps what is open, who acknowledged it, what is shelved, and what was closed', async () => {
    const alarmLog = new MemoryLog();
    const { alarms } = await started({ alarmLog });
    const hot = condition({ kind: 'temperature-high' });
    const half = condition({ kind: 'half-mass' });
    alarms.evaluate([stop, hot, half]);
    alarms.acknowledge({ id: stop.id, by: 'Sato', comment: 'I see' });
    alarms.shelve({ id: hot.id, by: 'Sato', until: nowMs + 3_600_000, why: 'hot day' });
    alarms.evaluate([{ ...half, standing: 'off', at: nowMs + 1 }]);
    const before = { open: alarms.open(), closed: alarms.closed() };
    await alarms.close();
    const { alarms: again } = await started({ alarmLog });
    expect(again.open()).toEqual(before.open);
    expect(again.closed()).toEqual(before.closed);
    expect(again.closed()).toHaveLength(1);
    again.evaluate([stop, hot]);
    expect(again.counts()).toMatchObject({ open: 2, unacknowledged: 1, shelved: 1 });
    expect(alarmLog.transitions().filter(({ change }) => change === 'raised')).toHaveLength(3);
  });

  test('delivers what was not delivered, once, under the same ids; a new receiver gets no history', async () => {
    const alarmLog = new MemoryLog();
    const first = await receiver();
    const { alarms } = await started({ alarmLog, urls: [first.url] });
    alarms.evaluate([stop]);
    await vi.waitFor(() => expect(first.heard).toHaveLength(1), 20_000);
    first.state.answer = 503;
    alarms.evaluate([clear]);
    await vi.waitFor(() => expect(alarms.sinks()[1]?.retries).toBeGreaterThan(0), 20_000);
    await alarms.close();
    first.state.answer = 200;
    const second = await receiver();
    const { alarms: again } = await started({ alarmLog, urls: [first.url, second.url] });
    await vi.waitFor(() => expect(first.heard).toHaveLength(2), 20_000);
    again.acknowledge({ id: stop.id, by: 'Sato' });
    await vi.waitFor(() => expect(first.heard).toHaveLength(3), 20_000);
    await vi.waitFor(() => expect(second.heard).toHaveLength(1), 20_000);
    const occurrence = `${stop.id}/${nowMs}-1`;
    expect(first.heard).toEqual([1, 2, 3].map((seq) => `${occurrence}/${seq}`));
    expect(second.heard).toEqual([`${occurrence}/3`]);
  });

  test('after a kill between a delivery and its entry the same comes again, under the same id', async () => {
    const alarmLog = new MemoryLog();
    const { url, heard } = await receiver();
    const { alarms } = await started({ alarmLog, urls: [url] });
    alarms.evaluate([stop]);
    await vi.waitFor(() => expect(alarmLog.entries).toHaveLength(3), 20_000);
    const killed = new MemoryLog();
    await killed.append(alarmLog.entries.slice(0, -1));
    await started({ alarmLog: killed, urls: [url] });
    await vi.waitFor(() => expect(heard).toHaveLength(2), 20_000);
    expect(heard[1]).toBe(heard[0]);
  });

  test('what waited longer than a day is not sent any more, and is counted', async () => {
    const alarmLog = new MemoryLog();
    const { url, state, heard } = await receiver();
    state.answer = 503;
    const { alarms } = await started({ alarmLog, urls: [url] });
    alarms.evaluate([stop]);
    await alarms.close();
    state.answer = 200;
    const clock = movedClock(nowMs + 25 * 3_600_000);
    const { alarms: again } = await started({ alarmLog, urls: [url], clock });
    expect(again.sinks()[1]).toMatchObject({ failed: 1, waiting: 0 });
    expect(heard).toEqual([]);
  });
});

describe('a log that fails', () => {
  test('stops no alarm, says so, and gets everything in order once it works', async () => {
    const alarmLog = new MemoryLog();
    const { url, heard } = await receiver();
    const { alarms, log } = await started({ alarmLog, urls: [url] });
    alarmLog.failure = new Error('disk full');
    alarms.evaluate([stop]);
    alarms.evaluate([clear]);
    await vi.waitFor(() => expect(alarmLog.refusals).toBeGreaterThan(2), 20_000);
    expect(phases(alarms)).toEqual([`${stop.id} returned-unacknowledged`]);
    expect(alarms.problems()).toMatchObject([{ kind: 'alarm-log-failing', subject: 'disk full' }]);
    await vi.waitFor(() => expect(heard).toHaveLength(2), 20_000);
    alarmLog.failure = undefined;
    await vi.waitFor(() => expect(alarms.counts().logWaiting).toBe(0), 20_000);
    expect(alarmLog.transitions().map(({ seq }) => seq)).toEqual([1, 2]);
    expect(alarms.problems()).toEqual([]);
    expect(log.said.filter((line) => line.includes('written down'))).toHaveLength(2);
  });

  test('is waited for in a bound; beyond it the oldest is dropped, and the newest still tells all', async () => {
    const alarmLog = new MemoryLog();
    const { alarms } = await started({ alarmLog });
    alarmLog.failure = new Error('disk full');
    for (let turn = 0; turn < 50; turn += 1)
      alarms.evaluate([condition({ standing: turn % 2 === 0 ? 'on' : 'off', at: nowMs + turn })]);
    expect(alarms.counts()).toMatchObject({ logWaiting: 20, logDropped: 30 });
    const before = alarms.open();
    alarmLog.failure = undefined;
    await alarms.close();
    // The first was being written when the others came.
    const kept = Array.from({ length: 19 }, (_, index) => 32 + index);
    expect(alarmLog.transitions().map(({ seq }) => seq)).toEqual([1, ...kept]);
    const { alarms: again } = await started({ alarmLog });
    expect(again.open()).toEqual(before);
  });

  test('an end while it fails does not hang', async () => {
    const alarmLog = new MemoryLog();
    const { alarms } = await started({ alarmLog });
    alarmLog.failure = new Error('disk full');
    alarms.evaluate([stop]);
    await alarms.close();
    expect(alarms.counts().logWaiting).toBe(1);
  });
});

test('listeners hear transitions and marks; one that fails harms nobody', async () => {
  const { alarms, log } = await started();
  const heard: AlarmEvent[] = [];
  alarms.subscribe(() => {
    throw new Error('page gone');
  });
  const stopListening = alarms.subscribe((event) => heard.push(event));
  alarms.evaluate([stop]);
  alarms.evaluate([condition({ standing: 'unobservable', at: nowMs + 1 })]);
  expect(heard).toMatchObject([
    { kind: 'transition', transition: { change: 'raised' } },
    { kind: 'marked', alarm: { id: stop.id, observable: false } },
  ]);
  expect(log.said.join()).toContain('page gone');
  stopListening();
  alarms.evaluate([{ ...stop, at: nowMs + 2 }]);
  expect(heard).toHaveLength(2);
});

test('what is refused changes nothing and says why', async () => {
  const { alarms } = await started();
  alarms.evaluate([stop]);
  const before = alarms.open();
  const tooLong = nowMs + 9 * 3_600_000;
  expect(alarms.shelve({ id: stop.id, by: 'Sato', until: tooLong, why: 'works' })).toMatchObject({
    kind: 'refused',
    refusals: [{ code: 'invalid', field: 'until' }],
  });
  expect(alarms.retire({ id: 'no/such/alarm', by: 'Sato' }).kind).toBe('refused');
  expect(alarms.open()).toEqual(before);
});

test('too many alarms, and a receiver that refuses, are problems that a person sees', async () => {
  const { url, state } = await receiver();
  state.answer = 500;
  const { alarms } = await started({ urls: [url], limits: { open: 2, reservedForUrgent: 0 } });
  alarms.evaluate(['a', 'b', 'c'].map((subject) => condition({ subject })));
  await vi.waitFor(() => expect(alarms.problems()).toHaveLength(2), 20_000);
  expect(alarms.problems().map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([
    expect.stringMatching(/^alarm-overflow: .*keihin\/c\/stop/),
    expect.stringMatching(/^alarm-delivery-failing: webhook\/.* answered 500/),
  ]);
});

test('Prometheus sees alarms, their log and every receiver', async () => {
  const { url } = await receiver();
  const { alarms } = await started({ urls: [url] });
  const registry = new Registry();
  registerAlarmMetrics(registry, alarms);
  alarms.evaluate([stop]);
  await vi.waitFor(async () => {
    const text = await registry.metrics();
    expect(text).toContain('kadoru_alarms_open 1');
    expect(text).toMatch(/kadoru_alarm_deliveries_delivered_total\{sink="webhook\/[^"]+"\} 1/);
    expect(text).toContain('kadoru_alarm_deliveries_waiting{sink="mqtt"}');
  }, 20_000);
});
