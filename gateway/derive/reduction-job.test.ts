import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { parseConfig } from '../config/load.ts';
import { Judge } from '../emissions/conditions.ts';
import { exact } from '../emissions/exact.ts';
import { shippedFactorRows } from '../emissions/factor-rows.ts';
import type { FactorRow } from '../emissions/factor.ts';
import { jointSpans } from '../emissions/joint.ts';
import { lineOfSpans } from '../emissions/register-line.ts';
import { judged } from '../emissions/stretch.ts';
import { step } from '../energy/account.ts';
import type { Span } from '../energy/span.ts';
import { noState } from '../energy/state.ts';
import { openEmbeddedStore } from '../store/embedded/store.ts';
import type { Store, StoredReading } from '../store/port.ts';
import { Derivation } from './derivation.ts';
import {
  type ConfiguredMeter,
  configuredMeters,
  type MeterStatements,
  nothingSaid,
} from './meter.ts';
import { storedInputs } from './meter-inputs.ts';
import { noStatements } from './pack.ts';
import { configuredReductions } from './reduction-plan.ts';
import { type Reduction, reductionRow, storedReductions } from './reduction-rows.ts';
import { dayStaleKey, staleKeysOf } from './stale.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const start = Date.parse('2027-03-30T00:00:00+09:00');
const now = start + 6 * dayMs;
const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
const text = (more = '') => `sites: [{ id: keihin, generators: [{ id: pv-1, kind: pv, device: pi-1,
  meters: { exported: {}, generated: {} } ${more} }] }]`;

interface Message {
  readonly at: number;
  readonly quantity: 'generated' | 'exported';
  readonly wh: number;
}

const opened: { store: Store; folder: string }[] = [];
afterEach(async () => {
  for (const { store, folder } of opened.splice(0)) {
    await store.close();
    rmSync(folder, { recursive: true });
  }
});

async function open(
  folder = mkdtempSync(join(tmpdir(), 'kadoru-reduction-')),
  more = '',
  table: readonly FactorRow[] = shippedFactorRows,
) {
  const config = parseConfig(text(more), 'gateway.yaml', {});
  const meters = configuredMeters(config);
  const plans = configuredReductions(config, meters);
  const store = await openEmbeddedStore({ folder });
  opened.push({ store, folder });
  const said = new Map<string, MeterStatements>();
  const statements = ({ key }: ConfiguredMeter) => said.get(key) ?? nothingSaid;
  let factors = table;
  const derivation = new Derivation(store, {
    packs: [],
    packStatements: () => noStatements,
    meters,
    meterStatements: statements,
    reductions: { plans, factors: () => factors },
  });
  await derivation.load(now);
  const [plan] = plans;
  if (plan === undefined) throw new Error('no plan');
  const nothing = { frames: [], readings: [], events: [], quarantine: [], records: [] };
  return {
    store,
    folder,
    plan,
    statements,
    changes: () => [...derivation.reductionJobs()][0]?.changes ?? 0,
    setFactors: (rows: readonly FactorRow[]) => {
      factors = rows;
    },
    derive: async () => {
      while (await derivation.turn(now));
      expect(await store.stale(10)).toEqual([]);
    },
    take: async (messages: readonly Message[]) => {
      const readings = messages.map(readingOf);
      const stale = staleKeysOf([], meters)({ readings, events: [] });
      await store.commit({ ...nothing, readings, stale });
    },
    say: async (quantity: string, statements: MeterStatements, at: number) => {
      const meter = meters.find((meter) => meter.quantity === quantity);
      if (meter === undefined) throw new Error('no such meter');
      said.set(meter.key, statements);
      await store.commit({ ...nothing, stale: [dayStaleKey(meter, at)] });
    },
    rows: async () => {
      const rows: Reduction[] = [];
      for await (const row of storedReductions(store, plan.key, always)) rows.push(row);
      return rows;
    },
  };
}
type Opened = Awaited<ReturnType<typeof open>>;

function readingOf({ at, quantity, wh }: Message): StoredReading {
  const origin = { site: 'keihin', device: 'pi-1', stream: quantity, asset: 'pv-1' } as const;
  const content = { value: wh, raw: null, quality: 'good', why: null, clock: 'synced' } as const;
  return { ...origin, ...content, quantity, at, seq: at, receivedAt: at };
}

/** What the rows ought to be, from all that is stored, without half hours or checkpoints. */
async function expected({ store, plan, statements }: Opened) {
  const formula = [];
  for (const { item, meter } of plan.registers) {
    const { resolutions } = statements(meter);
    const register = { meter: meter.key, rules: meter.rules, resolutions };
    const spans: Span[] = [];
    let state = noState;
    for await (const input of storedInputs(store, meter, statements(meter), always)) {
      const outcome = step(state, input, register);
      state = outcome.state;
      spans.push(...outcome.spans);
    }
    formula.push({ item, register: meter.key, line: lineOfSpans(spans) });
  }
  return [...judged(jointSpans(formula), new Judge(plan.conditions))];
}

/** Every five minutes for four days over 1 April: outages that are offset, one over 1 April, a fall, a restart at 0. */
const messages: readonly Message[] = Array.from({ length: 4 * 288 }, (_, index) => {
  const at = start + index * 5 * minuteMs;
  const made = index < 900 ? 70_000 + index * 30 : (index - 900) * 30;
  const generated = { at, quantity: 'generated', wh: made } as const;
  const exported = { at: at + 40_000, quantity: 'exported', wh: 5_000 + index * 7 } as const;
  const silent = (from: number, to: number) => index >= from && index < to;
  const blank = [
    ...(silent(100, 130) || silent(400, 460) ? [] : [generated]),
    ...(silent(120, 170) || silent(560, 600) ? [] : [exported]),
  ];
  return index === 700 ? [{ ...generated, wh: 12 }, exported] : blank;
}).flat();

test('rows are what all of the readings give, in whatever order they came', async () => {
  const once = await open();
  await once.take(messages);
  await once.derive();
  const rows = await once.rows();
  expect(rows).toMatchObject(await expected(once));
  expect(new Set(rows.map(({ reason }) => reason))).toEqual(
    new Set([null, 'straddles', 'open-event']),
  );
  const changes = once.changes();
  await once.derive();
  expect(once.changes()).toBe(changes);
  const written = JSON.stringify(rows.map(reductionRow));
  const order = fc.shuffledSubarray([...messages], { minLength: messages.length });
  await fc.assert(
    fc.asyncProperty(order, fc.integer({ min: 150, max: 900 }), async (shuffled, cut) => {
      const some = await open();
      for (let at = 0; at < shuffled.length; at += cut) {
        await some.take(shuffled.slice(at, at + cut));
        await some.derive();
      }
      expect(JSON.stringify((await some.rows()).map(reductionRow))).toBe(written);
    }),
    { numRuns: 5 },
  );
});

test('days that come late, whole, and out of order', async () => {
  const days = Array.from({ length: 4 }, (_, day) =>
    messages.filter(({ at }) => Math.floor((at - start) / dayMs) === day),
  );
  const some = await open();
  for (const day of [3, 0, 2, 1]) {
    await some.take(days[day] ?? []);
    await some.derive();
    expect(await some.rows()).toMatchObject(await expected(some));
  }
});

test('what people say of an event or a reading changes the rows, and only rows that differ are written', async () => {
  const some = await open();
  await some.take(messages);
  await some.derive();
  const before = await some.rows();
  const fellAt = start + 900 * 5 * minuteMs;
  const said = { by: '山田', why: 'lightning' };
  const resolutions = new Map([[fellAt, { kind: 'reset-to-zero', ...said } as const]]);
  await some.say('generated', { ...nothingSaid, resolutions }, fellAt);
  await some.derive();
  const after = await some.rows();
  expect(after).toMatchObject(await expected(some));
  const differing = after.filter(
    (row, index) => JSON.stringify(row.elWh) !== JSON.stringify(before[index]?.elWh),
  );
  expect(differing.length).toBe(1);
  expect(after.some(({ reason }) => reason === 'open-event')).toBe(false);
  const first = start;
  const correction = { at: first, before: 70_000, after: null, ...said };
  const corrections = new Map([[first, [correction]]]);
  await some.say('generated', { resolutions, corrections }, first);
  await some.derive();
  expect(await some.rows()).toMatchObject(await expected(some));
});

test('a process that ends anywhere goes on; other settings and another table are derived anew', async () => {
  const some = await open();
  await some.take(messages.slice(0, 1_500));
  await some.derive();
  await some.take(messages.slice(1_500));
  opened.pop();
  await some.store.close();
  const again = await open(some.folder);
  await again.derive();
  const rows = await again.rows();
  expect(rows).toMatchObject(await expected(again));
  expect(rows[0]).toMatchObject({ factor: exact('0.000434'), standIns: ['C_a 2021'] });
  const own = { ...shippedFactorRows[5], fiscalYear: 2026, value: '0.0004' } as FactorRow;
  again.setFactors([...shippedFactorRows, own]);
  await again.derive();
  const [first] = await again.rows();
  expect(first).toMatchObject({ factor: exact('0.0004'), standIns: [] });
  opened.pop();
  await again.store.close();
  const transitional =
    ", reduction: { factorRule: transitional, operationStartedOn: '2026-03-31' }";
  const other = await open(some.folder, transitional);
  await other.derive();
  const bands = (await other.rows()).map(({ from, band }) => [from < start + dayMs, band]);
  expect(new Set(bands.map((each) => JSON.stringify(each)))).toEqual(
    new Set(['[true,"first"]', '[false,"middle"]']),
  );
});

test('a generator whose sales nobody counts has rows that earn nothing and say so', async () => {
  const some = await open(undefined, ', reduction: { sharedExport: true }');
  await some.take(messages);
  await some.derive();
  const rows = await some.rows();
  expect(rows.length).toBeGreaterThan(100);
  expect(new Set(rows.map(({ kg }) => kg))).toEqual(new Set([null]));
  expect(rows[0]).toMatchObject({ reason: 'shared-export', soldWh: null });
});
