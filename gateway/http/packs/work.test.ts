import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Batch,
  batchSchema,
  type Draw,
  drawSchema,
  type PackCalibration,
  calibrationSchema,
  type PackHistoryPoint,
} from '#gateway/contract';
import {
  delivery,
  hourMs,
  minuteMs,
  nowMs,
  type StatementBench,
  statementBench,
} from './testing-plant.ts';

let bench: StatementBench;
beforeEach(async () => {
  bench = await statementBench();
});
afterEach(() => bench.close());

const start = nowMs - 10 * hourMs;
const draw = (from: number, to: number, minutes: number): [number, number][] =>
  Array.from({ length: minutes }, (_, index) => [from + ((to - from) * index) / (minutes - 1), 20]);
const batch = (from: number, to: number, changes: object = {}) => ({
  by: '田中',
  lot: 'L-1',
  from,
  to,
  units: 400,
  ...changes,
});
const path = '/packs/pack-1/batches';

test('a batch gets its kilograms with plus-minus, or says that it is too small to be told', async () => {
  await bench.measure('pack-1', start, [...draw(18, 12, 300), ...draw(12, 11.999, 60)]);
  await bench.derive();
  const whole = await bench.state<Batch>(path, batch(start, start + 5 * hourMs));
  expect(batchSchema.parse(whole)).toMatchObject({ state: 'resolved', lessThanKg: null });
  expect(whole.drawn?.kg).toBeGreaterThan(5.5);
  expect(whole.kgPerUnit).toBeCloseTo((whole.drawn?.kg ?? 0) / 400, 12);
  const idle = batch(start + 5 * hourMs, start + 6 * hourMs, { lot: 'L-2', product: 'テスト' });
  const small = await bench.state<Batch>(path, idle);
  expect(small).toMatchObject({ state: 'not-resolved', drawn: null, kgPerUnit: null });
  // A gram was drawn; the bound lies above that, and is that of an hour with an ambient thermometer.
  expect(small.lessThanKg).toBeGreaterThan(0.001);
  expect(small.lessThanKg).toBeLessThan(0.3);
});

test('batches that follow one another add up to the whole, wherever in a minute they meet', async () => {
  await bench.measure('pack-1', start, draw(18, 12, 300));
  await bench.derive();
  const drawnIn = async (from: number, to: number, lot: string) => {
    const { drawn } = await bench.state<Batch>(path, batch(from, to, { lot }));
    return drawn?.kg ?? Number.NaN;
  };
  const whole = await drawnIn(start, start + 4 * hourMs, 'whole');
  for (const cut of [2 * hourMs, 2 * hourMs + 1, 2 * hourMs + 31_000]) {
    const first = await drawnIn(start, start + cut, `a ${cut}`);
    const second = await drawnIn(start + cut, start + 4 * hourMs, `b ${cut}`);
    expect(first + second).toBeCloseTo(whole, 9);
  }
});

test('a batch that nobody measured, that goes on, or that holds an unexplained change says so', async () => {
  const state = async (from: number, to: number, lot: string) =>
    (await bench.state<Batch>(path, batch(from, to, { lot }))).state;
  expect(await state(start, start + hourMs, 'a')).toBe('no-data');
  await bench.measure('pack-1', start, draw(18, 16, 60));
  await bench.derive();
  expect(await state(start, start + 2 * hourMs, 'b')).toBe('no-data');
  expect(await state(start - hourMs, start + hourMs, 'c')).toBe('no-data');
  expect(await state(start, nowMs + hourMs, 'd')).toBe('running');
  await bench.measure('pack-1', start + hourMs, [...draw(0, 0, 10), ...draw(8, 7, 50)]);
  await bench.derive();
  expect(await state(start, start + 2 * hourMs, 'e')).toBe('unexplained');
  expect(await state(start, start + hourMs + 5 * minuteMs, 'f')).toBe('resolved');
});

test.each([
  ['to', start, batch(start, start)],
  ['to', start - 1, batch(start, start - 1)],
  ['to', nowMs + 40 * 24 * hourMs, batch(start, nowMs + 40 * 24 * hourMs)],
  ['from', 5, batch(5, nowMs)],
  ['units', 0, batch(start, nowMs, { units: 0 })],
])('a wrong %s (%s) of a batch is refused', async (field, value, body) => {
  const problem = await bench.refused(path, body);
  expect(problem.status).toBe(400);
  expect(problem.errors).toMatchObject([{ field, value }]);
});

test('one lot is not made twice at a time', async () => {
  await bench.state(path, batch(start, start + hourMs));
  const problem = await bench.refused(path, batch(start + 1, start + 2 * hourMs));
  expect(problem).toMatchObject({ status: 409, errors: [{ field: 'from', value: start + 1 }] });
  await bench.state(path, batch(start + hourMs, start + 2 * hourMs));
  await bench.state(path, batch(start, start + hourMs, { lot: 'L-2' }));
});

test('a declared draw shows what fell meanwhile, once it began', async () => {
  await bench.measure('pack-1', start, draw(18, 12, 300));
  await bench.derive();
  const said = { by: '田中', expectedKg: 6, expandedUncertaintyKg: 0.2 };
  const past = await bench.state<Draw>('/packs/pack-1/draws', {
    ...said,
    from: start,
    to: start + 5 * hourMs,
  });
  expect(drawSchema.parse(past).measured?.kg).toBeGreaterThan(5.5);
  const coming = { ...said, from: nowMs + hourMs, to: nowMs + 2 * hourMs };
  expect((await bench.state<Draw>('/packs/pack-1/draws', coming)).measured).toBeNull();
  const far = { ...said, from: nowMs, to: nowMs + 400 * 24 * hourMs };
  expect((await bench.refused('/packs/pack-1/draws', far)).errors?.[0]?.field).toBe('to');
});

const calibration = (changes: object = {}) => ({
  by: '校正所',
  from: start,
  validUntil: start + 365 * 24 * hourMs,
  points: [
    { shownMpa: 1, referenceMpa: 1.1 },
    { shownMpa: 20, referenceMpa: 20.1 },
  ],
  expandedUncertaintyMpa: 0.02,
  ...changes,
});
const pressures = async () => {
  const query = `from=${start}&to=${start + hourMs}&points=60`;
  const points = await bench.items<PackHistoryPoint>(`/packs/pack-1/history?${query}`);
  return points.map(({ pressureMpa }) => pressureMpa);
};

test('a calibration changes history, one can see it do so, and taking it back gives the same bytes as before', async () => {
  await bench.measure('pack-1', start, draw(18, 16, 60));
  await bench.derive();
  const raw = await pressures();
  const to = '/packs/pack-1/calibrations';
  const stated = await bench.state<PackCalibration>(to, calibration());
  expect(calibrationSchema.parse(stated)).toMatchObject({ state: 'in-force' });
  expect(stated.recomputing).toEqual({ from: start, reached: start, to: nowMs });
  await bench.derive();
  const [done] = await bench.items<PackCalibration>(to);
  expect(done).toEqual({ ...stated, recomputing: null });
  const corrected = await pressures();
  for (const [index, mpa] of raw.entries())
    expect(corrected[index]).toBeCloseTo((mpa ?? 0) + 0.1, 9);
  await bench.state(`/packs/pack-1/withdrawals/calibration/${stated.id}`, { by: 'A', why: 'b' });
  expect((await bench.items<PackCalibration>(to))[0]).toMatchObject({ state: 'withdrawn' });
  await bench.derive();
  expect(await pressures()).toEqual(raw);
});

test('a gateway that is stopped between a statement and what follows from it goes on where it was', async () => {
  await bench.measure('pack-1', start, draw(18, 16, 60));
  await bench.derive();
  const raw = await pressures();
  await bench.state('/packs/pack-1/calibrations', calibration());
  bench = await bench.again();
  await bench.derive();
  const corrected = await pressures();
  expect(corrected[5]).toBeCloseTo((raw[5] ?? 0) + 0.1, 9);
});

test('a later calibration takes the place of an earlier one; one to come is planned, one whose time is over expired', async () => {
  const to = '/packs/pack-1/calibrations';
  await bench.state(to, calibration({ from: start - hourMs, validUntil: start }));
  const states = async () => (await bench.items<PackCalibration>(to)).map(({ state }) => state);
  expect(await states()).toEqual(['expired']);
  await bench.state(to, calibration());
  await bench.state(to, calibration({ from: nowMs + hourMs }));
  expect(await states()).toEqual(['planned', 'in-force', 'replaced']);
});

test.each([
  ['points.1', { points: [{ shownMpa: 1, referenceMpa: 1 }] }],
  ['points.0', { points: [] }],
  [
    'points.1',
    {
      points: [
        { shownMpa: 20, referenceMpa: 20 },
        { shownMpa: 1, referenceMpa: 1 },
      ],
    },
  ],
  [
    'points.1',
    {
      points: [
        { shownMpa: 1, referenceMpa: 5 },
        { shownMpa: 1, referenceMpa: 6 },
      ],
    },
  ],
  [
    'points.1.referenceMpa',
    { points: [...calibration().points.slice(0, 1), { shownMpa: 20, referenceMpa: 2 }] },
  ],
  ['validUntil', { validUntil: start - 1 }],
  ['from', { from: 7 }],
  ['expandedUncertaintyMpa', { expandedUncertaintyMpa: -1 }],
])('a calibration with wrong %s is refused', async (field, change) => {
  const problem = await bench.refused('/packs/pack-1/calibrations', calibration(change));
  expect(problem.status).toBe(400);
  expect(problem.errors?.map((each) => each.field)).toContain(field);
});

test('a pack without a transmitter has nothing to calibrate', async () => {
  expect((await bench.refused('/packs/pack-2/calibrations', calibration())).status).toBe(409);
});

test('what was never recorded cannot be taken back', async () => {
  const said = { by: 'A', why: 'b' };
  for (const place of ['batch/none', 'gauge-reading/x', 'nonsense/x'])
    expect((await bench.refused(`/packs/pack-1/withdrawals/${place}`, said)).status).toBe(404);
  const { id } = await bench.state<Batch>(path, batch(start, nowMs));
  expect((await bench.refused(`/packs/pack-2/withdrawals/batch/${id}`, said)).status).toBe(404);
  await bench.state(`/packs/pack-1/withdrawals/batch/${id}`, said);
  expect(await bench.items(path)).toEqual([]);
  expect((await bench.refused(path, { ...batch(start, nowMs), id })).status).toBe(409);
  await bench.state('/packs/pack-1/deliveries', delivery(start));
});
