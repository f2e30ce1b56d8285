import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { problemSchema, routes, type RouteName } from '#gateway/contract';
import { StoreError } from '../store/port.ts';
import { revisionFor } from '../programme/entry.ts';
import {
  deviceEntry,
  memberEntry,
  meterEntry,
  projectEntry,
} from '../programme/testing-programme.ts';
import { type Bench, bench, reading } from './testing-app.ts';

vi.setConfig({ testTimeout: 60_000 });

const names = Object.keys(routes) as RouteName[];
const placed: Record<string, string> = {
  ':id': 'pack-1',
  ':delivery': 'd-1',
  ':at': '1775001600000',
  ':kind': 'batch',
  ':record': 'b-1',
  ':origin': 'tokyo',
};
const pathOf = (name: RouteName): string =>
  `/api/v1${routes[name].path.replaceAll(/:[a-z]+/g, (part) => placed[part] ?? part)}`;
const ask = (name: RouteName, query = '') => ({
  url: `${pathOf(name)}${query}`,
  init: { method: routes[name].method.toUpperCase() },
});
const gets = names.filter((name) => routes[name].method === 'get');
const plain = gets.filter((name) => name !== 'live');

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return problemSchema.parse(await response.json());
}

const purpose = '?purpose=test';
const ofMeter = '?meter=keihin/pv-1/generated';
/** What a route cannot be asked without. */
const queries: Partial<Record<string, string>> = {
  readings: '?channel=keihin/pi-1/pack-1/pressure',
  intervals: ofMeter,
  registerEvents: ofMeter,
  meterReadings: ofMeter,
  corrections: ofMeter,
  reductions: '?generator=keihin/pv-1',
  projectMembers: purpose,
  projectIntervals: purpose,
  projectReadings: purpose,
  projectActivity: purpose,
  projectCalculation: purpose,
};

/** A project of one home with one meter, under the id that every path of the table is asked with. */
async function enrol({ desk, store }: Bench): Promise<void> {
  const entries = [
    projectEntry('pack-1'),
    memberEntry('home-1', { project: 'pack-1' }),
    deviceEntry('home-1-pv', 'home-1'),
    meterEntry('home-1-g', 'home-1', 'keihin/pv-1/generated'),
  ];
  for (const entry of entries) {
    const record = revisionFor(desk, entry, { by: '佐藤', nowMs: 1 });
    if (record !== undefined) await desk.add(record);
  }
  store.stored.push({ ...reading(1), asset: 'pv-1', quantity: 'generated', value: 5 });
}

test('every route of the table answers in its medium and by its schema', async () => {
  const plant = bench();
  const { app, store } = plant;
  store.stored.push(reading(0));
  await enrol(plant);
  for (const name of plain) {
    const query = queries[name] ?? '';
    const response = await app.hono.request(`${pathOf(name)}${query}`);
    expect(response.status, name).toBe(200);
    expect(response.headers.get('content-type'), name).toContain(routes[name].media);
    // What is pulled may be kept by whoever asks again with its ETag; nothing else may be kept.
    const kept = queries[name] === purpose ? 'private, no-cache' : 'no-store';
    expect(response.headers.get('cache-control'), name).toBe(kept);
    expect(routes[name].answer.safeParse(await response.json()).error, name).toBeUndefined();
  }
});

test('a gateway that only stores answers what the store knows, and sends to the primary for all else', async () => {
  const { app, store } = bench({ storesOnly: true });
  store.stored.push(reading(0));
  const ofTheStore = new Set<RouteName>(['health', 'readings', 'gaps']);
  for (const name of names) {
    const { url, init } = ask(name, queries[name] ?? '');
    const response = await app.hono.request(url, init);
    if (ofTheStore.has(name)) expect(response.status, name).toBe(200);
    else {
      const { status, detail } = await problemOf(response);
      expect({ status, detail }, name).toMatchObject({
        status: 503,
        detail: expect.stringContaining('ask the primary'),
      });
    }
  }
  expect((await app.hono.request('/')).status).toBe(503);
  expect((await app.hono.request('/metrics')).status).toBe(200);
});

test('a key that no query knows, or twice the same, is refused on every route and named', async () => {
  const { app } = bench();
  for (const name of names) {
    const query = '?form=1&form=2';
    const { url, init } = ask(name, query);
    const problem = await problemOf(await app.hono.request(url, init));
    expect(problem.status, name).toBe(400);
    expect(problem.errors?.[0]?.field, name).toBe('form');
  }
  const twice = await problemOf(await app.hono.request('/api/v1/gaps?site=keihin&site=keihin'));
  expect(twice.errors).toEqual([{ field: 'site', detail: 'is given more than once' }]);
});

test('every mistake of a query is told at once, with the field, the value and the way out', async () => {
  const { app } = bench();
  const response = await app.hono.request(
    '/api/v1/packs/pack-1/history?from=yesterday&points=1&x=1',
  );
  const { errors } = await problemOf(response);
  expect(errors?.map(({ field }) => field).toSorted()).toEqual(['from', 'points', 'x']);
  expect(errors?.find(({ field }) => field === 'from')).toMatchObject({
    value: 'yesterday',
    detail: expect.stringContaining('epoch milliseconds'),
  });
});

test('an unknown id is a 404 that names the known ones', async () => {
  const { app, store } = bench();
  store.stored.push(reading(0));
  for (const [path, known] of [
    ['/packs/pack-9/history', 'pack-1'],
    ['/readings?channel=keihin/pi-1/pack-9/pressure', 'keihin/pi-1/pack-1/pressure'],
    ['/gaps?site=nowhere', 'keihin'],
    ['/gaps?device=pi-9', 'pi-1'],
  ] as const) {
    const problem = await problemOf(await app.hono.request(`/api/v1${path}`));
    expect(problem.status, path).toBe(404);
    expect(problem.detail, path).toContain(known);
  }
});

test('a channel that cannot be one is refused before the store is asked', async () => {
  const { app } = bench();
  for (const channel of [
    '',
    'a',
    'keihin/pi-1/pack-1',
    'keihin/pi-1/pack-1/speed',
    'A/b/c/pressure',
    'a/b/c/pressure/d',
  ]) {
    const query = new URLSearchParams({ channel });
    const problem = await problemOf(await app.hono.request(`/api/v1/readings?${query}`));
    expect(problem.status, channel).toBe(400);
    expect(problem.errors?.[0]?.field, channel).toBe('channel');
  }
});

test('a pack of that name at two sites needs the site', async () => {
  const packs = [
    { site: 'keihin', id: 'pack-1' },
    { site: 'ota', id: 'pack-1' },
  ];
  const { app } = bench({ packs });
  const problem = await problemOf(await app.hono.request('/api/v1/packs/pack-1/history'));
  expect(problem).toMatchObject({ status: 400, detail: expect.stringContaining('keihin, ota') });
  expect((await app.hono.request('/api/v1/packs/pack-1/history?site=ota')).status).toBe(200);
});

test('a span that runs backwards is refused', async () => {
  const { app } = bench();
  const response = await app.hono.request(
    '/api/v1/gaps?from=2026-04-02T00:00:00Z&to=2026-04-01T00:00:00Z',
  );
  expect((await problemOf(response)).errors?.[0]?.field).toBe('from');
});

test('a path that is nowhere is a 404, and a wrong method a 405 that says the right ones', async () => {
  const { app } = bench();
  expect((await problemOf(await app.hono.request('/api/v1/nothing'))).status).toBe(404);
  for (const name of names) {
    const response = await app.hono.request(pathOf(name), { method: 'PUT' });
    expect(response.status, name).toBe(405);
    expect(response.headers.get('allow'), name).toContain(routes[name].method.toUpperCase());
    await problemOf(response);
  }
});

test('what nobody foresaw is a 500 that tells an id, and only the log tells the rest', async () => {
  const { app, plant, logged } = bench();
  plant.healthFailure = new Error('password=hunter2');
  const response = await app.hono.request('/api/v1/health');
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).not.toContain('hunter2');
  expect(logged).toHaveLength(1);
  expect(logged[0]?.details).toMatchObject({ err: plant.healthFailure, path: '/api/v1/health' });
  const incident: unknown = Reflect.get(logged[0]?.details ?? {}, 'incident');
  expect(text).toContain(incident);
});

test('a store that fails before the first row is a 503 that asks to come back', async () => {
  const { app, store } = bench();
  store.stored.push(reading(0));
  store.failure = { afterRows: 0, error: new StoreError('disk asleep', true) };
  const response = await app.hono.request('/api/v1/readings?channel=keihin/pi-1/pack-1/pressure');
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('5');
  expect(store.openReads).toBe(0);
});

test('no query whatever makes the gateway fail', async () => {
  const { app, store, logged } = bench();
  store.stored.push(reading(0));
  const key = fc.oneof(
    fc.constantFrom('from', 'to', 'points', 'site', 'device', 'channel', 'format', '__proto__'),
    fc.string(),
  );
  const value = fc.oneof(
    fc.constantFrom(
      '2026-04-01T00:00:00+09:00',
      '0',
      '1775001600000',
      'csv',
      '1e3',
      'keihin',
      'keihin/pi-1/pack-1/pressure',
    ),
    fc.nat().map(String),
    fc.string({ unit: 'binary' }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...plain),
      fc.array(fc.tuple(key, value), { maxLength: 5 }),
      async (name, query) => {
        const response = await app.hono.request(`${pathOf(name)}?${new URLSearchParams(query)}`);
        await response.arrayBuffer();
        expect([200, 400, 404, 414]).toContain(response.status);
      },
    ),
    { numRuns: 300 },
  );
  expect(logged).toEqual([]);
});

test('what is too long is refused', async () => {
  const { app } = bench({ limits: { bodyBytes: 100 } });
  expect((await app.hono.request(`/api/v1/gaps?site=${'x'.repeat(5000)}`)).status).toBe(414);
  const body = JSON.stringify({ token: 'x'.repeat(200) });
  const headers = { 'content-length': String(body.length) };
  expect(
    (await app.hono.request('/api/v1/session', { method: 'POST', body, headers })).status,
  ).toBe(413);
});

test('metrics are in the Prometheus text format', async () => {
  const { app } = bench();
  const response = await app.hono.request('/metrics');
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(await response.text()).toMatch(/^kadoru_live_clients 0$/m);
});

test('HEAD on a stream opens none', async () => {
  const { app, store, plant } = bench();
  store.stored.push(reading(0));
  for (const path of ['/live', '/readings?channel=keihin/pi-1/pack-1/pressure']) {
    const response = await app.hono.request(`/api/v1${path}`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.body).toBeNull();
  }
  expect(plant.subscribers).toBe(0);
  expect(store.rowsRead).toBe(0);
});
