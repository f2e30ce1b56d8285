import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs } from '../energy/japan-day.ts';
import { databaseFile, openEmbeddedStore } from '../store/embedded/store.ts';
import type { Store } from '../store/port.ts';
import { checkSeals, type Finding, type HandedOut } from './check.ts';
import { SealJob, waitMs } from './job.ts';
import { storedSeals } from './stored.ts';
import {
  commit,
  firstDay,
  meter,
  meters,
  reading,
  readings,
  tenMinutesMs,
} from './testing-seals.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kadoru-seals-'));
  store = await openEmbeddedStore({ folder });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const register = 'a/pv-1/generated';
const oneO = firstDay + 3 * dayMs + waitMs;

async function sealUntil(nowMs: number, job?: SealJob): Promise<SealJob> {
  const working = job ?? (await SealJob.load(store, meters));
  while (await working.turn(nowMs));
  return working;
}

async function seals() {
  const all = [];
  if (meter !== undefined) for await (const seal of storedSeals(store, meter)) all.push(seal);
  return all;
}

async function findings(handedOut: HandedOut = []): Promise<Finding[]> {
  const all: Finding[] = [];
  for await (const finding of checkSeals(store, meters, handedOut)) all.push(finding);
  return all;
}

test('a leaf is what the format says, computed here by hand', async () => {
  await commit(store, [reading(firstDay, 5), reading(firstDay + tenMinutesMs, 7.5)], firstDay);
  await sealUntil(firstDay + dayMs + waitMs);
  const lines = `${firstDay} 5 - good - synced\n${firstDay + tenMinutesMs} 7.5 - good - synced\n`;
  const half = createHash('sha256')
    .update(`kadoru half hour 1\n${register}\n${firstDay}\n${lines}`)
    .digest();
  const leaf = createHash('sha256')
    .update(`kadoru meter day 1\n${register}\n2021-04-01\n1\nday\n${'0'.repeat(64)}\n`)
    .update(half)
    .update(Buffer.alloc(47 * 32))
    .digest('hex');
  expect(await seals()).toMatchObject([{ register, day: '2021-04-01', revision: 1, leaf }]);
});

test('a day is sealed an hour after its end, days without readings too, each after the one before', async () => {
  await commit(store, readings(firstDay, firstDay + dayMs), firstDay);
  await commit(store, readings(firstDay + 2 * dayMs, firstDay + 3 * dayMs), oneO);
  const job = await sealUntil(oneO - 1);
  expect(job.heads()).toMatchObject([{ register, seals: 2, throughDay: '2021-04-02' }]);
  await sealUntil(oneO, job);
  const all = await seals();
  expect(all.map(({ day, revision, reason }) => `${day} ${revision} ${reason}`)).toEqual([
    '2021-04-01 1 day',
    '2021-04-02 1 day',
    '2021-04-03 1 day',
  ]);
  expect(all.map(({ previous }) => previous).slice(1)).toEqual([all[0]?.leaf, all[1]?.leaf]);
  expect(await findings()).toEqual([{ finding: 'checked', register, days: 3, seals: 3 }]);
});

test('a register whose first readings are of days long over begins when they come', async () => {
  const job = await sealUntil(oneO);
  expect(await seals()).toEqual([]);
  await commit(store, readings(firstDay, firstDay + 3 * dayMs), oneO);
  await sealUntil(oneO, job);
  expect(await findings()).toEqual([{ finding: 'checked', register, days: 3, seals: 3 }]);
});

test('late readings get a supplement; the same readings again do not', async () => {
  const whole = readings(firstDay, firstDay + 3 * dayMs);
  const late = whole.splice(150, 3);
  await commit(store, whole, firstDay);
  const job = await sealUntil(oneO);
  await commit(store, whole, oneO);
  await sealUntil(oneO, job);
  expect(await seals()).toHaveLength(3);
  await commit(store, late, oneO);
  expect((await findings()).map(({ finding }) => finding)).toEqual(['waits', 'checked']);
  await sealUntil(oneO, job);
  const last = (await seals()).at(-1);
  expect(last).toMatchObject({ position: 4, day: '2021-04-02', revision: 2, reason: 'late' });
  expect(await findings()).toEqual([{ finding: 'checked', register, days: 3, seals: 4 }]);
  // A reading of before the first one begins no new chain.
  await commit(store, [reading(firstDay - dayMs, 0)], oneO);
  await sealUntil(oneO, job);
  expect((await seals()).at(-1)).toMatchObject({ day: '2021-03-31', revision: 1, reason: 'late' });
  expect((await findings()).map(({ finding }) => finding)).toEqual(['checked']);
});

test('with a wait until all is there, the chain does not tell in which order it came', async () => {
  const heads = new Set<string>();
  const whole = readings(firstDay, firstDay + 3 * dayMs);
  // In turn; the first day last; the middle of every day last.
  const orders = [
    whole,
    [...whole.slice(144), ...whole.slice(0, 144)],
    [
      ...whole.filter((_, place) => place % 144 < 70),
      ...whole.filter((_, place) => place % 144 >= 70),
    ],
  ];
  for (const order of orders) {
    await store.close();
    rmSync(folder, { recursive: true });
    store = await openEmbeddedStore({ folder });
    const waiting = await SealJob.load(store, meters, 30 * dayMs);
    for (let from = 0; from < order.length; from += 100) {
      await commit(store, order.slice(from, from + 100), oneO);
      await sealUntil(oneO, waiting);
    }
    expect(await seals()).toEqual([]);
    for (const { seals: count, head } of (await sealUntil(oneO)).heads())
      heads.add(`${count} ${head}`);
  }
  expect([...heads]).toEqual([expect.stringMatching(/^3 [0-9a-f]{64}$/)]);
});

test('cut off after any write, sealing goes on to the same chain', async () => {
  const chains = new Set<string>();
  for (const cutAt of [0, 1, 2, 3, 4, 5, 6, 7]) {
    await store.close();
    rmSync(folder, { recursive: true });
    store = await openEmbeddedStore({ folder });
    const whole = readings(firstDay, firstDay + 3 * dayMs);
    const late = whole.splice(10, 2);
    await commit(store, whole, firstDay);
    let writes = 0;
    const write = <T>(go: () => Promise<T>) => {
      writes += 1;
      return writes === cutAt ? Promise.reject(new Error('cut off')) : go();
    };
    const failing: Store = {
      ...bound(store),
      commit: (batch) => write(() => store.commit(batch)),
      putDerived: (...put) => write(() => store.putDerived(...put)),
    };
    const broken = await SealJob.load(failing, meters);
    const went = async () => {
      while (await broken.turn(oneO));
      await commit(store, late, oneO);
      while (await broken.turn(oneO));
    };
    await went().catch(() => undefined);
    await commit(store, late, oneO);
    await sealUntil(oneO);
    expect((await findings()).map(({ finding }) => finding)).toEqual(['checked']);
    const all = await seals();
    // What came before the cut is sealed in its turn or as a supplement; the chain has no second end.
    expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => index + 1));
    chains.add(String(all.length));
  }
  expect([...chains].every((length) => length === '3' || length === '4')).toBe(true);
});

function bound(of: Store): Store {
  return {
    kind: of.kind,
    commit: of.commit.bind(of),
    readings: of.readings.bind(of),
    lastBefore: of.lastBefore.bind(of),
    series: of.series.bind(of),
    readingCount: of.readingCount.bind(of),
    runs: of.runs.bind(of),
    events: of.events.bind(of),
    putDerived: of.putDerived.bind(of),
    derived: of.derived.bind(of),
    derivedKeys: of.derivedKeys.bind(of),
    stale: of.stale.bind(of),
    quarantineTotals: of.quarantineTotals.bind(of),
    quarantined: of.quarantined.bind(of),
    release: of.release.bind(of),
    records: of.records.bind(of),
    close: of.close.bind(of),
  };
}

test('a store edited behind the gateway’s back: the half hour is named, and so is a rewritten chain', async () => {
  await commit(store, readings(firstDay, firstDay + 3 * dayMs), firstDay);
  const job = await sealUntil(oneO);
  const handedOut = job.heads().map(({ head }) => ({ register, head }));
  await store.close();
  const at = firstDay + dayMs + 13 * 3_600_000 + 40 * 60_000;
  const edit = (sql: string, ...values: readonly (string | number)[]) => {
    const database = new DatabaseSync(databaseFile(folder));
    database.prepare(sql).run(...values);
    database.close();
  };
  edit('UPDATE reading SET value = value + 1 WHERE at = ?', at);
  store = await openEmbeddedStore({ folder });
  const altered = { finding: 'altered', register, day: '2021-04-02', revision: 1 };
  const checked = { finding: 'checked', register, days: 3, seals: 3 };
  expect(await findings(handedOut)).toEqual([
    { ...altered, halfHour: '2021-04-02T13:30+09:00' },
    checked,
  ]);
  // Whoever also makes new seals of it has another head than the one that was handed out.
  await store.close();
  edit('DELETE FROM record');
  edit('DELETE FROM derived');
  store = await openEmbeddedStore({ folder });
  await sealUntil(oneO);
  expect(await findings()).toEqual([checked]);
  const [{ head } = { head: '' }] = handedOut;
  expect(await findings(handedOut)).toEqual([{ finding: 'head-gone', register, head }, checked]);
});
