import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Allotment,
  allotmentSchema,
  type Delivery,
  deliverySchema,
  type PackSegment,
  packSegmentSchema,
} from '#gateway/contract';
import {
  delivery,
  gauge,
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
const path = '/packs/pack-1/deliveries';
const still = (mpa: number, minutes = 30): [number, number][] =>
  Array.from({ length: minutes }, () => [mpa, 20]);
/** Falls evenly from one pressure to the other. */
const draw = (from: number, to: number, minutes: number): [number, number][] =>
  Array.from({ length: minutes }, (_, index) => [from + ((to - from) * index) / (minutes - 1), 20]);

test('a delivery has its account: what was drawn since it was opened, with plus-minus', async () => {
  await bench.measure('pack-1', start, draw(18, 12, 300));
  await bench.derive();
  const stated = await bench.state<Delivery>(path, delivery(start + 5000, { outlet: 'A' }));
  expect(deliverySchema.parse(stated)).toEqual(stated);
  const kg = (
    await bench.state<{ hydrogen: { totalKg: number } }>(
      '/packs/pack-2/gauge-readings',
      gauge(start, 18),
    )
  ).hydrogen.totalKg;
  expect(stated).toMatchObject({ outlet: 'A', arrival: { kg }, endedAt: null, unexplained: 0 });
  expect(stated.drawn?.kg).toBeGreaterThan(5.5);
  expect(stated.drawn?.kg).toBeLessThan(6.5);
  expect(stated.drawn?.expandedUncertaintyKg).toBeGreaterThan(0.05);
  expect(await bench.items(path)).toEqual([stated]);
});

test('a flow meter whose register never read counted nothing, which is not 0: the fall of the mass counts', async () => {
  await bench.measure('pack-4', start, draw(18, 12, 300));
  await bench.derive();
  const stated = await bench.state<Delivery>('/packs/pack-4/deliveries', delivery(start + 5000));
  expect(stated.drawn?.kg).toBeGreaterThan(5.5);
  const [allotment] = await bench.items<Allotment>('/allotments?site=keihin');
  expect(allotment?.drawn?.kg).toBeCloseTo(stated.drawn?.kg ?? Number.NaN, 9);
});

test('of a delivery of which nothing was measured nothing is known, and that is not 0', async () => {
  const stated = await bench.state<Delivery>(path, delivery(start));
  expect(stated.drawn).toBeNull();
});

test('deliveries come one after the other, and come off the line once', async () => {
  const first = await bench.state<Delivery>(path, delivery(start));
  const back = { by: '佐藤', state: { at: start + hourMs, pressureMpa: 2, temperatureC: 20 } };
  const early = { ...back, state: { ...back.state, at: start - 1 } };
  expect(await bench.refused(`${path}/${first.id}/return`, early)).toMatchObject({
    status: 409,
    errors: [{ field: 'state.at', value: start - 1 }],
  });
  const ended = await bench.state<Delivery>(`${path}/${first.id}/return`, back);
  expect(ended).toMatchObject({ endedAt: start + hourMs, returned: { by: '佐藤' } });
  expect(ended.returned?.kg).toBeGreaterThan(2);
  expect((await bench.refused(`${path}/${first.id}/return`, back)).status).toBe(409);
  for (const openedAt of [start - hourMs, start, start + 30 * minuteMs])
    expect(await bench.refused(path, delivery(openedAt)), String(openedAt)).toMatchObject({
      status: 409,
      errors: [{ field: 'openedAt', value: openedAt }],
    });
  await bench.state(path, delivery(start + 2 * hourMs, { serial: 'K-2' }));
  expect((await bench.items<Delivery>(path)).map(({ serial }) => serial)).toEqual([
    'K-2',
    'K-1042',
  ]);
  expect((await bench.refused(`${path}/nobody/return`, back)).status).toBe(404);
});

test.each([
  ['openedAt', nowMs + 2 * minuteMs, { openedAt: nowMs + 2 * minuteMs }],
  ['openCylinders', 31, { openCylinders: 31 }],
  ['openCylinders', 0, { openCylinders: 0 }],
  ['origin', 'osaka', { origin: 'osaka' }],
  ['segmentAt', 1, { segmentAt: 1 }],
  ['arrival.at', start + 1, { arrival: { at: start + 1, pressureMpa: 18, temperatureC: 20 } }],
  ['arrival.pressureMpa', 180, { arrival: { at: start, pressureMpa: 180, temperatureC: 20 } }],
  ['by', ' ', { by: ' ' }],
])('a wrong %s (%s) is refused, named and shown', async (field, value, change) => {
  const problem = await bench.refused(path, delivery(start, change));
  expect(problem.status).toBe(400);
  expect(problem.errors).toMatchObject([{ field, value, detail: expect.stringMatching(/\w/) }]);
});

/** A pack at 6 MPa is exchanged, behind a closed and vented line, for one at 15 MPa. */
async function swapped(): Promise<PackSegment> {
  await bench.measure('pack-1', start, still(6));
  const away = start + 30 * minuteMs;
  await bench.measure('pack-1', away, still(0, 10));
  await bench.measure('pack-1', away + 10 * minuteMs, still(15));
  await bench.derive();
  const [newest] = await bench.items<PackSegment>('/packs/pack-1/segments');
  expect(packSegmentSchema.parse(newest)).toMatchObject({ kind: 'return', waiting: true });
  return packSegmentSchema.parse(newest);
}

test('a swap waits for somebody, its delivery explains it, and taking that back lets it wait again', async () => {
  const segment = await swapped();
  const first = await bench.state<Delivery>(path, delivery(start));
  expect(first).toMatchObject({ unexplained: 1, drawn: null });
  const stated = await bench.state<Delivery>(
    path,
    delivery(segment.at, { segmentAt: segment.at, serial: 'K-2' }),
  );
  const [after, before] = await bench.items<PackSegment>('/packs/pack-1/segments');
  expect(after).toMatchObject({
    waiting: false,
    resolution: { kind: 'delivery', id: stated.id, what: 'swap', by: '佐藤' },
  });
  expect(before?.isolations).toMatchObject([{ from: start + 30 * minuteMs, to: segment.at }]);
  const [, old] = await bench.items<Delivery>(path);
  expect(old).toMatchObject({ endedAt: segment.at, unexplained: 0 });
  expect(old?.drawn?.kg).toBeCloseTo(0, 6);
  const said = { by: '佐藤', what: 'drawn' };
  expect(
    await bench.refused(`/packs/pack-1/segments/${segment.at}/resolution`, said),
  ).toMatchObject({ status: 409, errors: [{ field: 'at', value: segment.at }] });
  await bench.state(`/packs/pack-1/withdrawals/delivery/${stated.id}`, { by: '佐藤', why: '誤記' });
  expect((await bench.items<PackSegment>('/packs/pack-1/segments'))[0]?.waiting).toBe(true);
  expect((await bench.items<Delivery>(path)).map(({ id }) => id)).toEqual([first.id]);
});

test('a resolution counts once: drawn is booked as drawn, a loss as lost', async () => {
  await bench.measure('pack-1', start, still(12));
  await bench.measure('pack-1', start + 30 * minuteMs, still(0, 10));
  await bench.measure('pack-1', start + 40 * minuteMs, still(8));
  await bench.derive();
  await bench.state(path, delivery(start));
  const [segment] = await bench.items<PackSegment>('/packs/pack-1/segments');
  const to = `/packs/pack-1/segments/${segment?.at}/resolution`;
  const fellKg = (segment?.before?.kg ?? 0) - (segment?.start.kg ?? 0);
  const loss = await bench.state<PackSegment>(to, { by: '佐藤', what: 'loss', comment: '漏れ' });
  expect(loss.resolution).toMatchObject({ what: 'loss', comment: '漏れ' });
  expect((await bench.refused(to, { by: '佐藤', what: 'drawn' })).status).toBe(409);
  const [lost] = await bench.items<Delivery>(path);
  expect(lost?.lostKg).toBeCloseTo(fellKg, 9);
  expect(lost?.drawn?.kg).toBeCloseTo(0, 6);
  const id = loss.resolution?.id;
  const back = `/packs/pack-1/withdrawals/segment-resolution/${id}`;
  await bench.state(back, { by: '佐藤', why: '使用だった' });
  expect((await bench.refused(back, { by: '佐藤', why: '使用だった' })).status).toBe(409);
  await bench.state(to, { by: '佐藤', what: 'drawn' });
  const [used] = await bench.items<Delivery>(path);
  expect(used).toMatchObject({ lostKg: 0, unexplained: 0 });
  expect(used?.drawn?.kg).toBeCloseTo(fellKg, 6);
  expect((await bench.refused('/packs/pack-1/segments/5/resolution', {})).status).toBe(404);
});

test('closed cylinders change the volume from then on: history is derived anew', async () => {
  const segment = await swapped();
  const to = `/packs/pack-1/segments/${segment.at}/resolution`;
  const said = { by: '佐藤', what: 'closed-cylinders' };
  for (const openCylinders of [31, 0, undefined]) {
    const problem = await bench.refused(to, { ...said, openCylinders });
    expect(problem).toMatchObject({ status: 400, errors: [{ field: 'openCylinders' }] });
  }
  expect((await bench.refused(to, { by: '佐藤', what: 'drawn', openCylinders: 20 })).status).toBe(
    400,
  );
  await bench.state(to, { ...said, openCylinders: 15 });
  await bench.derive();
  const [halved] = await bench.items<PackSegment>('/packs/pack-1/segments');
  expect(halved?.openCylinders).toBe(15);
  expect(halved?.start.kg).toBeCloseTo(segment.start.kg / 2, 1);
});

test('a pack that was filling when its cylinders were stated is told of as it was until then', async () => {
  const rising = Array.from({ length: 12 }, (_, index): [number, number] => [5.5 + index, 20]);
  const told = async (at: number, states: readonly [number, number][]) => {
    await bench.measure('pack-1', at, states);
    await bench.derive();
  };
  await told(start, still(5));
  // Minute by minute, as it is followed: the rise is told again and again, as fuller each time.
  for (const [index, state] of rising.entries())
    await told(start + (30 + index) * minuteMs, [state]);
  const stated = start + 35.5 * minuteMs;
  await bench.state(path, delivery(stated, { openCylinders: 29 }));
  await bench.derive();
  const segments = await bench.items<PackSegment>('/packs/pack-1/segments');
  const rise = segments.find(({ at }) => at === start + 30 * minuteMs);
  expect(rise).toMatchObject({ kind: 'rise', start: { pressureMpa: 9.5 } });
  for (const {
    endedAt,
    start: { at },
  } of segments)
    expect(at).toBeLessThan(endedAt ?? nowMs);
});

test('an allotment has no remainder until somebody says how it is counted, and then by that', async () => {
  await bench.measure('pack-1', start, draw(18, 12, 300));
  await bench.derive();
  await bench.state(path, delivery(start));
  const tokyo = async () => {
    const [first] = await bench.items<Allotment>('/allotments');
    return allotmentSchema.parse(first);
  };
  const { drawn, ...open } = await tokyo();
  expect(open).toMatchObject({ kg: 25.1, confirmed: null, remainderKg: null, deliveries: 1 });
  const said = { by: '鈴木', kg: 25.1, document: '通知 2026-03' };
  const to = '/allotments/tokyo/confirmation';
  const physical = await bench.state<Allotment>(to, { ...said, basis: 'physical-kg' });
  expect(physical.remainderKg).toBeCloseTo(25.1 - (drawn?.kg ?? 0), 9);
  const counted = { ...said, basis: 'per-pack', kg: 50.2 };
  expect((await bench.refused(to, counted)).errors?.[0]?.field).toBe('kgPerPack');
  const perPack = await bench.state<Allotment>(to, { ...counted, kgPerPack: 25.1 });
  expect(perPack.remainderKg).toBeCloseTo(50.2 - 25.1, 9);
  const back = { by: '鈴木', why: '誤り', id: 'w-1' };
  const taken = await bench.state('/allotments/tokyo/withdrawal', back);
  expect(await bench.state('/allotments/tokyo/withdrawal', back)).toEqual(taken);
  expect((await tokyo()).confirmed?.basis).toBe('physical-kg');
  await bench.state('/allotments/tokyo/withdrawal', { ...back, id: 'w-2' });
  expect((await tokyo()).remainderKg).toBeNull();
  const third = { ...back, id: 'w-3' };
  expect((await bench.refused('/allotments/tokyo/withdrawal', third)).status).toBe(404);
  expect((await bench.refused('/allotments/osaka/confirmation', said)).status).toBe(404);
});
