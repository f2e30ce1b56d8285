import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { livePlantSchema, type LivePlant } from '#gateway/contract';
import { createAccess } from '../access/operator.ts';
import { listen, type HttpServer } from './server.ts';
import { bench, clock, type Bench } from './testing-app.ts';

vi.setConfig({ testTimeout: 60_000 });
const patient = { timeout: 20_000, interval: 10 };
let server: HttpServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve({ app }: Bench): Promise<HttpServer> {
  server = await listen({ app, host: '127.0.0.1', port: 0, tls: undefined, closeWithinMs: 500 });
  return server;
}

interface Watcher {
  readonly pictures: LivePlant[];
  /** How the stream ended, once it did. */
  end: 'open' | 'complete' | 'broken';
  readonly stop: () => void;
}

/** A page: reads every event of a live stream. */
async function watch(url: string, headers: Record<string, string> = {}): Promise<Watcher> {
  const stopping = new AbortController();
  const response = await fetch(`${url}/api/v1/live`, { signal: stopping.signal, headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const watcher: Watcher = { pictures: [], end: 'open', stop: () => stopping.abort() };
  void read(response, watcher);
  return watcher;
}

async function read(response: Response, watcher: Watcher): Promise<void> {
  let rest = '';
  try {
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = (rest + text).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) watcher.pictures.push(parse(event));
    }
    watcher.end = 'complete';
  } catch (error) {
    watcher.end = error instanceof Error ? 'broken' : 'open';
  }
}

function parse(event: string): LivePlant {
  const [, data] = /^event: plant\ndata: (.*)$/.exec(event) ?? [];
  return livePlantSchema.parse(JSON.parse(data ?? ''));
}

const shownMpa = ({ pictures }: Watcher) => pictures.at(-1)?.packs[0]?.pressureMpa;

test('the picture comes at once, after a change, and again when nothing changes', async () => {
  const parts = bench({ limits: { liveHeartbeatMs: 150 } });
  const watcher = await watch((await serve(parts)).url);
  await vi.waitFor(() => expect(shownMpa(watcher)).toBe(12.5), patient);
  parts.plant.move(11.25);
  await vi.waitFor(() => expect(shownMpa(watcher)).toBe(11.25), patient);
  const before = watcher.pictures.length;
  await vi.waitFor(() => expect(watcher.pictures.length).toBeGreaterThan(before + 2), patient);
});

test('many changes make few pictures, and the last one shows the last change', async () => {
  const parts = bench({ limits: { liveMinIntervalMs: 400 } });
  const watcher = await watch((await serve(parts)).url);
  await vi.waitFor(() => expect(watcher.pictures).toHaveLength(1), patient);
  for (let step = 1; step <= 500; step += 1) parts.plant.move(12.5 - step / 100);
  await vi.waitFor(() => expect(shownMpa(watcher)).toBe(7.5), patient);
  expect(watcher.pictures).toHaveLength(2);
});

test('nothing is built while nobody watches, and a page that goes away frees everything', async () => {
  const parts = bench();
  const { url } = await serve(parts);
  expect(parts.plant.subscribers).toBe(0);
  const one = await watch(url);
  const other = await watch(url);
  await vi.waitFor(() => expect(other.pictures.length).toBeGreaterThan(0), patient);
  expect(parts.plant.subscribers).toBe(1);
  one.stop();
  other.stop();
  await vi.waitFor(() => expect(parts.plant.subscribers).toBe(0), patient);
  expect(await metric(url, 'kadoru_live_clients')).toBe(0);
});

test('more pages than the limit are turned away and counted', async () => {
  const parts = bench({ limits: { liveClients: 1 } });
  const { url } = await serve(parts);
  const watcher = await watch(url);
  const refused = await fetch(`${url}/api/v1/live`);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('10');
  expect(await metric(url, 'kadoru_live_clients_turned_away_total')).toBe(1);
  watcher.stop();
  await vi.waitFor(
    async () => expect((await fetch(`${url}/api/v1/live`, { method: 'HEAD' })).status).toBe(200),
    patient,
  );
});

/** A page whose machine sleeps: asks, then takes nothing from its socket. */
function sleepingPage({ port }: HttpServer) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  socket.pause();
  socket.write(`GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  return socket;
}

test('a page that takes nothing loses old pictures, then its place; the others see no difference', async () => {
  const parts = bench({ limits: { liveMinIntervalMs: 1, stuckMs: 1500 } });
  parts.plant.copies = 2000;
  const running = await serve(parts);
  const socket = sleepingPage(running);
  await vi.waitFor(() => expect(parts.plant.subscribers).toBe(1), patient);
  const watcher = await watch(running.url);
  const busy = setInterval(() => parts.plant.move(parts.plant.pressureMpa - 0.001), 5);
  try {
    await vi.waitFor(
      async () => expect(await metric(running.url, 'kadoru_live_clients_cut_off_total')).toBe(1),
      patient,
    );
    const seen = watcher.pictures.length;
    await vi.waitFor(() => expect(watcher.pictures.length).toBeGreaterThan(seen + 3), patient);
    expect(watcher.end).toBe('open');
    expect(await metric(running.url, 'kadoru_live_clients')).toBe(1);
  } finally {
    clearInterval(busy);
    socket.destroy();
    watcher.stop();
  }
});

test('a session that ends takes its live stream with it', async () => {
  const access = createAccess({
    mode: 'credentials',
    secret: { kind: 'text', text: 'a token of good length' },
    host: '127.0.0.1',
    publicHosts: [],
    clock,
  });
  const parts = bench({ access, limits: { liveMinIntervalMs: 1 } });
  const { url } = await serve(parts);
  const login = await access.logIn('a token of good length', '127.0.0.1');
  const session = login.kind === 'logged-in' ? login.session : '';
  const watcher = await watch(url, { cookie: `kadoru-session=${session}` });
  await vi.waitFor(() => expect(watcher.pictures).toHaveLength(1), patient);
  access.logOut(session);
  parts.plant.move(9);
  await vi.waitFor(() => expect(watcher.end).toBe('complete'), patient);
  expect(watcher.pictures).toHaveLength(1);
});

test('a server that closes ends the streams in order, well before it would cut them', async () => {
  const parts = bench();
  const running = await listen({
    app: parts.app,
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    closeWithinMs: 60_000,
  });
  const watcher = await watch(running.url);
  await vi.waitFor(() => expect(watcher.pictures).toHaveLength(1), patient);
  await running.close();
  await vi.waitFor(() => expect(watcher.end).toBe('complete'), patient);
});

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}
