import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FrameEvent } from '#device/contract';
import { parseConfig } from '../config/load.ts';
import { openEmbeddedStore } from '../store/embedded/store.ts';
import type { DerivedRow, Store, StoredEvent, StoredReading } from '../store/port.ts';
import { Derivation } from './derivation.ts';
import { configuredMeters, type MeterStatements, nothingSaid } from './meter.ts';
import { noStatements } from './pack.ts';
import { dayStaleKey, staleKeysOf } from './stale.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const start = Date.parse('2026-04-01T00:00:00+09:00');
const now = start + 5 * dayMs;
const text = (settings = '') =>
  `sites: [{ id: keihin, generators: [{ id: pv-1, kind: pv, device: pi-1, meters: { generated: { ${settings} } } }] }]`;

interface Message {
  readonly at: number;
  readonly wh: number | null;
  readonly events?: readonly FrameEvent[];
}

async function opened(settings = '', folder = mkdtempSync(join(tmpdir(), 'kadoru-meter-'))) {
  const meters = configuredMeters(parseConfig(text(settings), 'gateway.yaml', {}));
  const store = await openEmbeddedStore({ folder });
  let said: MeterStatements = nothingSaid;
  const derivation = new Derivation(store, {
    packs: [],
    packStatements: () => noStatements,
    meters,
    meterStatements: () => said,
  });
  await derivation.load(now);
  const [meter] = meters;
  if (meter === undefined) throw new Error('no meter');
  return {
    folder,
    store,
    meter,
    derive: async () => {
      while (await derivation.turn(now));
    },
    commit: (messages: readonly Message[]) => commit(store, messages, staleKeysOf([], meters)),
    say: async (statements: MeterStatements, at: number) => {
      said = statements;
      const nothing = { frames: [], readings: [], events: [], quarantine: [], records: [] };
      await store.commit({ ...nothing, stale: [dayStaleKey(meter, at)] });
    },
  };
}

async function commit(
  store: Store,
  messages: readonly Message[],
  staleKeys: ReturnType<typeof staleKeysOf>,
): Promise<void> {
  const origin = { site: 'keihin', device: 'pi-1', stream: 's' };
  const readings = messages.map(({ at, wh }): StoredReading => {
    const quality = wh === null ? 'bad' : 'good';
    const why = wh === null ? 'no-data' : null;
    const content = { value: wh, raw: null, quality, why, clock: 'synced', seq: at } as const;
    const about = { asset: 'pv-1', quantity: 'generated', at, receivedAt: at } as const;
    return { ...origin, ...about, ...content };
  });
  const events = messages.flatMap(({ at, events: said = [] }) =>
    said.map((event, index): StoredEvent => ({ ...origin, seq: at, at, index, event })),
  );
  const stale = staleKeys({ readings, events });
  await store.commit({ frames: [], readings, events, quarantine: [], records: [], stale });
}

async function rows(store: Store, measurement: string): Promise<DerivedRow[]> {
  const all: DerivedRow[] = [];
  const span = { from: 0, to: Number.MAX_SAFE_INTEGER };
  for await (const row of store.derived({ measurement, key: 'keihin/pv-1/generated' }, span))
    all.push(row);
  return all;
}

/** Everything derived, but for how often it changed on the way. */
async function bytes(store: Store): Promise<string> {
  const halfHours = (await rows(store, 'energy_interval')).map(({ at, fields }) => ({
    at,
    ...fields,
    revision: 0,
    change: 0,
  }));
  // A half hour that came and went stays as one of which nothing is known.
  const known = halfHours.filter((row) => 'coveredSeconds' in row && !isEmpty(row));
  return JSON.stringify([known, await rows(store, 'register_event')]);
}

function isEmpty(row: object): boolean {
  const text = JSON.stringify(row);
  return (
    text.includes('"coveredSeconds":0') &&
    text.includes('"unallocated":""') &&
    text.includes('"openEvents":""')
  );
}

/** Every ten minutes for four days, with a wake-up zero, a reset, an outage and another meter. */
const messages: readonly Message[] = Array.from({ length: 4 * 144 }, (_, index) => {
  const at = start + index * 10 * minuteMs + 17_000;
  const meta = (more: object): FrameEvent => ({
    kind: 'meta',
    channels: { 'pv-1/generated': { unit: 'Wh', serial: 'a', ...more } },
  });
  if (index === 0) return { at, wh: 5_000, events: [meta({})] };
  if (index > 130 && index < 160) return { at, wh: 0 };
  if (index < 300) return { at, wh: 5_000 + index * 50 };
  if (index < 320) return { at, wh: null };
  if (index < 400) return { at, wh: (index - 300) * 50 };
  if (index === 400)
    return { at, wh: 777, events: [meta({ serial: 'b', startWh: 700, finalWh: 5_040 })] };
  return { at, wh: 777 + (index - 400) * 50 };
});

test('in whatever order and however often messages come, what is derived is the same', async () => {
  const derived = async (order: readonly Message[], cut: number) => {
    const { store, commit: take, derive } = await opened('reportingPeriodSeconds: 700');
    for (let at = 0; at < order.length; at += cut) {
      await take(order.slice(at, at + cut));
      await derive();
    }
    const result = await bytes(store);
    await store.close();
    return result;
  };
  const once = await derived(messages, messages.length);
  expect(JSON.parse(once)[1].length).toBeGreaterThan(2);
  const shuffled = fc.shuffledSubarray([...messages, ...messages.slice(100, 400)], {
    minLength: messages.length + 300,
  });
  await fc.assert(
    fc.asyncProperty(shuffled, fc.integer({ min: 60, max: 500 }), async (order, cut) => {
      expect(await derived(order, cut)).toBe(once);
    }),
    { numRuns: 12 },
  );
});

test('a rebuild gives the same bytes and raises no revision', async () => {
  const { store, meter, commit: take, derive } = await opened();
  await take(messages);
  await derive();
  const before = [await rows(store, 'energy_interval'), await rows(store, 'register_event')];
  const nothing = { frames: [], readings: [], events: [], quarantine: [], records: [] };
  await store.commit({ ...nothing, stale: [dayStaleKey(meter, start)] });
  await derive();
  const after = [await rows(store, 'energy_interval'), await rows(store, 'register_event')];
  expect(JSON.stringify(after)).toBe(JSON.stringify(before));
  expect(await store.stale(10)).toEqual([]);
  await store.close();
});

test('a late reading raises the revision of the half hours it touches, and of no other', async () => {
  const { store, commit: take, derive } = await opened('reportingPeriodSeconds: 700');
  const plain = messages.slice(0, 130);
  // At 10:10:17, between 10:00:17 and 10:20:17.
  const late = plain[61];
  if (late === undefined) throw new Error('no late message');
  await take(plain.filter((message) => message !== late));
  await derive();
  await take([late]);
  await derive();
  const revised = (await rows(store, 'energy_interval')).filter(
    ({ fields }) => fields['revision'] !== 1,
  );
  expect(revised).toMatchObject([
    { at: start + 10 * 60 * minuteMs, fields: { revision: 2, unallocated: '' } },
  ]);
  await store.close();
});

test('a correction takes the place of a reading, and the half hours of a mistaken first reading go', async () => {
  const { store, commit: take, derive, say } = await opened();
  const wrong = { at: start + 1_000, wh: 999_999 };
  await take([wrong, ...messages.slice(60, 70)]);
  await derive();
  expect((await rows(store, 'register_event')).length).toBe(1);
  const correction = { at: wrong.at, before: 999_999, after: null, by: 'a', why: 'b' };
  await say({ ...nothingSaid, corrections: new Map([[wrong.at, [correction]]]) }, wrong.at);
  await derive();
  expect(await rows(store, 'register_event')).toEqual([]);
  const [first] = await rows(store, 'energy_interval');
  expect(first?.fields['openEvents']).toBe('');
  await store.close();
});

test('a meter that was never derived, or with other settings, is derived anew after a start', async () => {
  const first = await opened('reportingPeriodSeconds: 700');
  await first.commit(messages.slice(0, 200));
  const marks = await first.store.stale(100);
  const key = { measurement: 'energy_interval', key: first.meter.key };
  // As a store from before there were meters: readings, and no marks.
  await first.store.putDerived(key, [], marks);
  await first.store.close();
  const second = await opened('reportingPeriodSeconds: 700', first.folder);
  await second.derive();
  const metered = (await rows(second.store, 'energy_interval')).map(({ fields }) => fields['wh']);
  expect(metered.some((wh) => typeof wh === 'number' && wh > 0)).toBe(true);
  await second.store.close();
  const third = await opened('reportingPeriodSeconds: 60', first.folder);
  await third.derive();
  const unmetered = (await rows(third.store, 'energy_interval')).map(({ fields }) => fields['wh']);
  expect(new Set(unmetered)).toEqual(new Set([0]));
  await third.store.close();
});
