import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Frame } from '#device/contract';
import { factorListSchema, reductionListSchema, type ReductionList } from '#gateway/contract';
import { type MeterBench, meterBench } from '../energy/testing-meters.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const april = Date.parse('2027-04-01T00:00:00+09:00');
const start = april - dayMs;
const now = april + 2 * dayMs;
const generated = "{ evidence: { kind: specified, markExpires: '2027-03-31' }, class: B }";
const sites = `sites:
  - { id: keihin, generators: [{ id: pv-1, kind: pv, device: pi-1, meters: { exported: {} } }] }
  - { id: oota, generators: [{ id: pv-2, kind: pv, device: pi-2, meters: { generated: ${generated} },
      reduction: { sold: none } }] }
  - { id: minato, meters: [{ id: grid-1, device: pi-3, quantities: [imported, exported] }],
      generators: [{ id: pv-3, kind: pv, device: pi-3 }, { id: fc-3, kind: fuel-cell, device: pi-3 }] }`;

/** Every five minutes for three days; `exported` is silent from 23:00 on the second day to 01:00 on the third. */
function frames(values: (index: number) => Readonly<Record<string, number>>): Frame[] {
  return Array.from({ length: 3 * 288 - 5 }, (_, seq) => {
    const readings = Object.fromEntries(
      Object.entries(values(seq)).map(([channel, value]) => [channel, { value }]),
    );
    return { stream: 's', seq, at: start + seq * 5 * minuteMs, clock: 'synced', readings };
  });
}

let bench: MeterBench;
beforeAll(async () => {
  bench = await meterBench(sites, now);
  const silent = (index: number) => index > 288 + 276 && index < 576 + 12;
  await bench.receive(
    'keihin',
    'pi-1',
    frames((index) => ({
      'pv-1/generated': 1_000 + index * 20,
      ...(silent(index) ? {} : { 'pv-1/exported': 500 + index * 5 }),
    })),
  );
  await bench.receive(
    'oota',
    'pi-2',
    frames((index) => ({ 'pv-2/generated': index * 20 })),
  );
  await bench.receive(
    'minato',
    'pi-3',
    frames((index) => ({ 'pv-3/generated': index, 'fc-3/generated': index, 'grid-1/exported': 7 })),
  );
  await bench.derive();
});
afterAll(() => bench.close());

async function reductions(query: string): Promise<ReductionList> {
  const response = await bench.get(`/reductions?${query}`);
  expect(response.status).toBe(200);
  return reductionListSchema.parse(await response.json());
}
const whole = `from=${start}&to=${now}`;

test('days: what is used at home times the last verified factor, with what it lacks to be a claim', async () => {
  const list = await reductions(`generator=keihin/pv-1&${whole}`);
  // A day: 288 x (20 - 5) Wh, times 0.000434 t/kWh. The outage over midnight is in neither day.
  expect(list.items.map(({ elWh, kg }) => [elWh, kg])).toEqual([
    [4_320, '1.87488'],
    [276 * 15, '1.79676'],
    [(288 - 12 - 6) * 15, '1.7577'],
  ]);
  const gap = { from: april + 23 * 60 * minuteMs, to: april + 25 * 60 * minuteMs, elWh: 24 * 15 };
  expect(list.items[1]?.unallocated).toEqual([{ ...gap, kg: '0.15624' }]);
  expect(list.items[0]?.parts).toEqual([
    { fiscalYear: 2026, band: 'all', elWh: 4_320, factor: '0.000434', kg: '1.87488' },
  ]);
  expect(list).toMatchObject({
    methodology: { id: 'EN-R-002', confirmed: null },
    factorRule: 'all-source',
    withheld: [],
  });
  expect(list.provisional.map(({ reason }) => reason)).toEqual([
    'methodology-unconfirmed',
    'factor-of-another-year',
    'no-evidence',
    'no-evidence',
    'auxiliary-not-metered',
  ]);
  const years = await reductions(`generator=keihin/pv-1&resolution=fy&${whole}`);
  expect(years.items.map(({ elWh }) => elWh)).toEqual([4_320, (276 + 24 + 270) * 15]);
});

test('half hours come in pages, and all of them as CSV', async () => {
  const path = `generator=keihin/pv-1&resolution=30m&${whole}`;
  const all = await reductions(path);
  expect(all.items).toHaveLength(48 + 46 + 1 + 45);
  const first = await reductions(`${path}&limit=100`);
  expect(first.items).toHaveLength(100);
  const second = await reductions(`${path}&limit=100&cursor=${first.next}`);
  expect([...first.items, ...second.items]).toEqual(all.items);
  expect(second.next).toBeUndefined();
  const csv = await bench.get(`/reductions?${path}&format=csv`);
  expect(csv.headers.get('content-type')).toContain('text/csv');
  const lines = (await csv.text()).trimEnd().split('\r\n');
  expect(lines).toHaveLength(all.items.length + 1);
  expect(lines[1]).toBe(
    '2027-03-31T00:00:00.000+09:00,2027-03-31T00:30:00.000+09:00,120,30,0,90,0.03906,1800,2026 all 0.000434,,,' +
      'methodology-unconfirmed EN-R-002; factor-of-another-year C_a 2021; no-evidence keihin/pv-1/generated; ' +
      'no-evidence keihin/pv-1/exported; auxiliary-not-metered',
  );
});

test('after a mark has expired nothing is earned, and the time is listed', async () => {
  const list = await reductions(`generator=oota/pv-2&resolution=fy&${whole}`);
  expect(list.items.map(({ kg, elWh }) => [kg, elWh])).toEqual([
    ['2.49984', 5_760],
    [null, 0],
  ]);
  expect(list.withheld).toMatchObject([
    { from: april, reason: 'mark-expired', detail: 'oota/pv-2/generated 2027-03-31', soldWh: 0 },
  ]);
  expect(list.withheldCount).toBe(1);
});

test('two sources behind one export meter, and a fuel cell without heat, earn nothing and say why', async () => {
  const pv = await reductions(`generator=minato/pv-3&${whole}`);
  expect(pv.items.map(({ kg }) => kg)).toEqual([null, null, null]);
  expect(pv.withheld.map(({ reason, elWh }) => [reason, elWh])).toEqual([
    ['shared-export', null],
    ['shared-export', null],
  ]);
  const fuelCell = await reductions(`generator=minato/fc-3&${whole}`);
  expect(fuelCell).toMatchObject({ methodology: { id: 'EN-S-007' } });
  expect(new Set(fuelCell.withheld.map(({ reason }) => reason))).toEqual(new Set(['no-heat']));
});

test('a span without data is listed as such; the default is the fiscal year', async () => {
  const none = await reductions(`generator=keihin/pv-1&from=${start - dayMs}&to=${start}`);
  expect(none.items).toEqual([]);
  expect(none.withheld).toMatchObject([{ from: start - dayMs, to: start, reason: 'no-data' }]);
  const year = await reductions('generator=keihin/pv-1');
  expect(year.items).toHaveLength(2);
  expect(year.withheld).toMatchObject([]);
});

test('the board: today and the fiscal year, in kilograms', async () => {
  expect(bench.reductions.show('keihin/pv-1', now - dayMs)).toMatchObject({ todayKg: null });
  await bench.reductions.account(now - 30 * minuteMs);
  expect(bench.reductions.show('keihin/pv-1', now - 30 * minuteMs)).toMatchObject({
    methodology: 'EN-R-002',
    todayKg: '1.7577',
    fiscalYear: 2027,
    fiscalYearKg: '3.7107',
    until: now - 30 * minuteMs,
    withheld: null,
  });
  expect(bench.reductions.show('minato/fc-3', now)).toMatchObject({
    fiscalYearKg: null,
    withheld: { reason: 'no-heat' },
  });
  expect(bench.reductions.show('minato/none', now)).toBeNull();
});

test('factors: the rows with their source, and what would apply to each year', async () => {
  const { items, years } = factorListSchema.parse(await (await bench.get('/factors')).json());
  expect(items).toHaveLength(7);
  expect(items[5]).toMatchObject({ fiscalYear: 2021, value: '0.000434', status: 'verified' });
  expect(years).toHaveLength(2 * (2027 - 2009 + 1));
  const of = (year: number) => years.filter(({ fiscalYear }) => fiscalYear === year);
  expect(of(2021)).toMatchObject([
    { symbol: 'C_a', value: '0.000434', ofYear: 2021, status: 'verified' },
    { symbol: 'C_mo', value: '0.000540', ofYear: 2010, status: '要確認' },
  ]);
  expect(of(2027)[0]).toMatchObject({ ofYear: 2021, status: '要確認' });
});

test.each([
  ['generator=keihin/pv-9', 404, 'keihin/pv-1'],
  [`generator=keihin/pv-1&from=${now}&to=${start}`, 400, 'before'],
  ['generator=keihin/pv-1&resolution=1h', 400, 'resolution'],
  [`generator=keihin/pv-1&cursor=${now * 2}&${whole}`, 400, 'cursor'],
  ['', 400, 'generator'],
])('a mistake is named: %s', async (query, status, named) => {
  const response = await bench.get(`/reductions?${query}`);
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(named);
});
