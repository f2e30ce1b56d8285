import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Activity, type MemberCalculation, memberCalculationSchema } from '#gateway/contract';
import { calculateClaim, type MemberResult } from '../../claims/calculate.ts';
import { parseConfig } from '../../config/load.ts';
import { configuredMeters } from '../../derive/meter.ts';
import { formatExact } from '../../emissions/exact.ts';
import { minuteMs, nowMs, type Partner, partner, sites, start } from './testing-partner.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const why = 'purpose=monitoring%20report';
const home = '/projects/minato-pv';
interface Items<T> {
  readonly items: T[];
  readonly next?: string;
}

let office: Partner;
let token: string;
beforeAll(async () => {
  office = await partner();
  token = await office.token('partner');
});
afterAll(() => office.close());

const pull = (query = '') =>
  office.json<Items<MemberCalculation>>(`${home}/calculation?${why}${query}`, token);

/** The same members as the command line calculates them, from readings. */
async function claimed(): Promise<MemberResult[]> {
  const results: MemberResult[] = [];
  const meters = configuredMeters(parseConfig(sites, 'gateway.yaml', {}));
  const { store, desk } = office.bench;
  const question = { project: 'minato-pv', fiscalYear: 2026, fixture: false, acknowledged: [] };
  await calculateClaim(
    { store, desk, meters, fuelCells: new Map(), claims: [] },
    { ...question, corrects: undefined, atMs: nowMs },
    async (result) => void results.push(result),
  );
  return results;
}

async function expectTheClaims(): Promise<void> {
  const { items } = await pull();
  const results = await claimed();
  expect(items.map(({ member }) => member)).toEqual(
    results.map(({ planned }) => planned.member.id),
  );
  for (const [index, { bands, stretches }] of results.entries()) {
    const item = memberCalculationSchema.parse(items[index]);
    expect(item.bands.map(({ elWh, source, reductionKg }) => [elWh, source, reductionKg])).toEqual(
      bands.map(({ elWh, source, reductionKg }) => [elWh, source, formatExact(reductionKg)]),
    );
    // Of other time than the member's, and of time that is still to come, nothing is said.
    const inside = ({ from, to }: { from: number; to: number }) =>
      from >= item.from && to <= start + 48 * 60 * minuteMs;
    const measured = stretches.filter(
      (each) => !each.counted && each.elWh !== null && inside(each),
    );
    expect(item.uncounted.filter(({ elWh }) => elWh !== null)).toEqual(
      measured.map(({ from, to, elWh, reason }) =>
        expect.objectContaining({ from, to, elWh, reason }),
      ),
    );
  }
}

test('a member’s year: EL, the factor with its source, kilograms, and what does not count and why', async () => {
  const { items } = await pull('&member=home-1');
  const [item] = items;
  // A day: 288 x (20 - 5) Wh, across the gap too, times the last verified factor.
  expect(item).toMatchObject({
    member: 'home-1',
    fiscalYear: 2026,
    energy: { elWh: 4_320, generatedWh: 5_760, soldWh: 1_440, coveredSeconds: 86_400 },
    bands: [
      {
        band: 'all',
        elWh: 4_320,
        factor: '0.000434',
        source: 'C_a 2021',
        baselineKg: '1.87488',
        projectKg: '0',
        reductionKg: '1.87488',
        provisional: [{ reason: 'factor-provisional' }],
      },
    ],
    items: { generated: { wh: 5_760, unallocatedWh: 0 } },
    provisional: [{ reason: 'methodology-unconfirmed' }],
  });
  expect(item?.uncounted.map(({ from, to, reason }) => [from, to, reason])).toEqual([
    [Date.parse('2026-04-10T00:00:00+09:00'), start, 'gap-at-edge'],
    [start + 24 * 60 * minuteMs, nowMs, 'gap-at-edge'],
  ]);
});

test('a meter without evidence earns nothing, in pages and as CSV too', async () => {
  const first = await pull('&limit=1');
  expect([first.items.length, first.next]).toEqual([1, 'home-1']);
  const second = await pull('&limit=1&page=home-1');
  expect(second.next).toBeUndefined();
  expect(second.items).toMatchObject([
    {
      member: 'shop-1',
      bands: [],
      energy: { elWh: 0 },
      uncounted: [{}, { reason: 'no-evidence' }, {}],
    },
  ]);
  const csv = await office.get(`${home}/calculation?${why}&format=csv`, token);
  const lines = (await csv.text()).trimEnd().split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(
    /^home-1,2026,all,2026-04-10T00:00:00.000\+09:00,2026-05-03T00:00:00.000\+09:00,4320,0.000434,C_a 2021,1.87488,0,1.87488,/,
  );
  expect(lines[2]).toMatch(/^shop-1,2026,,.*no-evidence shop-1-s/);
  expect(await office.refused(`${home}/calculation?${why}&page=x`, token)).toEqual([
    400,
    'page: is no `next` of a page before',
  ]);
});

test('activity tells the same EL, with what does not count by reason', async () => {
  const { items } = await office.json<Items<Activity>>(`${home}/activity?${why}`, token);
  const { items: calculated } = await pull();
  expect(items.map(({ energy }) => energy)).toEqual(calculated.map(({ energy }) => energy));
  expect(items[1]?.energy).toMatchObject({
    elWh: 0,
    uncounted: expect.arrayContaining([
      { reason: 'no-evidence', stretches: 3, seconds: 23 * 86_400, elWh: 4_320 },
    ]),
  });
});

test('it is what a claim calculates from the readings, with an outage, late data and a fall', async () => {
  await expectTheClaims();
  const etag = (await office.get(`${home}/calculation?${why}`, token)).headers.get('etag') ?? '';
  const second = (seq: number, generated: number, sold: number) => ({
    stream: 'second',
    seq,
    at: start + (24 * 60 + seq * 5) * minuteMs,
    clock: 'synced' as const,
    readings: {
      'home-1/generated': { value: generated },
      'home-1/exported': { value: sold },
    },
  });
  const frames = Array.from({ length: 200 }, (_, seq) =>
    // At 160 the register of what was generated falls, and nobody says why.
    second(seq, (seq < 160 ? 6_760 : 900) + seq * 30, 1_940 + seq * 7),
  );
  const late = frames.splice(50, 20);
  await office.bench.receive('minato', 'pi-1', frames);
  await office.bench.derive();
  await expectTheClaims();
  await office.bench.receive('minato', 'pi-1', late);
  await office.bench.derive();
  await expectTheClaims();
  const { items } = await pull('&member=home-1');
  expect(items[0]?.uncounted.map(({ reason }) => reason)).toContain('open-event');
  const again = await office.get(`${home}/calculation?${why}`, token, { 'if-none-match': etag });
  expect(again.status).toBe(200);
});
