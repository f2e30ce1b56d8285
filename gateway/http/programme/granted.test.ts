import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ClaimStanding, Pull, ReductionList, ShownFactor } from '#gateway/contract';
import { type FrozenClaim, recordClaim } from '../../claims/life.ts';
import type { HandedOut } from '../../seals/check.ts';
import { headsBehind, headsDigest } from '../../seals/handed-out.ts';
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

test('claims, reductions, factors and heads of seals give a token what is its project’s', async () => {
  const { items: factors } = await office.json<Items<ShownFactor>>('/factors', ward);
  expect(factors).toContainEqual(expect.objectContaining({ symbol: 'C_a', fiscalYear: 2021 }));
  const entry: Omit<FrozenClaim, 'claim' | 'project'> = {
    state: 'frozen',
    fiscalYear: 2025,
    fixture: false,
    erKg: '1',
    tonnes: 0,
    members: 1,
    payment: { kind: 'participation-fee' },
    manifestSha256: '0',
    keyId: '0',
    corrects: null,
    spans: [],
  };
  for (const project of ['minato-pv', 'other-pv'])
    await recordClaim(
      office.bench.store,
      { ...entry, project, claim: `${project}-fy2025-1` },
      { number: 1, nowMs, by: 'tests' },
    );
  for (const [who, claims] of [
    [ward, ['minato-pv-fy2025-1']],
    [undefined, ['other-pv-fy2025-1', 'minato-pv-fy2025-1']],
  ] as const) {
    const { items } = await office.json<Items<ClaimStanding>>('/claims', who);
    expect(items.map(({ claim }) => claim)).toEqual(claims);
  }
  const asked = (generator: string, span: string, who = token) =>
    office.refused(`/reductions?generator=${generator}&${span}&${why}`, who);
  expect(await asked('minato/other-1', spanOfDay)).toEqual([
    403,
    expect.stringMatching(/minato\/other-1 is no register of it$/),
  ]);
  expect(await asked('minato/nothing', spanOfDay)).toEqual([
    403,
    expect.stringMatching(/no register/),
  ]);
  expect(await asked('minato/home-1', '')).toEqual([
    403,
    expect.stringMatching(/inside 2026-04-10T/),
  ]);
  expect(await asked('minato/home-1', spanOfDay, ward)).toEqual([
    403,
    expect.stringMatching(/of role ward/),
  ]);
  const own = await office.json<ReductionList>(
    `/reductions?generator=minato/home-1&${spanOfDay}&${why}`,
    token,
  );
  expect(own.items.map(({ elWh }) => elWh)).toEqual([4_320]);
  expect(await office.refused('/seals/heads', token)).toEqual([
    400,
    expect.stringMatching(/^purpose/),
  ]);
  expect(await office.refused(`/seals/heads?${why}`, ward)).toEqual([
    403,
    expect.stringMatching(/of role ward/),
  ]);
});

test('heads of seals go out with every pull, and it is known which went out when', async () => {
  interface Pulled {
    readonly seals?: { readonly digest: string; readonly heads: HandedOut };
    readonly next?: string;
  }
  const all = await office.json<Items<{ register: string; head: string }>>('/seals/heads');
  expect(all.items.map(({ register }) => register)).toContain('minato/other-1/generated');
  const mine = await office.json<Items<{ register: string; head: string }> & { digest: string }>(
    `/seals/heads?${why}`,
    token,
  );
  const registers = ['home-1', 'shop-1'].flatMap((asset) =>
    ['generated', 'exported'].map((quantity) => `minato/${asset}/${quantity}`),
  );
  expect(mine.items.map(({ register }) => register).toSorted()).toEqual(registers.toSorted());
  for (const part of ['members', 'intervals', 'register-readings', 'activity', 'calculation']) {
    const answer = await office.get(`${home}/${part}?${why}`, token);
    expect(answer.headers.get('kadoru-seal-heads'), part).toBe(mine.digest);
    await answer.text();
  }
  const first = await office.json<Pulled>(`${home}/intervals?${why}&limit=100`, token);
  expect([first.next === undefined, first.seals]).toEqual([false, undefined]);
  for (const part of ['intervals', 'activity', 'calculation']) {
    const { seals } = await office.json<Pulled>(`${home}/${part}?${why}`, token);
    expect(seals?.digest, part).toBe(mine.digest);
    expect(headsDigest(seals?.heads ?? []), part).toBe(mine.digest);
  }
  const { items } = await office.json<Items<Pull>>(`${home}/pulls?limit=3`, auditor);
  expect(items.map(({ seals }) => seals)).toEqual([mine.digest, mine.digest, mine.digest]);
  const behind = await headsBehind(office.bench.store, new Set([mine.digest, '0'.repeat(64)]));
  expect([...behind.keys()]).toEqual([mine.digest]);
  expect(
    behind
      .get(mine.digest)
      ?.map(({ register }) => register)
      .toSorted(),
  ).toEqual(registers.toSorted());
});
