import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { connectAsync } from 'mqtt';
import { afterEach, expect, test, vi } from 'vitest';
import { type Alarm, alarmSchema } from '#gateway/contract';
import { Mosquitto } from '../faults/mosquitto.ts';
import { describeWithPeers } from '../peers.ts';
import { frame, type GatewayProcess, startGatewayProcess, WireDevice } from './gateway-process.ts';

/** An alarm's life through the real program: broker, webhook, HTTP, and a kill on the way. */

const waiting = { timeout: 60_000, interval: 100 };
const limit = { timeout: 180_000 };
const secret = 'a-secret-of-the-test';
const stopTopic = 'kadoru/v1/keihin/_alarms/pack-1--stop';
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of open.splice(0).toReversed()) await end();
});

interface Posted {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Hears every webhook; the first one is answered with a failure, so that it has to come again. */
async function startReceiver(): Promise<{ readonly url: string; readonly posted: Posted[] }> {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posted.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(posted.length === 1 ? 503 : 204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(async () => server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return { url: `http://127.0.0.1:${address.port}/hook`, posted };
}

/** Every message below `_alarms`, newest by topic, and whether the broker had kept it. */
class Watcher {
  readonly messages = new Map<string, { readonly payload: string; readonly retained: boolean }>();

  static async connect(url: string): Promise<Watcher> {
    const watcher = new Watcher();
    const client = await connectAsync(url, { reconnectPeriod: 0 });
    open.push(() => client.endAsync(true));
    client.on('message', (topic, payload, { retain }) =>
      watcher.messages.set(topic, { payload: payload.toString(), retained: retain }),
    );
    await client.subscribeAsync('kadoru/v1/keihin/_alarms/+', { qos: 1 });
    return watcher;
  }
}

/** The stop as somebody sees it who subscribes only now. */
async function retainedStop(url: string, wanted: object): Promise<void> {
  const { messages } = await Watcher.connect(url);
  await vi.waitFor(() => {
    const stop = messages.get(stopTopic);
    expect(stop?.retained).toBe(true);
    expect(JSON.parse(stop?.payload ?? '')).toMatchObject(wanted);
  }, waiting);
}

async function alarmOf(gateway: GatewayProcess, kind: string): Promise<Alarm | undefined> {
  const { items }: { items: unknown[] } = await (await gateway.get('/api/v1/alarms')).json();
  return items.map((item) => alarmSchema.parse(item)).find((alarm) => alarm.kind === kind);
}

/** Frames of one device, numbered through. */
async function startDevice(url: string): Promise<(pressureMpa: number) => Promise<void>> {
  const device = await WireDevice.connect(url);
  open.push(() => device.close());
  return async (pressureMpa) => {
    const at = Date.now();
    const readings = {
      'pack-1/pressure': { value: pressureMpa },
      'pack-1/temperature': { value: 20 },
    };
    await device.send('live', frame(at, at, readings));
    await vi.waitFor(() => expect(device.acknowledged()).toContain(at), waiting);
  };
}

function startGateway(changes: Parameters<typeof startGatewayProcess>[0], url: string) {
  const webhooks = [{ url, secretVariable: 'TEST_WEBHOOK_SECRET', kinds: ['stop'] }];
  return startGatewayProcess({
    ...changes,
    more: { alarms: { webhooks } },
    environment: { TEST_WEBHOOK_SECRET: secret },
  });
}

/** The changes that a receiver was told, in order, each only where its signature is right. */
function told(posted: readonly Posted[]): string[] {
  return posted.map(({ headers, body }) => {
    const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
    const mac = createHmac('sha256', secret).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${mac}`);
    const { type, data }: { type: string; data: { alarm: unknown } } = JSON.parse(body);
    expect(data.alarm).toMatchObject({ id: 'keihin/pack-1/stop' });
    return type;
  });
}

async function liveThrough(changes: Parameters<typeof startGatewayProcess>[0]): Promise<void> {
  const { url, posted } = await startReceiver();
  const first = await startGateway(changes, url);
  open.push(() => first.program.end('SIGKILL'));
  const send = await startDevice(first.mqttUrl);
  await send(1.1);
  await vi.waitFor(async () => {
    expect(await alarmOf(first, 'stop')).toMatchObject({ phase: 'active-unacknowledged' });
  }, waiting);
  await retainedStop(first.mqttUrl, { phase: 'active-unacknowledged', site: 'keihin' });
  // The first time it was refused.
  await vi.waitFor(() => expect(told(posted)).toEqual(['alarm.raised', 'alarm.raised']), waiting);
  const known = { id: 'keihin/pack-1/stop', by: '山田', comment: '交換を手配' };
  expect((await first.post('/api/v1/alarms/acknowledgements', known)).status).toBe(201);
  const acknowledged = await alarmOf(first, 'stop');
  expect(acknowledged).toMatchObject({
    phase: 'active-acknowledged',
    acknowledged: { by: '山田' },
  });
  await first.program.end('SIGKILL');

  const second = await first.again();
  open.push(() => second.program.end('SIGKILL'));
  const { occurrence, acknowledged: who } = (await alarmOf(second, 'stop')) ?? {};
  expect({ occurrence, who }).toEqual({
    occurrence: acknowledged?.occurrence,
    who: acknowledged?.acknowledged,
  });
  await retainedStop(second.mqttUrl, {
    phase: 'active-acknowledged',
    occurrence: acknowledged?.occurrence,
  });
  const { messages } = await Watcher.connect(second.mqttUrl);
  const sendAgain = await startDevice(second.mqttUrl);
  await sendAgain(5);
  await vi.waitFor(async () => {
    expect(await alarmOf(second, 'stop')).toMatchObject({ phase: 'normal' });
    expect(messages.get(stopTopic)?.payload).toBe('');
    expect(told(posted).at(-1)).toBe('alarm.cleared');
  }, waiting);
  expect([...new Set(told(posted))]).toEqual([
    'alarm.raised',
    'alarm.acknowledged',
    'alarm.cleared',
  ]);
  // Nothing comes any more.
  await vi.waitFor(async () => {
    expect(await alarmOf(second, 'data-stopped')).toMatchObject({ priority: 'urgent' });
    expect(messages.has('kadoru/v1/keihin/_alarms/pack-1--data-stopped')).toBe(true);
  }, waiting);
  const late = await Watcher.connect(second.mqttUrl);
  await vi.waitFor(() => expect(late.messages.size).toBeGreaterThan(0), waiting);
  expect(late.messages.get(stopTopic)?.payload).toBeUndefined();
}

test('a stop by the embedded broker, a signed webhook and HTTP; it survives SIGKILL', limit, () =>
  liveThrough({}),
);

describeWithPeers('with an external broker (mosquitto)', ['mosquitto'], () => {
  test('what is retained there follows the alarm, over the kill, too', limit, async () => {
    const mosquitto = await Mosquitto.start(false);
    open.push(() => mosquitto.kill());
    await liveThrough({
      brokerPort: mosquitto.port,
      mqtt: (port) => ({ url: `mqtt://127.0.0.1:${port}` }),
    });
  });
});
