import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { parseConfig } from '../config/load.ts';
import { openEmbeddedStore } from '../store/embedded/store.ts';
import { type Store, StoreError } from '../store/port.ts';
import { ChangeLog, changedHalfHours } from './changes.ts';
import { Derivation } from './derivation.ts';
import { configuredMeters, nothingSaid } from './meter.ts';
import { halfHourOf, intervalMeasurement, type StoredHalfHour } from './meter-rows.ts';
import { noStatements } from './pack.ts';
import { staleKeysOf } from './stale.ts';

vi.setConfig({ testTimeout: 240_000 });

const start = Date.parse('2026-04-01T00:00:00+09:00');
const tenMinutes = 10 * 60_000;
const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
const text =
  'sites: [{ id: keihin, generators: [{ id: pv-1, kind: pv, device: pi-1, meters: { generated: { reportingPeriodSeconds: 600 } } }] }]';
const key = 'keihin/pv-1/generated';
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A gateway's derivation over a real store; `failing` decides which writes of half hours fail. */
async function plant() {
  const folder = mkdtempSync(join(tmpdir(), 'kadoru-changes-'));
  folders.push(folder);
  const meters = configuredMeters(parseConfig(text, 'gateway.yaml', {}));
  const real = await openEmbeddedStore({ folder });
  let failing: 'never' | 'log' | 'before' | 'after' = 'never';
  const putDerived: Store['putDerived'] = async (...args) => {
    const [{ measurement }, rows] = args;
    const hit =
      failing !== 'never' &&
      measurement === (failing === 'log' ? 'energy_change' : intervalMeasurement) &&
      rows.length > 0;
    if (!hit || failing === 'after') await real.putDerived(...args);
    if (hit) throw new StoreError('the disk is gone', true);
  };
  const store = new Proxy(real, {
    get: (target, name) => {
      if (name === 'putDerived') return putDerived;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  let now = start + 86_400_000;
  const derivationOf = async () => {
    const derivation = new Derivation(store, {
      packs: [],
      packStatements: () => noStatements,
      meters,
      meterStatements: () => nothingSaid,
    });
    await derivation.load(now);
    return derivation;
  };
  let derivation = await derivationOf();
  const derive = async () => {
    now += 1;
    while (await derivation.turn(now));
  };
  return {
    store,
    close: () => real.close(),
    log: () => derivation.changes,
    derive,
    fail: (how: typeof failing) => {
      failing = how;
    },
    /** A kill and a new start: what was in memory is gone. */
    restart: async () => {
      derivation = await derivationOf();
    },
    /** Readings by their place in the day, each twice its place in Wh. */
    measure: async (places: readonly number[]) => {
      const readings = places.map((seq) => ({
        site: 'keihin',
        device: 'pi-1',
        asset: 'pv-1',
        quantity: 'generated' as const,
        at: start + seq * tenMinutes,
        value: seq * 20,
        raw: null,
        quality: 'good' as const,
        why: null,
        clock: 'synced' as const,
        stream: 's',
        seq,
        receivedAt: now,
      }));
      const stale = staleKeysOf([], meters)({ readings, events: [] });
      const nothing = { frames: [], events: [], quarantine: [], records: [] };
      await store.commit({ ...nothing, readings, stale });
    },
  };
}

async function stored(store: Store): Promise<Map<number, StoredHalfHour>> {
  const rows = new Map<number, StoredHalfHour>();
  for await (const row of store.derived({ measurement: intervalMeasurement, key }, always))
    rows.set(row.at, halfHourOf(row));
  return rows;
}

/** Somebody who pulls, and keeps what came last of every half hour. */
function puller(store: Store) {
  const held = new Map<number, StoredHalfHour>();
  let since = 0;
  return {
    held,
    pull: async (log: ChangeLog) => {
      const next = log.settled;
      let came = 0;
      for await (const each of changedHalfHours(store, key, since, always)) {
        held.set(each.interval.start, each);
        came += 1;
      }
      since = next;
      return came;
    },
  };
}

test('late and corrected half hours come with the next pull, and nothing else', async () => {
  const { store, close, log, derive, measure } = await plant();
  const { pull, held } = puller(store);
  const day = Array.from({ length: 72 }, (_, place) => place);
  await measure(day.filter((place) => place < 30 || place > 34));
  await derive();
  expect(await pull(log())).toBe(23);
  expect(await pull(log())).toBe(0);
  await measure([31, 32]);
  await derive();
  expect(await pull(log())).toBe(3);
  expect(held).toEqual(await stored(store));
  expect(held.get(start + 10 * 3 * tenMinutes)?.revision).toBe(2);
  await close();
});

test('whatever is pulled when, through failures and restarts, everything that changed arrives', async () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('measure' as const),
      places: fc.uniqueArray(fc.nat(140), { maxLength: 12 }),
    }),
    fc.record({ kind: fc.constantFrom('derive', 'pull', 'restart', 'log', 'before', 'after') }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const { store, close, log, derive, measure, fail, restart } = await plant();
      const { pull, held } = puller(store);
      const numbers: number[] = [];
      for (const each of steps) {
        if ('places' in each) await measure(each.places);
        else if (each.kind === 'derive') await derive();
        else if (each.kind === 'pull') await pull(log());
        else if (each.kind === 'restart') await restart();
        else {
          fail(each.kind);
          await derive().catch((error: unknown) => expect(error).toBeInstanceOf(StoreError));
          // What is half written may be seen, and must be seen again.
          await pull(log());
          fail('never');
        }
        numbers.push(log().settled);
      }
      await derive();
      await pull(log());
      expect(held).toEqual(await stored(store));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      await close();
    }),
    { numRuns: 12 },
  );
});

test('numbers rise over a clock that was set back, and one under way holds the cursor', async () => {
  const { store, close } = await plant();
  const before = new ChangeLog(store);
  await before.load([key], start + 1_000);
  const first = await before.begin(key, start);
  const second = await before.begin(key, start);
  before.end(second);
  expect(before.settled).toBe(first - 1);
  expect(before.state(key)).toBeUndefined();
  before.end(first);
  expect(before.settled).toBe(second);
  const after = new ChangeLog(store);
  await after.load([key], start - 5_000);
  expect(await after.begin(key, start)).toBeGreaterThan(second);
  await close();
});
