import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { hourRows, type Placed } from '../derive/hour-rows.ts';
import { stretchOfRow } from '../derive/stretch.ts';
import type { DerivedRow } from '../store/port.ts';
import { bucketsFor, thin } from './history.ts';
import { bench, nowMs } from './testing-app.ts';

vi.setConfig({ testTimeout: 60_000 });

const minuteMs = 60_000;
const start = Math.floor(nowMs / minuteMs) * minuteMs - 60 * minuteMs;

function row(minute: number, totalKg: number | null = 20): DerivedRow {
  const at = start + minute * minuteMs;
  const known = totalKg === null ? null : 1;
  const fields = {
    measuredAt: at + 59_000,
    pressureMpa: known,
    temperatureC: known,
    totalKg,
    usableKg: known,
    expandedUncertaintyKg: known,
    usableExpandedUncertaintyKg: known,
    quality: totalKg === null ? 'bad' : 'good',
    why: totalKg === null ? 'loop-open' : null,
  };
  return { at, fields };
}

async function* each(rows: readonly DerivedRow[]): AsyncIterable<Placed> {
  for (const one of rows) yield Promise.resolve({ at: one.at, stretch: stretchOfRow(one) });
}

const spanOf = (minutes: number) => ({ from: start, to: start + minutes * minuteMs });
const settled = Infinity;

test('a point is what the bucket knew last', async () => {
  const points = await thin(
    each([row(0, 20), row(1, 19), row(2, 18), row(3, 17)]),
    bucketsFor(spanOf(4), 2),
    settled,
  );
  expect(points.map(({ at, totalKg }) => [at, totalKg])).toEqual([
    [row(1).at, 19],
    [row(3).at, 17],
  ]);
  expect(points[0]).not.toHaveProperty('why');
});

test('what a point stands for keeps its extremes and counts its minutes, an event row not twice', async () => {
  const event = { ...row(1, 25), at: row(1).at + 30_000 };
  const rows = [row(0, 20), row(1, 3), event, row(2, null), row(3, 17)];
  const [point, alone] = await thin(each(rows), bucketsFor(spanOf(8), 2), row(7).at);
  expect(point).toMatchObject({
    totalKg: 17,
    stretch: { totalKg: { least: 3, most: 25 }, knownMinutes: 3, minutes: 4 },
  });
  expect(alone).toBeUndefined();
  const fine = await thin(each(rows), bucketsFor(spanOf(4), 4), settled);
  for (const each of fine) expect(each).not.toHaveProperty('stretch');
});

test('no value of any row lies outside what the points tell', async () => {
  const masses = fc.array(fc.option(fc.integer({ min: 0, max: 30 })), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(masses, fc.integer({ min: 2, max: 5 }), async (values, points) => {
      const buckets = bucketsFor(spanOf(values.length), points);
      const shown = await thin(each(values.map((kg, at) => row(at, kg))), buckets, settled);
      const all = shown.flatMap(({ totalKg, stretch }) =>
        stretch === undefined ? [totalKg] : [stretch.totalKg?.least, stretch.totalKg?.most],
      );
      const told = all.filter((kg) => typeof kg === 'number');
      const known = values.filter((kg) => kg !== null);
      expect([Math.min(...told), Math.max(...told)]).toEqual([
        Math.min(...known),
        Math.max(...known),
      ]);
    }),
  );
});

test('a null shows only where nothing good is in the bucket, with its reason', async () => {
  const rows = [row(0, 20), row(1, null), row(2, null), row(3, null)];
  const points = await thin(each(rows), bucketsFor(spanOf(4), 2), settled);
  expect(points.map(({ totalKg, why }) => [totalKg, why])).toEqual([
    [20, undefined],
    [null, 'loop-open'],
  ]);
});

test('a bucket without a row is a point without values, so that no line crosses it', async () => {
  const points = await thin(each([row(0), row(3)]), bucketsFor(spanOf(4), 4), settled);
  expect(points.map(({ why }) => why)).toEqual([undefined, 'no-data', 'no-data', undefined]);
  expect(points[1]).toMatchObject({
    at: row(1).at,
    quality: 'bad',
    totalKg: null,
    pressureMpa: null,
  });
});

test('what may still be derived, and the future, is not called missing', async () => {
  const points = await thin(each([row(0)]), bucketsFor(spanOf(10), 10), row(3).at);
  expect(points.map(({ at }) => at)).toEqual([row(0).at, row(1).at, row(2).at]);
});

test('a row that the gateway cannot have derived is refused, not shown', async () => {
  const broken = { at: start, fields: { ...row(0).fields, quality: 'excellent' } };
  await expect(thin(each([broken]), bucketsFor(spanOf(1), 2), settled)).rejects.toThrow(/quality/);
});

test('buckets are whole minutes, hold the span, and are no more than asked for', () => {
  const ms = fc.integer({ min: 1, max: 400 * 24 * 3_600_000 });
  fc.assert(
    fc.property(
      fc.nat(10 * minuteMs),
      ms,
      fc.integer({ min: 2, max: 2000 }),
      (offset, length, points) => {
        const span = { from: start + offset, to: start + offset + length };
        const { startMs, widthMs, count } = bucketsFor(span, points);
        expect(startMs % minuteMs).toBe(0);
        expect(widthMs % minuteMs).toBe(0);
        expect(startMs).toBeLessThanOrEqual(span.from);
        expect(startMs + count * widthMs).toBeGreaterThanOrEqual(span.to);
        expect(count).toBeLessThanOrEqual(points);
        expect(count).toBeGreaterThan(0);
      },
    ),
  );
});

test('with a row in every minute no point is missing, however the span and the points fall', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.nat(minuteMs - 1),
      fc.integer({ min: 2, max: 50 }),
      async (minutes, offset, points) => {
        const span = { from: start + offset, to: start + minutes * minuteMs };
        const buckets = bucketsFor(span, points);
        const rows = Array.from({ length: minutes }, (_, minute) => row(minute));
        const shown = await thin(each(rows), buckets, settled);
        expect(shown).toHaveLength(buckets.count);
        expect(shown.every(({ totalKg }) => totalKg !== null)).toBe(true);
      },
    ),
  );
});

test('the route answers the last day when no span is given', async () => {
  const { app, store } = bench();
  const rows = Array.from({ length: 3 * 1440 }, (_, minute) => row(minute - 3 * 1440));
  store.rows.set('hydrogen keihin/pack-1', rows);
  const { items } = (await (await app.hono.request('/api/v1/packs/pack-1/history')).json()) as {
    items: { at: number; why?: string }[];
  };
  expect(items[0]?.at).toBeGreaterThanOrEqual(nowMs - 24 * 3_600_000);
  expect(items.length).toBeLessThanOrEqual(720);
  expect(items.filter(({ why }) => why === 'no-data').length).toBeGreaterThan(0);
  expect(items.at(0)?.why).toBeUndefined();
});

test('a span of whole hours is answered from hours, and says the same as from minutes', async () => {
  const { app, store } = bench();
  const from = Math.floor(nowMs / 3_600_000 - 8) * 3_600_000;
  const rows = Array.from({ length: 6 * 60 }, (_, minute) => ({
    ...row(0, minute % 9 === 0 ? null : minute / 20),
    at: from + minute * minuteMs,
  }));
  const hours = hourRows(rows);
  const path = `/api/v1/packs/pack-1/history?from=${from}&to=${from + 8 * 3_600_000}&points=4`;
  const answer = async () => (await app.hono.request(path)).json();
  store.rows.set('hydrogen keihin/pack-1', rows);
  const byMinutes = await answer();
  // An hour without a row is read minute by minute; one that has a row is not.
  store.rows.set('hydrogen_hour keihin/pack-1', hours.toSpliced(2, 1));
  expect(await answer()).toEqual(byMinutes);
  const others = rows.filter(({ at }) => Math.floor((at - from) / 3_600_000) === 2);
  store.rows.set('hydrogen keihin/pack-1', others);
  expect(await answer()).toEqual(byMinutes);
});
