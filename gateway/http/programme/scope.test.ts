import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Handling, Progress, Pull } from '#gateway/contract';
import { newToken } from '../../access/partner-token.ts';
import { revokeToken } from '../../programme/tokens.ts';
import { nowMs, type Partner, partner } from './testing-partner.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const why = 'purpose=monitoring%20report';
const home = '/projects/minato-pv';
const spanOfDay = 'from=2026-05-01T00:00:00%2B09:00&to=2026-05-02T00:00:00%2B09:00';
interface Items<T> {
  readonly items: T[];
}

let office: Partner;
let token: string;
let ward: string;
let auditor: string;
beforeAll(async () => {
  office = await partner();
  token = await office.token('partner');
  ward = await office.token('ward');
  auditor = await office.token('auditor');
});
afterAll(() => office.close());

test('a token opens its own project, in its role, for reading, as long as it lasts', async () => {
  const id = token.split('_')[1] ?? '';
  expect(await office.refused(`/projects/other-pv/intervals?${why}`, token)).toEqual([
    403,
    `token ${id} is for project minato-pv, not for other-pv`,
  ]);
  for (const path of ['/health', '/meters', '/alarms', `${home}/pulls`, '/handlings'])
    expect(await office.refused(path, token), path).toEqual([
      403,
      expect.stringMatching(
        /^token \w+ of role partner may not ask for this; it may ask for \/projects, /,
      ),
    ]);
  for (const part of [
    'members',
    'intervals',
    'register-readings',
    'activity',
    'pulls',
    'handlings',
  ])
    expect(await office.refused(`${home}/${part}?${why}`, ward), part).toEqual([
      403,
      expect.stringMatching(
        /of role ward may not ask for this; it may ask for .*\/projects\/\{id\}\/progress$/,
      ),
    ]);
  const metrics = await fetch(`${office.url}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect([metrics.status, (await metrics.text()).includes('kadoru_')]).toEqual([403, false]);
  const post = await fetch(`${office.url}/api/v1/handlings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${auditor}` },
    body: '{}',
  });
  expect(await post.json()).toMatchObject({
    status: 403,
    detail: expect.stringMatching(/may read only/),
  });

  const gone = await office.token('partner');
  const goneId = gone.split('_')[1] ?? '';
  await revokeToken(office.bench.desk, { token: goneId, by: '山田', why: 'lost' }, nowMs);
  expect(await office.refused('/projects', gone)).toEqual([
    401,
    `token ${goneId} was revoked at ${new Date(nowMs).toISOString()} by 山田: lost`,
  ]);
  const altered = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  for (const wrong of [altered, `kadoru_${'0'.repeat(12)}_${'A'.repeat(43)}`])
    expect(await office.refused('/projects', wrong)).toEqual([
      401,
      'the token is wrong or the session has ended: log in again',
    ]);
});

test('the routes by meter and channel give a token what its project has, in its time', async () => {
  const interval = (meter: string, span: string) =>
    office.refused(`/intervals?meter=${meter}&${span}&${why}`, token);
  expect(await interval('minato/home-2/generated', spanOfDay)).toEqual([
    403,
    expect.stringMatching(
      /is for project minato-pv, and minato\/home-2\/generated is no register of it$/,
    ),
  ]);
  const early = 'from=2026-04-01T00:00:00%2B09:00&to=2026-05-02T00:00:00%2B09:00';
  const year = `${spanOfDay}&resolution=fy`;
  const before = `${spanOfDay}&cursor=1774969200000`;
  for (const span of [early, year, before, ''])
    expect(await interval('minato/home-1/generated', span)).toEqual([
      403,
      expect.stringMatching(
        /inside 2026-04-10T00:00:00.000\+09:00 to 2034-04-10T00:00:00.000\+09:00/,
      ),
    ]);
  const own = await office.get(
    `/intervals?meter=minato/home-1/generated&${spanOfDay}&${why}`,
    token,
  );
  expect((await own.json()).items).toHaveLength(48);
  const events = `/register-events?meter=minato/home-1/generated`;
  expect(await office.refused(`${events}&${why}`, token)).toEqual([
    403,
    expect.stringMatching(/inside 2026-04-10T/),
  ]);
  expect((await office.get(`${events}&${spanOfDay}&${why}`, token)).status).toBe(200);
  const channel = '/readings?channel=minato/pi-1/home-1/generated';
  expect(await office.refused(`${channel}&${spanOfDay}`, token)).toEqual([
    400,
    expect.stringMatching(/^purpose: say in 2 to 200/),
  ]);
  const raw = await office.get(`${channel}&${spanOfDay}`, token, {
    'kadoru-purpose': '%E7%9B%A3%E6%9F%BB',
  });
  expect(raw.status).toBe(200);
  await raw.text();
  const { items } = await office.json<Items<Pull>>(`${home}/pulls?limit=200`, auditor);
  expect(items).toContainEqual(expect.objectContaining({ why: '監査' }));
});

test('whoever reads of members says why, and an auditor sees who took what, when and why', async () => {
  for (const part of ['members', 'intervals', 'register-readings', 'activity'])
    for (const who of [token, undefined])
      expect(await office.refused(`${home}/${part}`, who), part).toEqual([
        400,
        expect.stringMatching(/^purpose: say in 2 to 200 characters why/),
      ]);
  const before = (await office.json<Items<Pull>>(`${home}/pulls?limit=200`, auditor)).items.length;
  await office.get(`${home}/activity?fiscalYear=2025&purpose=annual%20claim`, token);
  await office.get(`${home}/members`, undefined, { 'kadoru-purpose': 'a look' });
  const { items } = await office.json<Items<Pull>>(`${home}/pulls?limit=200`, auditor);
  expect(items).toHaveLength(before + 2);
  const id = token.split('_')[1] ?? '';
  expect(items).toContainEqual({
    id: expect.any(String),
    at: nowMs,
    by: `token ${id} (the partner)`,
    project: 'minato-pv',
    what: `GET /api/v1${home}/activity?fiscalYear=2025`,
    why: 'annual claim',
    seals: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(items).toContainEqual(expect.objectContaining({ by: 'operator', why: 'a look' }));
});

test('a ward sees sums and progress, and no sum of fewer than three members', async () => {
  const seen = await office.json<Progress>(`${home}/progress`, ward);
  expect(seen).toMatchObject({
    fiscalYear: 2026,
    members: { enrolled: 2, counting: 2, left: 0 },
    devices: 2,
    energy: null,
  });
  const whole = await office.json<Progress>(`${home}/progress`, token);
  expect(whole.energy?.generated?.wh).toBe(2 * 5_760);
  expect(
    (await office.json<Progress>(`${home}/progress?fiscalYear=2020`, token)).energy?.generated?.wh,
  ).toBe(0);
});

test('the ledger of handled information takes lines from the operator and shows them to an auditor', async () => {
  const line = {
    project: 'minato-pv',
    action: 'copy',
    what: 'member list of fiscal year 2026',
    medium: 'encrypted USB stick',
    quantity: '1',
    who: '佐藤',
    checkedBy: '山田',
    approvedBy: '港区',
    at: nowMs - 60_000,
    by: '佐藤',
  };
  const post = (body: object) =>
    fetch(`${office.url}/api/v1/handlings`, { method: 'POST', body: JSON.stringify(body) });
  expect((await post(line)).status).toBe(201);
  expect(await (await post({ ...line, action: 'lend' })).json()).toMatchObject({
    status: 400,
    errors: [{ field: 'action', value: 'lend' }],
  });
  const { items } = await office.json<Items<Handling>>(`${home}/handlings`, auditor);
  expect(items).toEqual([{ ...line, id: expect.any(String), recordedAt: nowMs }]);
});

test('an unknown project or member is told with those there are', async () => {
  expect(await office.refused('/projects/nothing/members')).toEqual([
    404,
    'no such project; known: minato-pv, other-pv',
  ]);
  expect(await office.refused(`${home}/intervals?member=x&${why}`, token)).toEqual([
    404,
    'no such member; known: home-1, shop-1',
  ]);
});

test('a token that expired says when, and one that asks too often says when to go on', async () => {
  const made = newToken();
  const body = { project: 'minato-pv', role: 'partner', holder: 'the partner', expiresAt: nowMs };
  const { id, secretSha256 } = made;
  const about = { site: '_programme', kind: 'token', id, subject: 'minato-pv', by: '佐藤' };
  const record = { ...about, at: 1, recordedAt: 1, body: { ...body, secretSha256 } };
  await office.bench.desk.add(record);
  expect(await office.refused('/projects', made.text)).toEqual([
    401,
    `token ${id} expired at ${new Date(nowMs).toISOString()}: ask for a new one`,
  ]);
  const eager = await office.token('partner');
  for (let asked = 0; asked < 120; asked += 1)
    expect((await office.get('/projects', eager)).status).toBe(200);
  const answer = await office.get('/projects', eager);
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(await answer.json()).toMatchObject({
    detail: expect.stringMatching(/more than 120 times in a minute/),
  });
  expect((await office.get('/projects', token)).status).toBe(200);
});
