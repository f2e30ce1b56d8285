import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { frame, type GatewayProcess, startGatewayProcess, WireDevice } from './gateway-process.ts';
import { freePort } from './ports.ts';
import { runKadoru } from './program.ts';

const waiting = { timeout: 30_000, interval: 50 };
const pressure = (value: unknown) => ({
  'pack-1/pressure': { value },
  'pack-1/temperature': { value: 20 },
});
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of open.splice(0).toReversed()) await end();
});

async function start(...args: Parameters<typeof startGatewayProcess>): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(...args);
  open.push(() => gateway.program.end('SIGKILL'));
  return gateway;
}

async function connect(gateway: GatewayProcess, options = {}): Promise<WireDevice> {
  const device = await WireDevice.connect(gateway.mqttUrl, options);
  open.push(() => device.close());
  return device;
}

test('a reading goes in by MQTT and comes out as kilograms; an acknowledged one survives SIGKILL', async () => {
  const gateway = await start();
  const device = await connect(gateway);
  const at = Date.now();
  await device.send('live', frame(1, at, pressure(10)));
  await vi.waitFor(() => expect(device.acknowledged()).toEqual([1]), waiting);
  expect((await gateway.pack()).hydrogen?.totalKg).toBeCloseTo(11.8062, 4);

  await gateway.program.end('SIGKILL');
  const revived = await gateway.again();
  open.push(() => revived.program.end('SIGKILL'));
  expect((await revived.pack()).measuredAt).toBe(at);
  const rows = await (
    await revived.get(`/api/v1/readings?channel=keihin/pi-1/pack-1/pressure&from=${at}`)
  ).text();
  expect(
    rows
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row)),
  ).toMatchObject([{ at, value: 10, seq: 1 }]);
});

test('the bad-input matrix: the smallest unit is refused, the rest stored, all of it counted, nothing crashes', async () => {
  const gateway = await start();
  const device = await connect(gateway);
  const at = Date.now() - 60_000;
  const twice = frame(7, at + 7, pressure(12));
  await device.send('live', '{"stream":');
  await device.send('live', Buffer.alloc(300_000, 0x20));
  await device.send('live', frame(1, at + 1, { ...pressure(10), 'pack-1/mood': { value: 1 } }));
  await device.send('live', frame(2, at + 2, pressure('10')));
  await device.send(
    'live',
    frame(3, at + 3, { 'Pack 1/pressure': { value: 1 }, 'pack-1/temperature': { value: 20 } }),
  );
  await device.send('live', frame(4, Date.now() + 3_600_000, pressure(10)));
  await device.send('history', {
    frames: [frame(6, at + 6, pressure(11)), { seq: 5 }, frame(5, at + 5, pressure(11)), twice],
  });
  await device.send('live', twice);
  await device.send('live', frame(8, at + 7, pressure(13)));
  await vi.waitFor(() => expect(device.acknowledged()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]), waiting);

  const { quarantine, ingest, status } = await gateway.health();
  expect(status).toBe('degraded');
  expect(quarantine.byReason).toEqual({
    'not-json': 1,
    'too-large': 1,
    'bad-reading': 3,
    future: 1,
    'bad-frame': 1,
    conflict: 1,
  });
  // 1, 5, 6, 7 have both channels; of 2 and 3 the temperature is good.
  expect(ingest.readingsStored).toBe(10);
  const metrics = await (await gateway.get('/metrics')).text();
  expect(metrics).toContain('kadoru_refused_total{reason="conflict"} 1');
  const rows = await (
    await gateway.get('/api/v1/readings?channel=keihin/pi-1/pack-1/pressure')
  ).text();
  expect(rows.trim().split('\n')).toHaveLength(4);
});

test('quarantine is listed and re-admitted, by a running gateway and with none', async () => {
  const gateway = await start();
  const device = await connect(gateway);
  await device.send('live', frame(1, Date.now(), { 'pack-1/mood': { value: 1 } }));
  await vi.waitFor(() => expect(device.acknowledged()).toEqual([1]), waiting);
  const quarantine = async (action: string) => {
    const command = runKadoru('gateway', ['quarantine', action, '--config', gateway.config]);
    await new Promise((resolve) => command.child.once('close', () => resolve(undefined)));
    return {
      code: command.child.exitCode,
      entries: command.lines.map((line): unknown => JSON.parse(line)),
    };
  };
  expect(await quarantine('list')).toMatchObject({
    code: 0,
    entries: [{ device: 'pi-1', reasons: [{ code: 'bad-reading' }] }],
  });
  await gateway.program.end('SIGTERM');
  expect(await quarantine('list')).toMatchObject({ code: 0, entries: [{ device: 'pi-1' }] });
  expect(await quarantine('retry')).toMatchObject({
    code: 1,
    entries: [{ outcome: 'still-refused' }],
  });
});

test('SIGTERM ends it cleanly and says goodbye', async () => {
  const gateway = await start();
  expect(await gateway.program.end('SIGTERM')).toBe(0);
});

test('a second gateway on the same data is refused, with the way out', async () => {
  const gateway = await start();
  const config = join(gateway.folder, 'second.yaml');
  const first = readFileSync(gateway.config, 'utf8');
  writeFileSync(config, first.replace(`"port":${gateway.httpPort}`, `"port":${await freePort()}`));
  const second = runKadoru('gateway', ['--config', config]);
  open.push(() => second.end('SIGKILL'));
  expect(await second.said(/kadoru-gateway: /)).toContain('another gateway is using it');
  expect(await second.end()).not.toBe(0);
});

describe('with credentials', () => {
  const password = 'correct-horse-battery';
  async function hash(): Promise<string> {
    const program = runKadoru('gateway', ['password']);
    program.child.stdin?.end(`${password}\n`);
    return program.said(/^\$/);
  }

  test('a device gets in with its password, speaks for itself only, and the API asks for the token', async () => {
    const passwordHash = await hash();
    const gateway = await start({
      mqtt: (port) => ({
        embedded: { port, devices: [{ site: 'keihin', device: 'pi-1', passwordHash }] },
      }),
      http: { operatorTokenHash: passwordHash },
    });
    await expect(connect(gateway)).rejects.toThrow(/[Nn]ot authorized|Bad username/);
    await expect(
      connect(gateway, { username: 'keihin/pi-1', password: 'wrong password' }),
    ).rejects.toThrow(/Bad username/);
    const device = await connect(gateway, { username: 'keihin/pi-1', password });
    await device.send('live', frame(1, Date.now(), pressure(10)));
    await vi.waitFor(() => expect(device.acknowledged()).toEqual([1]), waiting);
    expect((await gateway.get('/api/v1/packs')).status).toBe(401);
    expect((await gateway.get('/api/v1/packs', password)).status).toBe(200);
    // 3.1.1 has no refusal of a publish: the broker ends the connection.
    const ended = new Promise((resolve) => device.client.once('close', () => resolve(undefined)));
    device.client.publish('kadoru/v1/keihin/pi-2/live', '{}', { qos: 1 });
    await ended;
  });
});

test('TLS on both listeners', async () => {
  const pem = (name: string) =>
    new URL(`../../gateway/http/testing-${name}.pem`, import.meta.url).pathname;
  const tls = { certFile: pem('certificate'), keyFile: pem('key') };
  const gateway = await start({ mqtt: (port) => ({ embedded: { port, tls } }), http: { tls } });
  const ca = readFileSync(tls.certFile);
  const device = await WireDevice.connect(gateway.mqttUrl.replace('mqtt:', 'mqtts:'), {
    ca,
    rejectUnauthorized: false,
  });
  open.push(() => device.close());
  await device.send('live', frame(1, Date.now(), pressure(10)));
  await vi.waitFor(() => expect(device.acknowledged()).toEqual([1]), waiting);
  const status = await new Promise((resolve, reject) => {
    get(
      `https://127.0.0.1:${gateway.httpPort}/api/v1/packs`,
      { ca, rejectUnauthorized: false },
      ({ statusCode }) => resolve(statusCode),
    ).once('error', reject);
  });
  expect(status).toBe(200);
});

test('a connection that announces a packet beyond reason is ended, and the gateway goes on', async () => {
  const gateway = await start();
  const device = await connect(gateway);
  const ended = new Promise((resolve) => device.client.once('close', () => resolve(undefined)));
  device.client.publish('kadoru/v1/keihin/pi-1/live', Buffer.alloc(3_000_000), { qos: 1 });
  await ended;
  expect((await gateway.get('/api/v1/health')).status).toBe(200);
});
