import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { storedReadingSchema } from '#gateway/contract';
import { StoreError } from '../store/port.ts';
import { listen, type HttpServer } from './server.ts';
import { bench, fillWithMuch, reading, type Bench } from './testing-app.ts';

const path = '/api/v1/readings?channel=keihin/pi-1/pack-1/pressure';
vi.setConfig({ testTimeout: 60_000 });
const patient = { timeout: 20_000, interval: 20 };
let server: HttpServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve({ app }: Bench): Promise<HttpServer> {
  server = await listen({ app, host: '127.0.0.1', port: 0, tls: undefined, closeWithinMs: 500 });
  return server;
}

test('NDJSON: every stored reading of the span, oldest first, times in epoch milliseconds', async () => {
  const { app, store } = bench();
  for (let index = 0; index < 2000; index += 1) store.stored.push(reading(index));
  const span = `&from=${reading(10).at}&to=${reading(1990).at}`;
  const text = await (await app.hono.request(`${path}${span}`)).text();
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => storedReadingSchema.parse(JSON.parse(line)));
  expect(rows).toHaveLength(1980);
  expect(rows[0]).toEqual({
    at: reading(10).at,
    value: 12.51,
    raw: 17_010,
    quality: 'good',
    why: null,
    stream: 'k3f9',
    seq: 10,
    receivedAt: reading(10).receivedAt,
  });
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 10));
});

test('CSV: Japan time, and nothing where a value is null', async () => {
  const { app, store } = bench();
  store.stored.push({ ...reading(0), value: null, raw: null, quality: 'bad', why: 'loop-open' });
  const response = await app.hono.request(`${path}&format=csv`);
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(await response.text()).toBe(
    'at,value,raw,quality,why,stream,seq,receivedAt\r\n' +
      '2026-04-01T11:00:00.000+09:00,,,bad,loop-open,k3f9,0,2026-04-01T11:00:00.012+09:00\r\n',
  );
});

/** Reads nothing of the answer; the socket stays open. */
function stalledClient({ port }: HttpServer) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  return socket;
}

test('a client that does not read stops the reading of the store; going away ends it', async () => {
  const parts = bench();
  fillWithMuch(parts.store);
  const socket = stalledClient(await serve(parts));
  await vi.waitFor(() => expect(parts.store.rowsRead).toBeGreaterThan(0), patient);
  await settled(() => parts.store.rowsRead);
  expect(parts.store.rowsRead).toBeLessThan(parts.store.stored.length);
  expect(parts.store.openReads).toBe(1);
  socket.destroy();
  await vi.waitFor(() => expect(parts.store.openReads).toBe(0), patient);
});

test('no more streams than the limit, and the place of one that ended is free again', async () => {
  const parts = bench({ limits: { exports: 1 } });
  fillWithMuch(parts.store);
  const running = await serve(parts);
  const socket = stalledClient(running);
  await vi.waitFor(() => expect(parts.store.openReads).toBe(1), patient);
  const refused = await fetch(`${running.url}${path}`);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('10');
  socket.destroy();
  await vi.waitFor(() => expect(parts.store.openReads).toBe(0), patient);
  parts.store.stored.length = 10;
  expect((await fetch(`${running.url}${path}`)).status).toBe(200);
  expect((await fetch(`${running.url}${path}`)).status).toBe(200);
});

test('a client that takes nothing for too long is cut off', async () => {
  const parts = bench({ limits: { stuckMs: 200 } });
  fillWithMuch(parts.store);
  const socket = stalledClient(await serve(parts));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await vi.waitFor(() => expect(parts.store.rowsRead).toBeGreaterThan(0), patient);
  await vi.waitFor(() => expect(parts.store.openReads).toBe(0), patient);
  expect(parts.store.rowsRead).toBeLessThan(parts.store.stored.length);
  socket.resume();
  await closed;
});

test('a store that fails in the middle breaks the answer off, so that nobody takes it for complete', async () => {
  const parts = bench();
  for (let index = 0; index < 5000; index += 1) parts.store.stored.push(reading(index));
  const error = new StoreError('SECRET detail', false);
  parts.store.failure = { afterRows: 4000, error };
  const response = await fetch(`${(await serve(parts)).url}${path}`);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow('terminated');
  await vi.waitFor(
    () => expect(parts.logged.map(({ details }) => Reflect.get(details, 'err'))).toEqual([error]),
    patient,
  );
  expect(parts.store.openReads).toBe(0);
});

/** Waits until a figure no longer changes. */
async function settled(figure: () => number): Promise<void> {
  let before = -1;
  await vi.waitFor(
    () => {
      const now = figure();
      const same = now === before;
      before = now;
      expect(same).toBe(true);
    },
    { timeout: 20_000, interval: 300 },
  );
}
