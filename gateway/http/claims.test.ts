import { noHeads } from '../seals/handed-out.ts';
import { expect, test } from 'vitest';
import { type FrozenClaim, recordClaim } from '../claims/life.ts';
import { bench } from './testing-app.ts';

const claim = 'minato-pv-fy2021-1';
const frozen: FrozenClaim = {
  state: 'frozen',
  claim,
  project: 'minato-pv',
  fiscalYear: 2021,
  fixture: false,
  erKg: '2281.104',
  tonnes: 2,
  members: 1,
  payment: { kind: 'participation-fee' },
  manifestSha256: 'ab'.repeat(32),
  keyId: 'cd'.repeat(32),
  corrects: null,
  spans: [{ register: 'minato/home-1/generated', from: 0, to: 1 }],
};

test('claims with where they stand: sums, and nothing of a member', async () => {
  const { app, store } = bench();
  const place = { nowMs: 5, by: 'tests' };
  await recordClaim(store, frozen, { ...place, number: 1 });
  await recordClaim(store, { state: 'applied', claim, on: '2022-06-01' }, { ...place, number: 2 });
  const text = await (await app.hono.request('/api/v1/claims')).text();
  expect(JSON.parse(text)).toMatchObject({
    items: [
      { claim, state: 'applied', tonnes: 2, members: 1, appliedOn: '2022-06-01', issued: null },
    ],
  });
  expect(text).not.toContain('home-1');
});

test('heads of seals, of no register yet', async () => {
  const answer = await bench().app.hono.request('/api/v1/seals/heads');
  expect(await answer.json()).toEqual({ items: [], digest: noHeads });
});
