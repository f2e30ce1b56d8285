import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../config/load.ts';
import { openEmbeddedStore } from '../store/embedded/store.ts';
import type { DerivedRow, Store, StoredReading } from '../store/port.ts';
import { Derivation } from './derivation.ts';
import { nothingSaid } from './meter.ts';
import { configuredPack, noStatements } from './pack.ts';
import { staleKeysOf } from './stale.ts';
import { newPlant } from './testing-plant.ts';

const text =
  'sites: [{ id: keihin, packs: [{ id: pack-1, device: pi-1, cylinders: 30, cylinderLitres: 50 }] }]';
const packs = parseConfig(text, 'gateway.yaml', {}).sites.flatMap((site) =>
  site.packs.map((pack) => configuredPack(site.id, pack)),
);
const staleKeys = staleKeysOf(packs, []);
const derivationOf = (of: Store, derived = packs) =>
  new Derivation(of, {
    packs: derived,
    packStatements: () => noStatements,
    meters: [],
    meterStatements: () => nothingSaid,
  });
const start = Date.UTC(2026, 3, 1);
const minuteMs = 60_000;
const now = start + 60 * minuteMs;
const freshStore = () =>
  openEmbeddedStore({ folder: mkdtempSync(join(tmpdir(), 'kadoru-derive-')) });

let store: Store;
beforeAll(async () => {
  store = await freshStore();
});
afterAll(() => store.close());

function reading(
  quantity: 'pressure' | 'temperature',
  at: number,
  value: number | null,
): StoredReading {
  const quality = value === null ? 'bad' : 'good';
  const why = value === null ? 'loop-open' : null;
  const origin = { site: 'keihin', device: 'pi-1', asset: 'pack-1', quantity };
  return {
    ...origin,
    at,
    value,
    raw: null,
    quality,
    why,
    clock: 'synced',
    stream: 's',
    seq: at,
    receivedAt: at,
  };
}

async function commit(to: Store, readings: readonly StoredReading[]): Promise<void> {
  const stale = staleKeys({ readings, events: [] });
  await to.commit({ frames: [], readings, events: [], quarantine: [], records: [], stale });
}

async function rows(from: Store, measurement = 'hydrogen', to = now): Promise<DerivedRow[]> {
  const all: DerivedRow[] = [];
  const key = { measurement, key: 'keihin/pack-1' };
  for await (const row of from.derived(key, { from: start, to })) all.push(row);
  return all;
}

test('a closed minute holds its last good pressure with the temperature before it; a running one waits', async () => {
  await commit(store, [
    reading('temperature', start + 1000, 20),
    reading('pressure', start + 1000, 10),
    reading('pressure', start + 58_000, 9.99),
    reading('temperature', start + 57_000, 15),
    reading('pressure', start + 59_000, null),
    reading('pressure', now + 1000, 9.9),
  ]);
  await derivationOf(store).turn(now + 30_000);
  const [row, first, ...others] = await rows(store);
  expect(others).toEqual([]);
  // The first reading begins a segment: an event, stored at its own time.
  expect(first).toMatchObject({
    at: start + 1000,
    fields: { pressureMpa: 10, segmentAt: start + 1000 },
  });
  expect(row).toMatchObject({
    at: start,
    fields: {
      measuredAt: start + 58_000,
      pressureMpa: 9.99,
      temperatureC: 15,
      quality: 'good',
      why: null,
    },
  });
  expect(await store.stale(10)).toHaveLength(1);
});

test('a minute without a value is a null with its reason', async () => {
  const minute = start + 10 * minuteMs;
  await commit(store, [reading('pressure', minute + 5000, null)]);
  await derivationOf(store).turn(now);
  expect((await rows(store)).find(({ at }) => at === minute)?.fields).toMatchObject({
    pressureMpa: null,
    totalKg: null,
    quality: 'bad',
    why: 'loop-open',
  });
});

test('of a silent thermometer the same is said minute by minute and at once', async () => {
  const minutes = [0, 1, 2].map((minute) => [
    ...(minute === 0 ? [reading('temperature', start, 20)] : []),
    reading('pressure', start + minute * minuteMs, 10),
  ]);
  const derive = async (commits: readonly (readonly StoredReading[])[]) => {
    const fresh = await freshStore();
    const derivation = derivationOf(fresh);
    for (const readings of commits) {
      await commit(fresh, readings);
      await derivation.turn(now);
    }
    const derived = await rows(fresh);
    await fresh.close();
    return derived;
  };
  const atOnce = await derive([minutes.flat()]);
  expect(atOnce.at(-1)?.fields).toMatchObject({ totalKg: null, quality: 'bad', why: 'no-data' });
  expect(await derive(minutes)).toEqual(atOnce);
});

test('an hour that a power cut ended has its row once readings come again, in another day and another process', async () => {
  const fresh = await freshStore();
  const state = (at: number) => [reading('temperature', at, 20), reading('pressure', at, 10)];
  // 23:50 and 00:31 in Japan.
  const [last, again] = [50, 91].map((minute) => Date.UTC(2026, 3, 1, 14, minute));
  if (last === undefined || again === undefined) throw new Error('no times');
  await commit(fresh, state(last));
  await derivationOf(fresh).turn(last + minuteMs);
  const restarted = derivationOf(fresh);
  await restarted.load(again);
  await commit(fresh, state(again));
  await restarted.turn(again + 2 * minuteMs);
  expect(await hours(fresh)).toEqual([Date.UTC(2026, 3, 1, 14)]);
  await fresh.close();
});

test('what is derived again up to a midnight after which nothing differs takes no hour away', async () => {
  const fresh = await freshStore();
  // 23:30, 00:30 and 01:01 in Japan.
  const times = [30, 90, 121].map((minute) => Date.UTC(2026, 3, 1, 14, minute));
  const readings = times.flatMap((at) => [
    reading('temperature', at, 20),
    reading('pressure', at, 10),
  ]);
  const derivation = derivationOf(fresh);
  const later = Date.UTC(2026, 3, 1, 17);
  await commit(fresh, readings);
  await derivation.turn(later);
  const before = await hours(fresh);
  expect(before).toEqual([14, 15].map((hour) => Date.UTC(2026, 3, 1, hour)));
  await commit(fresh, readings.slice(0, 2));
  await derivation.turn(later);
  expect(await hours(fresh)).toEqual(before);
  await fresh.close();
});

async function hours(from: Store): Promise<number[]> {
  return (await rows(from, 'hydrogen_hour', Number.MAX_SAFE_INTEGER)).map(({ at }) => at);
}

test('in whatever order and however often readings come, the derived bytes are the same', async () => {
  const readings = Array.from({ length: 30 }, (_, index) => [
    reading('pressure', start + index * 7000, index % 6 === 0 ? null : 10 - index / 2000),
    reading('temperature', start + index * 7000, 20 + index / 10),
  ]).flat();
  let plants = 0;
  const derive = async (order: readonly StoredReading[], cuts: number): Promise<string[]> => {
    plants += 1;
    const site = `site-${plants}`;
    const plant = newPlant(store, site);
    const derivation = plant.derivation();
    for (let at = 0; at < order.length; at += cuts) {
      const came = order.slice(at, at + cuts).map((each) => ({ ...each, site }));
      await plant.commit({ readings: came, events: [] });
      await derivation.turn(now);
    }
    return plant.derived();
  };
  const once = await derive(readings, readings.length);
  expect(once).toHaveLength(6);
  const shuffled = fc.shuffledSubarray([...readings, ...readings], {
    minLength: 60,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(shuffled, fc.integer({ min: 5, max: 60 }), async (order, cuts) => {
      expect(await derive([...order, ...readings], cuts)).toEqual(once);
    }),
    { numRuns: 15 },
  );
});

test('a changed configuration, or rows of an older program, are derived anew; what is current is left alone', async () => {
  const fresh = await freshStore();
  const days = 3;
  const readings = Array.from({ length: days * 24 }, (_, hour) => [
    reading('pressure', start + hour * 3_600_000, 10),
    reading('temperature', start + hour * 3_600_000, 20),
  ]).flat();
  await commit(fresh, readings);
  const later = start + days * 24 * 3_600_000 + 60_000;
  const kilograms = async () => (await rows(fresh, 'hydrogen', later))[0]?.fields['totalKg'];
  const begin = async (settings: string) => {
    const changed = parseConfig(text.replace('cylinders: 30', settings), 'gateway.yaml', {});
    const pack = changed.sites.flatMap((site) =>
      site.packs.map((each) => configuredPack(site.id, each)),
    );
    const derivation = derivationOf(fresh, pack);
    await derivation.load(later);
    return derivation;
  };
  await (await begin('cylinders: 30')).turn(later);
  expect(await kilograms()).toBeCloseTo(11.8062, 3);
  await begin('cylinders: 30');
  expect(await fresh.stale(10)).toEqual([]);
  const other = await begin('cylinders: 30, openCylinders: 15');
  await other.turn(later);
  expect(await kilograms()).toBeCloseTo(11.8062 / 2, 3);
  expect(await fresh.stale(10)).toEqual([]);
  // An older program remembered other things: its states are not gone on from, and its rows are derived anew.
  await olderStates(fresh, later);
  const newer = await begin('cylinders: 30, openCylinders: 15');
  expect(await fresh.stale(10)).not.toEqual([]);
  await newer.turn(later);
  await begin('cylinders: 30, openCylinders: 15');
  expect(await fresh.stale(10)).toEqual([]);
  await fresh.close();
});

async function olderStates(of: Store, until: number): Promise<void> {
  const older = (await rows(of, 'pack_checkpoint', until)).map(({ at, fields }) => ({
    at,
    fields: { ...fields, state: JSON.stringify({ at, mass: 9 }) },
  }));
  expect(older.length).toBeGreaterThan(1);
  await of.putDerived({ measurement: 'pack_checkpoint', key: 'keihin/pack-1' }, older, []);
}

test('a long recomputation that is cut off anywhere goes on, and ends at the same bytes', async () => {
  const hours = 5 * 24;
  const readings = Array.from({ length: hours }, (_, hour) => [
    reading('pressure', start + hour * 3_600_000, 12 - hour / 50),
    reading('temperature', start + hour * 3_600_000, 20),
  ]).flat();
  const later = start + hours * 3_600_000 + 60_000;
  const bytesAfter = async (cutAt: number | undefined): Promise<string> => {
    const fresh = await freshStore();
    await commit(fresh, readings);
    let writes = 0;
    const failing: Store = Object.assign(Object.create(fresh), {
      putDerived: (...write: Parameters<Store['putDerived']>) => {
        writes += 1;
        if (writes === cutAt) throw new Error('cut off');
        return fresh.putDerived(...write);
      },
      commit: fresh.commit.bind(fresh),
      readings: fresh.readings.bind(fresh),
      derived: fresh.derived.bind(fresh),
      stale: fresh.stale.bind(fresh),
    });
    const cut = await derivationOf(failing)
      .turn(later)
      .then(
        () => false,
        () => true,
      );
    expect(cut).toBe(cutAt !== undefined && cutAt <= writes);
    const next = derivationOf(fresh);
    await next.load(later);
    while ((await fresh.stale(10)).length > 0) await next.turn(later);
    const all = [];
    for (const measurement of ['hydrogen', 'hydrogen_hour', 'pack_event']) {
      const key = { measurement, key: 'keihin/pack-1' };
      for await (const row of fresh.derived(key, { from: start, to: later })) all.push(row);
    }
    await fresh.close();
    return JSON.stringify(all);
  };
  const whole = await bytesAfter(undefined);
  expect(JSON.parse(whole).length).toBeGreaterThan(hours);
  for (const cutAt of [1, 4, 9, 14, 22, 31, 45]) expect(await bytesAfter(cutAt)).toBe(whole);
});
