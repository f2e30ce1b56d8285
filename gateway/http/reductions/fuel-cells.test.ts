import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Frame } from '#device/contract';
import { reductionListSchema, type ReductionList } from '#gateway/contract';
import { type MeterBench, meterBench } from '../energy/testing-meters.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-06-01T00:00:00+09:00');
const end = start + 24 * 60 * minuteMs;
const now = end + 60 * minuteMs;

const cited = 'document: plan, page: "7"';
const terms = (
  fuel: string,
) => `fuelCell: { fuel: ${fuel}, boilerEfficiency: { value: 0.8, ${cited} },
  heatingValue: { gjPer1000Nm3: 100, ${cited} },
  gasMeter: { temperatureC: 0, gaugePressureKpa: 0, ${cited} } }`;
const cell = (id: string, meters: string, reduction: string) =>
  `{ id: ${id}, kind: fuel-cell, device: pi-1, meters: { ${meters} }, reduction: { sold: none, ${reduction} } }`;
const sites = `sites: [{ id: minato, generators: [
  ${cell('good', 'gas: {}, heat: {}', terms('lpg'))},
  ${cell('bad', 'gas: {}, heat: {}', terms('lpg'))},
  ${cell('town', 'gas: {}, heat: {}', terms('town-gas'))},
  ${cell('rated', 'gas: {}, heat: { class: C }', terms('lpg'))},
  ${cell('cold', 'gas: {}', terms('lpg'))},
  ${cell('dry', 'heat: {}', terms('lpg'))},
  ${cell('bare', 'gas: {}, heat: {}', '')} ] }]`;
const cells = ['good', 'bad', 'town', 'rated', 'cold', 'dry', 'bare'];

/** 600 W, 666 W of heat; the gas meter of the bad one counts two and a half times as much. */
function frames(): Frame[] {
  return Array.from({ length: 24 * 12 + 1 }, (_, seq) => ({
    stream: 's',
    seq,
    at: start + seq * 5 * minuteMs,
    clock: 'synced',
    readings: Object.fromEntries(
      cells.flatMap((id) => [
        [`${id}/generated`, { value: 1_000 + seq * 50 }],
        [`${id}/gas`, { value: 7_000 + seq * (id === 'bad' ? 10 : 4) }],
        [`${id}/heat`, { value: 90_000 + seq * 200 }],
      ]),
    ),
  }));
}

let bench: MeterBench;
beforeAll(async () => {
  bench = await meterBench(sites, now);
  await bench.receive('minato', 'pi-1', frames());
  await bench.derive();
});
afterAll(() => bench.close());

async function day(id: string): Promise<ReductionList> {
  const query = `generator=minato/${id}&from=${start}&to=${end}&resolution=1d`;
  return reductionListSchema.parse(await (await bench.get(`/reductions?${query}`)).json());
}

test('a day by hand: power and heat replaced, LPG burnt; the bad unit keeps its sign', async () => {
  // 14.4 kWh x 0.434 = 6.2496 kg; 57.6 MJ / 0.8 x 60.1 g = 4.3272 kg; 1.152 m3 x 100 MJ x 60.1 g = 6.92352 kg.
  const good = await day('good');
  expect(good.items.map(({ kg, elWh }) => [kg, elWh])).toEqual([['3.65328', 14_400]]);
  expect(good.items[0]?.parts).toEqual([
    {
      fiscalYear: 2026,
      band: 'all',
      elWh: 14_400,
      factor: '0.000434',
      fuel: { gasDm3: 1_152, heatKj: 57_600, heatFactor: '0.000075125', gasFactor: '0.00601' },
      kg: '3.65328',
    },
  ]);
  // 2.88 m3 are 17.3088 kg.
  expect((await day('bad')).items.map(({ kg }) => kg)).toEqual(['-6.732']);
  expect(good.provisional.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining(['methodology-unconfirmed', 'factor-of-another-year', 'no-evidence']),
  );
});

test.each([
  ['town', 'factor-missing', 'CEF_town_gas 2026'],
  ['rated', 'estimated-class', 'minato/rated/heat'],
  ['cold', 'no-heat', 'EN-S-007'],
  ['dry', 'no-gas', 'EN-S-007'],
  ['bare', 'no-fuel-terms', 'EN-S-007'],
])('%s earns nothing: %s', async (id, reason, detail) => {
  const { items, withheld } = await day(id);
  expect(items.map(({ kg }) => kg)).toEqual([null]);
  expect(withheld).toMatchObject([{ reason, detail, from: start, to: end }]);
  const shown = bench.reductions.show(`minato/${id}`, now);
  expect(shown).toMatchObject({ fiscalYearKg: null, withheld: { reason, detail } });
});

test('half hours add up to the day, and the table says what each is made of', async () => {
  const query = `generator=minato/bad&from=${start}&to=${end}`;
  const list = reductionListSchema.parse(
    await (await bench.get(`/reductions?${query}&resolution=30m`)).json(),
  );
  expect(list.items).toHaveLength(48);
  expect(new Set(list.items.map(({ kg }) => kg))).toEqual(new Set(['-0.14025']));
  const csv = await (await bench.get(`/reductions?${query}&resolution=1d&format=csv`)).text();
  expect(csv).toContain('2026 all 0.000434 57600 kJ 0.000075125 2880 dm3 0.00601');
});

test('what is in Wh has no gas and no heat in it', async () => {
  expect(bench.board.show(now).map(({ meter }) => meter)).toEqual(
    cells.map((id) => `minato/${id}/generated`),
  );
  const refused = await bench.get('/intervals?meter=minato/good/gas&resolution=30m');
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('counts dm3');
  expect(bench.board.standings().find(({ quantity }) => quantity === 'heat')?.unit).toBe('kJ');
});

test('a fall of the gas register waits for a person, and takes its time out of all four', async () => {
  const later = frames()
    .slice(1, 25)
    .map((frame, index) => ({
      ...frame,
      seq: 1_000 + index,
      at: end + (index + 1) * 5 * minuteMs,
      readings: {
        'good/generated': { value: 20_000 + index * 50 },
        'good/gas': { value: index < 6 ? 8_152 + index * 4 : 100 + index * 20 },
        'good/heat': { value: 147_600 + index * 200 },
      },
    }));
  await bench.receive('minato', 'pi-1', later);
  await bench.derive();
  const query = 'meter=minato/good/gas';
  const events = JSON.stringify(await (await bench.get(`/register-events?${query}`)).json());
  expect(events).toContain('"kind":"fall"');
  const list = reductionListSchema.parse(
    await (
      await bench.get(`/reductions?generator=minato/good&from=${end}&to=${now}&resolution=30m`)
    ).json(),
  );
  expect(list.withheld.map(({ reason }) => reason)).toContain('open-event');
});
