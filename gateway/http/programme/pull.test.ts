import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  type Activity,
  type MemberInterval,
  registerReadingSchema,
  type ShownMember,
  type ShownProject,
} from '#gateway/contract';
import { revisionFor } from '../../programme/entry.ts';
import { japanDateMs } from '../../programme/japan-date.ts';
import { meterEntry } from '../../programme/testing-programme.ts';
import { day, minuteMs, nowMs, type Partner, partner, start } from './testing-partner.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const why = 'purpose=monitoring%20report';
const home = '/projects/minato-pv';
const spanOfDay = 'from=2026-05-01T00:00:00%2B09:00&to=2026-05-02T00:00:00%2B09:00';
interface Pulled {
  readonly items: MemberInterval[];
  readonly next?: string;
  readonly cursor: string;
}
interface Items<T> {
  readonly items: T[];
}

let office: Partner;
let token: string;
beforeAll(async () => {
  office = await partner();
  token = await office.token('partner');
});
afterAll(() => office.close());

test('a partner sees its project, its members under their pseudonyms, and what to look at', async () => {
  const { items } = await office.json<Items<ShownProject>>('/projects', token);
  expect(items).toEqual([expect.objectContaining({ id: 'minato-pv', members: 2 })]);
  const members = await office.json<Items<ShownMember> & { next?: string }>(
    `${home}/members?limit=1&${why}`,
    token,
  );
  expect(members).toMatchObject({
    items: [
      {
        id: 'home-1',
        devices: [{ daysLeft: 609 }],
        meters: [{ id: 'home-1-g' }, { id: 'home-1-s' }],
      },
    ],
    next: 'home-1',
  });
  const rest = await office.json<Items<ShownMember>>(`${home}/members?cursor=home-1&${why}`, token);
  expect(rest.items).toMatchObject([
    { id: 'shop-1', meters: [{}, { evidence: null }], findings: [{ field: 'evidence.kind' }] },
  ]);
});

test('half hours come in pages and as CSV, with coverage, gaps and unallocated energy beside them', async () => {
  const whole = await office.json<Pulled>(`${home}/intervals?${spanOfDay}&${why}`, token);
  expect(whole.items).toHaveLength(4 * 48);
  expect(whole.items[0]).toEqual({
    member: 'home-1',
    meter: 'home-1-g',
    item: 'generated',
    register: 'minato/home-1/generated',
    start,
    end: start + 30 * minuteMs,
    wh: 120,
    unit: 'Wh',
    unallocated: [],
    coveredSeconds: 1800,
    missingSeconds: 0,
    quality: 'good',
    revision: 1,
    openEvents: [],
  });
  const gap = { from: start + 119 * 5 * minuteMs, to: start + 142 * 5 * minuteMs, wh: 460 };
  expect(whole.items[21]).toMatchObject({ wh: 0, missingSeconds: 1800, unallocated: [gap] });
  const pages: MemberInterval[] = [];
  const cursors = new Set<string>();
  for (let next = ''; ;) {
    const at = next === '' ? '' : `&page=${encodeURIComponent(next)}`;
    const page = await office.json<Pulled>(
      `${home}/intervals?${spanOfDay}&limit=50&${why}${at}`,
      token,
    );
    pages.push(...page.items);
    cursors.add(page.cursor);
    if (page.next === undefined) break;
    next = page.next;
  }
  expect(pages).toEqual(whole.items);
  expect(cursors.size).toBe(1);
  const csv = await office.get(`${home}/intervals?${spanOfDay}&format=csv&${why}`, token);
  expect(csv.headers.get('kadoru-cursor')).toMatch(/^p1\.[0-9a-f]{12}\.\d+\.\d+$/);
  const lines = (await csv.text()).trimEnd().split('\r\n');
  expect(lines).toHaveLength(1 + whole.items.length);
  expect(lines[1]).toBe(
    'home-1,home-1-g,generated,minato/home-1/generated,2026-05-01T00:00:00.000+09:00,2026-05-01T00:30:00.000+09:00,120,,1800,0,good,1,,Wh',
  );
});

test('readings and activity add up to the same energy, and what lies across a gap is beside it', async () => {
  const text = await (
    await office.get(`${home}/register-readings?member=shop-1&${why}`, token)
  ).text();
  const readings = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(readings).toHaveLength(2 * 289);
  expect(readings[288]).toMatchObject({
    meter: 'shop-1-g',
    value: 1_000 + 288 * 20,
    clock: 'synced',
  });
  const { items } = await office.json<Items<Activity>>(`${home}/activity?${why}`, token);
  const known = { wh: 5_760, coveredSeconds: 86_400, unallocatedWh: 0, openEvents: 0 };
  expect(items).toMatchObject([
    { member: 'home-1', fiscalYear: 2026, items: { generated: known, auxiliary: null } },
    { member: 'shop-1', items: { generated: known, sold: { wh: 1_440 } } },
  ]);
  const [shop] = items.slice(1);
  const missing = (nowMs - japanDateMs('2026-04-10')) / 1000 - 86_400;
  expect(shop?.items.generated?.missingSeconds).toBe(missing);
  const csv = await (await office.get(`${home}/activity?format=csv&${why}`, token)).text();
  expect(csv.split('\r\n')[2]).toMatch(
    /^shop-1,2026,2026-04-10T00:00:00.000\+09:00,2026-05-03T00:00:00.000\+09:00,5760,0,86400,/,
  );
});

test('readings go on where a pull stopped, too: late ones, those without a value, and corrected ones', async () => {
  const path = `${home}/register-readings`;
  const pull = async (since?: string, headers: Record<string, string> = {}) => {
    const at = since === undefined ? '' : `since=${since}&`;
    const answer = await office.get(`${path}?${at}${why}`, token, headers);
    const text = await answer.text();
    return {
      status: answer.status,
      etag: answer.headers.get('etag') ?? '',
      cursor: answer.headers.get('kadoru-cursor') ?? '',
      items: text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => registerReadingSchema.parse(JSON.parse(line))),
    };
  };
  const first = await pull();
  expect(first.cursor).toMatch(/^r1\.[0-9a-f]{12}\.\d+\.\d+$/);
  expect((await pull(first.cursor)).items).toEqual([]);
  expect(await pull(undefined, { 'if-none-match': first.etag })).toMatchObject({
    status: 304,
    items: [],
    cursor: expect.stringMatching(/^r1/),
  });
  // No half hour changes by it.
  const at = start + 130 * 5 * minuteMs;
  const readings = { 'home-1/exported': { value: null, quality: 'bad', why: 'no-data' } } as const;
  await office.bench.receive('minato', 'pi-1', [
    { stream: 'n', seq: 0, at, clock: 'synced', readings },
  ]);
  await office.bench.derive();
  const late = await pull(first.cursor, { 'if-none-match': first.etag });
  expect(late.items).toContainEqual(
    expect.objectContaining({ meter: 'home-1-s', at, value: null }),
  );
  expect(new Set(late.items.map(({ meter }) => meter))).toEqual(new Set(['home-1-s']));
  expect((await pull(undefined, { 'if-none-match': first.etag })).status).toBe(200);
  expect((await pull(late.cursor)).items).toEqual([]);
  const said = await fetch(`${office.url}/api/v1/corrections`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      meter: 'minato/shop-1/exported',
      at: start,
      before: 500,
      after: 501,
      by: '佐藤',
      why: '検針票',
    }),
  });
  expect(said.status).toBe(201);
  await office.bench.derive();
  const corrected = await pull(late.cursor);
  expect(new Set(corrected.items.map(({ meter }) => meter))).toEqual(new Set(['shop-1-s']));
  expect(corrected.items[0]).toMatchObject({ at: start, value: 500, corrected: 501 });
  const csv = await office.get(`${path}?format=csv&since=${late.cursor}&${why}`, token);
  const [header, line] = (await csv.text()).split('\r\n');
  expect(header).toMatch(/,clock,unit,corrected$/);
  expect(line).toMatch(/^shop-1,shop-1-s,2026-05-01T00:00:00.000\+09:00,500,.*,synced,Wh,501$/);
});

test('a pull goes on where it stopped: late half hours, corrected ones, and meters that were enrolled since', async () => {
  const first = await office.json<Pulled>(`${home}/intervals?${why}&limit=20000`, token);
  const changed = (cursor: string) =>
    office.json<Pulled>(`${home}/intervals?since=${cursor}&limit=20000&${why}`, token);
  expect((await changed(first.cursor)).items).toEqual([]);
  await office.bench.receive(
    'minato',
    'pi-1',
    day('home-1', (place) => place === 126),
  );
  await office.bench.derive();
  const late = await changed(first.cursor);
  const touched = late.items.map((each) => each.start);
  // The gap from 9:55 to 11:50 became two: its labels changed in every half hour it touches, of both registers.
  expect(new Set(late.items.map(({ meter }) => meter))).toEqual(new Set(['home-1-g', 'home-1-s']));
  expect(Math.min(...touched)).toBe(start + 19 * 30 * minuteMs);
  expect(late.items.every(({ revision }) => revision === 2)).toBe(true);
  expect((await changed(late.cursor)).items).toEqual([]);
  expect((await changed(first.cursor)).items).toEqual(late.items);
  const { desk } = office.bench;
  const entry = meterEntry('shop-1-x', 'shop-1', 'minato/other-1/generated', {
    device: 'shop-1-pv',
    item: 'auxiliary',
  });
  const record = revisionFor(desk, entry, { by: '佐藤', nowMs: nowMs + 5 });
  if (record !== undefined) await desk.add(record);
  const more = await changed(late.cursor);
  expect(new Set(more.items.map(({ meter }) => meter))).toEqual(new Set(['shop-1-x']));
  expect(more.items).toHaveLength(48);
});

test('a cursor of another store, of no store and of the future is refused with the reason', async () => {
  const ask = (cursor: string) => office.refused(`${home}/intervals?since=${cursor}&${why}`, token);
  const { cursor } = await office.json<Pulled>(`${home}/intervals?limit=1&${why}`, token);
  const own = cursor.split('.')[1] ?? '';
  expect(await ask('p1.0123456789ab.5.5')).toEqual([
    409,
    `since: is a cursor of store 0123456789ab, and this is store ${own}: pull once without it`,
  ]);
  expect(await ask(`p1.${own}.9999999999999999.5`)).toEqual([
    409,
    expect.stringMatching(/lies ahead/),
  ]);
  expect(await ask('yesterday')).toEqual([400, 'since: is no `cursor` of a pull']);
  // What changed of readings says nothing of half hours.
  expect(await ask(cursor.replace('p1', 'r1'))).toEqual([400, 'since: is no `cursor` of a pull']);
  expect(await office.refused(`${home}/intervals?page=x&${why}`, token)).toEqual([
    400,
    'page: is no `next` of a page before',
  ]);
});

test('what is known already is not sent again, and what is sent is sent small', async () => {
  const path = `${home}/intervals?${spanOfDay}&`;
  const first = await office.get(path + why, token, { 'accept-encoding': 'gzip' });
  expect(first.headers.get('content-encoding')).toBe('gzip');
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toMatch(/^W\/"/);
  expect((await first.json()).items.length).toBeGreaterThan(100);
  const held = { 'if-none-match': etag };
  const again = await office.get(`${path}purpose=once%20more`, token, held);
  expect([again.status, await again.text()]).toEqual([304, '']);
  await office.bench.receive('minato', 'pi-2', [
    {
      stream: 't',
      seq: 0,
      at: start + 300 * 5 * minuteMs,
      clock: 'synced',
      readings: { 'shop-1/generated': { value: 8_000 } },
    },
  ]);
  await office.bench.derive();
  const changed = await office.get(path + why, token, held);
  expect(changed.status).toBe(200);
  await changed.text();
  const plain = await office.get(path + why, token, { 'accept-encoding': 'identity' });
  expect(plain.headers.get('content-encoding')).toBeNull();
  await plain.text();
});
