import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemSchema } from '#gateway/contract';
import type {
  EnergyInterval,
  Meter,
  MeterReading,
  ShownCorrection,
  ShownRegisterEvent,
} from '#gateway/contract';
import type { Frame } from '#device/contract';
import { type MeterBench, meterBench } from './testing-meters.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-04-01T00:00:00+09:00');
const now = start + 3 * 24 * 60 * minuteMs;
const sites = `sites: [{ id: keihin,
  generators: [{ id: pv-1, name: 屋根, kind: pv, device: pi-1, meters: { generated: {
    wrapAt: 100000, ratedW: 5000, maker: 大崎, serial: m-1, class: B,
    evidence: { kind: specified, markExpires: '2026-06-15' } } } }],
  meters: [{ id: grid-1, device: pi-1, quantities: [imported, exported] }, { id: sub-1, quantities: [consumed], reportingPeriodSeconds: 1800 }] }]`;
const pv = 'keihin/pv-1/generated';

let bench: MeterBench;
beforeAll(async () => {
  bench = await meterBench(sites, now);
  await bench.receive('keihin', 'pi-1', frames);
  await bench.derive();
});
afterAll(() => bench.close());

/** Every five minutes for a day; at 10:00 the register falls to 0 and counts on, in the evening an hour is missing. */
const frames: readonly Frame[] = Array.from({ length: 288 }, (_, seq) => {
  const at = start + seq * 5 * minuteMs;
  const wh = seq < 120 ? 50_000 + seq * 20 : (seq - 120) * 20;
  const readings = {
    'pv-1/generated': { value: wh },
    'grid-1/imported': { value: 7_000_000 + seq },
  };
  return { stream: 's', seq, at, clock: 'synced', readings } as const;
}).filter(({ seq }) => seq < 240 || seq >= 252);
const fellAt = start + 120 * 5 * minuteMs;
const eventId = `keihin.pv-1.generated.${fellAt}`;

test('intervals: half hours at Japan boundaries, coarser ones add up, unknown ones are said to be', async () => {
  const day = `/intervals?meter=${pv}&from=2026-04-01T00:00:00%2B09:00&to=2026-04-02T00:00:00%2B09:00`;
  const halfHours = await bench.items<EnergyInterval>(day);
  expect(halfHours).toHaveLength(48);
  expect(halfHours[0]).toEqual({
    start,
    end: start + 30 * minuteMs,
    wh: 120,
    unallocated: [],
    coveredSeconds: 1800,
    quality: 'good',
    revision: 1,
    openEvents: [],
  });
  expect(halfHours[19]).toMatchObject({ quality: 'bad', openEvents: [eventId], wh: 100 });
  // From 19:55 on nothing was read for 65 minutes.
  const gap = { from: start + 239 * 5 * minuteMs, to: start + 252 * 5 * minuteMs, wh: 260 };
  expect(halfHours[40]).toMatchObject({ wh: 0, unallocated: [gap], coveredSeconds: 0 });
  // The running half hour ends after the newest reading.
  expect(halfHours[47]).toMatchObject({ revision: 0, wh: 100 });
  const [whole] = await bench.items<EnergyInterval>(`${day}&resolution=1d`);
  expect(whole).toMatchObject({ wh: 119 * 20 + 167 * 20, quality: 'bad', unallocated: [gap] });
  const after = await bench.items<EnergyInterval>(
    `/intervals?meter=${pv}&from=2026-04-03T00:00:00%2B09:00&to=2026-05-01T00:00:00%2B09:00`,
  );
  expect(after).toHaveLength(49);
  expect(after[0]).toMatchObject({ wh: 0, coveredSeconds: 0, quality: 'bad', revision: 0 });
});

test('intervals: pages of JSON, and CSV in Japan time', async () => {
  const path = `/intervals?meter=${pv}&from=${start}&to=${start + 120 * minuteMs}`;
  const first = await (await bench.get(`${path}&limit=3`)).json();
  expect(first.items).toHaveLength(3);
  const second = await (await bench.get(`${path}&limit=3&cursor=${first.next}`)).json();
  expect([...first.items, ...second.items]).toEqual(await bench.items(path));
  expect(second.next).toBeUndefined();
  const csv = await bench.get(`${path}&format=csv`);
  expect(csv.headers.get('content-type')).toContain('text/csv');
  expect((await csv.text()).split('\r\n').slice(0, 2)).toEqual([
    'start,end,wh,unallocated,coveredSeconds,quality,revision,openEvents',
    '2026-04-01T00:00:00.000+09:00,2026-04-01T00:30:00.000+09:00,120,,1800,good,1,',
  ]);
});

test('generators and meters: identity, evidence, totals and what waits', async () => {
  const [generator] = await bench.items<{ id: string; meters: Meter[] }>('/generators');
  expect(generator?.meters[0]).toMatchObject({
    meter: pv,
    name: '屋根',
    identity: { maker: '大崎', serial: 'm-1', class: 'B', wrapAt: 100_000, ratedW: 5_000 },
    evidence: { kind: 'specified', markExpires: '2026-06-15', mark: 'soon' },
    reportingPeriod: { seconds: 300, assumed: true },
    registerWh: 167 * 20,
    today: null,
    month: { start, wh: 119 * 20 + 167 * 20 },
    fiscalYear: { start, wh: 119 * 20 + 167 * 20 },
    openEvents: [{ id: eventId, resolution: null }],
    openEventCount: 1,
  });
  const meters = await bench.items<Meter>('/meters');
  expect(meters.map(({ meter }) => meter)).toEqual([
    pv,
    'keihin/grid-1/imported',
    'keihin/grid-1/exported',
    'keihin/sub-1/consumed',
  ]);
  expect(meters[3]).toMatchObject({ reportingPeriod: { seconds: 1_800, assumed: false } });
  expect(meters[1]).toMatchObject({ month: { wh: 287 }, openEvents: [] });
});

test('a register event waits, is refused an impossible word, and takes a possible one', async () => {
  const path = `/register-events/${eventId}/resolution`;
  const said = { by: '山田', why: 'replaced after lightning' };
  expect(await bench.refused(path, { kind: 'real', ...said })).toMatchObject({ status: 400 });
  const low = { kind: 'reset-to-zero', finalWh: 3, ...said };
  expect((await bench.refused(path, low)).detail).toContain('below 52380');
  const forEver = { kind: 'error', until: Date.parse('2062-04-01T10:05:00+09:00'), ...said };
  expect((await bench.refused(path, forEver)).detail).toContain('until: lies in the future');
  const reset = { kind: 'reset-to-zero', finalWh: 52_390, ...said };
  expect(await bench.state(path, reset)).toMatchObject({ id: eventId, resolution: reset });
  // Said again, it is the same word.
  await bench.state(path, reset);
  await bench.derive();
  const [event] = await bench.items<ShownRegisterEvent>(`/register-events?meter=${pv}`);
  expect(event).toMatchObject({
    id: eventId,
    kind: 'fall',
    before: 52_380,
    after: 0,
    resolution: reset,
  });
  const [day] = await bench.items<EnergyInterval>(
    `/intervals?meter=${pv}&from=${start}&to=${start + 1}&resolution=1d`,
  );
  expect(day).toMatchObject({ wh: 119 * 20 + 10 + 167 * 20, openEvents: [] });
  const unknown = `/register-events/keihin.pv-1.generated.12/resolution`;
  expect(await bench.refused(unknown, reset)).toMatchObject({ status: 404 });
  const none = `/register-events/nonsense/resolution`;
  expect(await bench.refused(none, reset)).toMatchObject({ status: 404 });
});

test('a correction must have seen what is stored; the reading stays', async () => {
  const at = start + 60 * minuteMs;
  const meter = 'keihin/grid-1/imported';
  const said = { meter, at, by: '山田', why: 'misread' };
  const blind = { ...said, before: 1, after: 2 };
  expect(await bench.refused('/corrections', blind)).toMatchObject({
    status: 409,
    errors: [{ field: 'before', value: 1, detail: 'the reading is 7000012 now' }],
  });
  const other = { ...said, at: at + 1, before: 1, after: 2 };
  expect(await bench.refused('/corrections', other)).toMatchObject({ status: 404 });
  const same = { ...said, before: 7_000_012, after: 7_000_012 };
  expect(await bench.refused('/corrections', same)).toMatchObject({ status: 400 });
  const word = { ...said, id: 'c-1', before: 7_000_012, after: 7_000_013 };
  const first = await bench.state('/corrections', word);
  expect(await bench.state('/corrections', word)).toEqual(first);
  expect(await bench.refused('/corrections', { ...word, after: 9 })).toMatchObject({ status: 409 });
  await bench.derive();
  const [hour] = await bench.items<EnergyInterval>(
    `/intervals?meter=${meter}&from=${at}&to=${at + 1}`,
  );
  expect(hour).toMatchObject({ revision: 2, wh: 5, quality: 'uncertain' });
  const [shown] = await bench.items<ShownCorrection>(`/corrections?meter=${meter}`);
  expect(shown).toMatchObject({ before: 7_000_012, after: 7_000_013, by: '山田' });
  const raw = await (
    await bench.get(`/readings?channel=keihin/pi-1/grid-1/imported&from=${at}&to=${at + 1}`)
  ).text();
  expect(JSON.parse(raw)).toMatchObject({ value: 7_000_012 });
});

test('displays read by people: beside a metered register, and the account of a meter without a device', async () => {
  const at = start + 61 * minuteMs;
  const said = { by: '佐藤', photoSha256: 'ab'.repeat(32) };
  const path = '/meter-readings';
  const pvReading = { meter: pv, at, wh: 50_300, ...said };
  const one = await bench.state<{ items: MeterReading[] }>(path, pvReading);
  expect(one.items[0]).toMatchObject({
    wh: 50_300,
    metered: { at: start + 60 * minuteMs, wh: 50_240, differenceWh: 60, agrees: true },
  });
  // The same once more is the same; another value at that time is not.
  await bench.state(path, pvReading);
  expect(await bench.refused(path, { ...pvReading, wh: 1 })).toMatchObject({ status: 409 });
  const off = { ...pvReading, at: at + 1, wh: 90_000 };
  const two = await bench.state<{ items: MeterReading[] }>(path, off);
  expect(two.items[0]?.metered).toMatchObject({ agrees: false });
  const csv = [
    'meter,time,wh,by',
    'keihin/sub-1/consumed,2026-04-01T09:00:00+09:00,1000,"佐藤, 花子"',
    'keihin/sub-1/consumed,2026-04-02T09:00:00+09:00,9000,佐藤',
  ].join('\r\n');
  expect((await bench.postCsv(path, csv)).status).toBe(201);
  await bench.derive();
  const [month] = await bench.items<EnergyInterval>(
    `/intervals?meter=keihin/sub-1/consumed&from=${start}&resolution=1mo`,
  );
  expect(month).toMatchObject({ wh: 8_000, unallocated: [{ wh: 8_000 }] });
  const listed = await bench.items<MeterReading>(`${path}?meter=${pv}`);
  expect(listed.map(({ wh }) => wh)).toEqual([90_000, 50_300]);
  // The metered account is none of theirs.
  const events = await bench.items<ShownRegisterEvent>(`/register-events?meter=${pv}`);
  expect(events).toHaveLength(1);
});

test('whatever is sent is taken or refused as a problem, and nothing fails', async () => {
  const meter = fc.constantFrom(pv, 'keihin/sub-1/consumed', 'keihin/grid-1/exported', 'x', '');
  const whole = fc.oneof(fc.integer({ min: -1, max: 60_000 }), fc.maxSafeInteger(), fc.double());
  const at = fc.oneof(fc.constantFrom(fellAt, start, now), fc.integer(), fc.maxSafeInteger());
  const kind = fc.constantFrom('reset-to-zero', 'replaced', 'wrapped', 'rollback', 'real', 'error');
  const about = { by: fc.string(), why: fc.string() };
  const resolution = fc.record(
    { kind, finalWh: whole, startWh: whole, wrapAt: whole, until: at, ...about },
    { requiredKeys: ['kind', 'by', 'why'] },
  );
  const correction = fc.record({ meter, at, before: whole, after: whole, ...about });
  const reading = fc.record({ meter, at, wh: whole, by: fc.string() });
  const anything = fc.oneof(fc.jsonValue(), resolution, correction, reading);
  const path = fc.constantFrom(
    `/register-events/${eventId}/resolution`,
    `/register-events/keihin.grid-1.imported.${start + 10 * minuteMs}/resolution`,
    '/register-events/..%2F/resolution',
    '/corrections',
    '/meter-readings',
  );
  const answered = async (response: Response) => {
    expect([201, 400, 404, 409]).toContain(response.status);
    if (response.status === 201) return;
    expect(problemSchema.safeParse(await response.json()).error).toBeUndefined();
  };
  await fc.assert(
    fc.asyncProperty(path, anything, fc.string(), async (to, sent, table) => {
      await answered(await bench.post(to, sent));
      await answered(await bench.postCsv('/meter-readings', `meter,time,wh,by\n${table}`));
    }),
    { numRuns: 500 },
  );
  await bench.derive();
  for (const resolution of ['30m', 'fy'])
    expect((await bench.get(`/intervals?meter=${pv}&resolution=${resolution}`)).status).toBe(200);
});

test('what was said and derived is there after a restart', async () => {
  const before = await bench.items(`/intervals?meter=${pv}&from=${start}`);
  bench = await bench.again();
  await bench.derive();
  expect(await bench.items(`/intervals?meter=${pv}&from=${start}`)).toEqual(before);
  expect(await bench.items('/meters')).toHaveLength(4);
});

test('an unknown meter is refused with the known ones', async () => {
  for (const path of ['/intervals', '/register-events', '/meter-readings', '/corrections']) {
    const answer = await bench.get(`${path}?meter=keihin/pv-9/generated`);
    expect(answer.status).toBe(404);
    expect((await answer.json()).detail).toContain(pv);
  }
});
