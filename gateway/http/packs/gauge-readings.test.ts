import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GaugeReading, gaugeReadingSchema } from '#gateway/contract';
import {
  gauge,
  hourMs,
  minuteMs,
  nowMs,
  type StatementBench,
  statementBench,
} from './testing-plant.ts';

let bench: StatementBench;
beforeAll(async () => {
  bench = await statementBench();
});
afterAll(() => bench.close());
const path = '/packs/pack-2/gauge-readings';

test('a reading by eye becomes kilograms with the needle’s uncertainty, is stored, shown, and survives', async () => {
  const answer = await bench.state<GaugeReading>(path, gauge(nowMs - hourMs, 10));
  expect(gaugeReadingSchema.parse(answer)).toEqual(answer);
  // facts/hydrogen.md, vectors: 10 MPa at 20 degC; a needle of class 1.6 on 25 MPa.
  expect(answer.hydrogen.totalKg).toBeCloseTo(11.8062, 4);
  expect(answer.hydrogen.expandedUncertaintyKg).toBeGreaterThan(0.4);
  expect(answer.transmitter).toBeNull();
  expect(bench.arrived).toMatchObject([
    { device: 'manual', asset: 'pack-2', quantity: 'temperature', value: 20 },
    { device: 'manual', asset: 'pack-2', quantity: 'pressure', value: 10 },
  ]);
  bench = await bench.again();
  expect(await bench.items(path)).toEqual([answer]);
  await bench.derive();
  expect(await bench.items('/packs/pack-2/segments')).toMatchObject([
    { at: nowMs - hourMs, kind: 'first', waiting: false, endedAt: null },
  ]);
});

test('the same again is the same; another content at the same time is a conflict', async () => {
  const at = nowMs - 2 * hourMs;
  const first = await bench.state(path, gauge(at, 11));
  expect(await bench.state(path, gauge(at, 11))).toEqual(first);
  const before = await bench.items(path);
  expect(await bench.refused(path, gauge(at, 11.5))).toMatchObject({
    status: 409,
    errors: [{ field: 'id' }],
  });
  expect(await bench.refused(path, { ...gauge(at, 12), id: 'mine' })).toMatchObject({
    status: 409,
    errors: [{ field: 'readAt', value: at }],
  });
  expect(await bench.items(path)).toEqual(before);
});

test.each([
  ['bar for MPa', { pressureMpa: 196 }, 'pressureMpa', /19\.6 MPa if it was bar/],
  ['kgf/cm2 for MPa', { pressureMpa: 200 }, 'pressureMpa', /19\.613 MPa if it was kgf\/cm2/],
  ['below zero', { pressureMpa: -0.2 }, 'pressureMpa', /below zero/],
  ['absolute for gauge', { pressureMpa: 0.1 }, 'pressureMpa', /absolute pressure\?/],
  ['kelvin for degC', { temperatureC: 293.15 }, 'temperatureC', /kelvin/],
  ['outside the equation', { temperatureC: -60 }, 'temperatureC', /equation of state/],
  ['in the future', { readAt: nowMs + 2 * minuteMs }, 'readAt', /future/],
  ['seconds for milliseconds', { readAt: nowMs / 1000 }, 'readAt', /milliseconds/],
  ['not a number', { pressureMpa: '10' }, 'pressureMpa', /number/],
  ['a misspelt key', { presure: 10 }, 'presure', /no part/],
])('%s is refused with field, value and reason', async (_, change, field, reason) => {
  const problem = await bench.refused(path, { ...gauge(nowMs - 10 * minuteMs, 10), ...change });
  expect(problem.status).toBe(400);
  const error = problem.errors?.find((each) => each.field === field);
  expect(error?.detail).toMatch(reason);
  expect(error?.value).toBe(Object.values(change)[0]);
});

test('an empty pack is entered as 0, and a pack nobody knows is a 404', async () => {
  await bench.state(path, gauge(nowMs - 3 * hourMs, 0));
  const problem = await bench.refused('/packs/pack-9/gauge-readings', gauge(nowMs, 1));
  expect(problem).toMatchObject({ status: 404, errors: [{ field: 'pack', value: 'pack-9' }] });
  expect((await bench.refused(`${path}?site=ota`, gauge(nowMs, 1))).status).toBe(404);
});

test('a needle is compared with what the transmitter showed then, within both tolerances', async () => {
  const at = nowMs - 5 * hourMs;
  await bench.measure('pack-1', at, [[10, 20]]);
  const to = '/packs/pack-1/gauge-readings';
  const near = await bench.state<GaugeReading>(to, gauge(at + 5000, 10.3));
  // 1.6 % of 25 MPa and half a division of 0.25 MPa on one side, 0.5 % of 40 MPa and more on the other.
  expect(near.transmitter?.pressureMpa).toBe(10);
  expect(near.transmitter?.differenceMpa).toBeCloseTo(0.3, 9);
  expect(near.transmitter?.toleranceMpa).toBeGreaterThan(0.47 + 0.2);
  const late = await bench.state<GaugeReading>(to, gauge(at + 30_000, 10.3));
  expect(late.transmitter).toBeNull();
});

test('one atmosphere above a fine transmitter, read on a fine gauge, is an absolute pressure', async () => {
  const at = nowMs - 4 * hourMs;
  await bench.measure('pack-3', at, [[2, 20]]);
  const to = '/packs/pack-3/gauge-readings';
  const problem = await bench.refused(to, gauge(at + 1000, 2.101));
  expect(problem.errors).toMatchObject([
    { field: 'pressureMpa', value: 2.101, detail: expect.stringContaining('2 MPa') },
  ]);
  await bench.state(to, gauge(at + 2000, 2.01));
  await bench.state(to, gauge(at + 3000, 2.3));
});

test('pages are newest first and lead to every reading once', async () => {
  const seen: unknown[] = [];
  let query = '?limit=2';
  for (;;) {
    const answer = await (await bench.get(`${path}${query}`)).json();
    seen.push(...answer.items.map(({ readAt }: { readAt: number }) => readAt));
    if (answer.next === undefined) break;
    expect(answer.items).toHaveLength(2);
    query = `?limit=2&cursor=${answer.next}`;
  }
  expect(seen).toEqual([nowMs - hourMs, nowMs - 2 * hourMs, nowMs - 3 * hourMs]);
  expect((await bench.get(`${path}?cursor=x`)).status).toBe(400);
});
