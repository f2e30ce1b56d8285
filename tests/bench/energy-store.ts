import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../gateway/config/load.ts';
import { Derivation } from '../../gateway/derive/derivation.ts';
import { configuredMeters, nothingSaid } from '../../gateway/derive/meter.ts';
import { noStatements } from '../../gateway/derive/pack.ts';
import { staleKeysOf } from '../../gateway/derive/stale.ts';
import { openEmbeddedStore } from '../../gateway/store/embedded/store.ts';
import type { Store, StoredReading } from '../../gateway/store/port.ts';
import { MeterBoard } from '../../gateway/view/meter-board.ts';
import { median } from './median.ts';
import type { Row } from './row.ts';

const minuteMs = 60_000;
const readings = 365 * 24 * 60;
const from = Date.parse('2026-04-01T00:00:00+09:00');
const to = from + readings * minuteMs;
const meters = configuredMeters(
  parseConfig('sites: [{ id: a, generators: [{ id: pv-1, kind: pv, device: d }] }]', 'bench', {}),
);
const staleKeys = staleKeysOf([], meters);
const lateAt = Array.from({ length: 9 }, (_, index) => 30_007 + index * 50_021);

/** A year of one meter read every minute, in the store: derived as a whole, then again for single late readings. */
export async function benchEnergyStore(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kadoru-bench-energy-'));
  const store = await openEmbeddedStore({ folder });
  try {
    await fill(store);
    const derivation = new Derivation(store, {
      packs: [],
      packStatements: () => noStatements,
      meters,
      meterStatements: () => nothingSaid,
    });
    await derivation.load(to);
    const derive = async (): Promise<void> => {
      while (await derivation.turn(to));
    };
    const wholeMs = await milliseconds(derive);
    const late: number[] = [];
    for (const index of lateAt) {
      await commit(store, [reading(index)]);
      late.push(await milliseconds(derive));
    }
    const board = new MeterBoard(store, derivation);
    const boardMs = await milliseconds(() => board.account(to - 1));
    return [
      {
        name: 'energy, a year of a meter derived from the store',
        value: readings / (wholeMs / 1_000),
        unit: '/s',
      },
      {
        name: 'energy, one late reading in a year, in the store',
        value: median(late),
        unit: 'ms',
        limit: 50,
        note: `worst of ${late.length}: ${Math.max(...late).toFixed(0)} ms`,
      },
      { name: 'energy, the totals of a fiscal year from the store', value: boardMs, unit: 'ms' },
    ];
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

async function fill(store: Store): Promise<void> {
  const late = new Set(lateAt);
  for (let first = 0; first < readings; first += 5_000) {
    const batch: StoredReading[] = [];
    for (let index = first; index < Math.min(first + 5_000, readings); index += 1)
      if (!late.has(index)) batch.push(reading(index));
    await commit(store, batch);
  }
}

function commit(store: Store, batch: readonly StoredReading[]) {
  const stale = staleKeys({ readings: batch, events: [] });
  return store.commit({
    frames: [],
    readings: batch,
    events: [],
    quarantine: [],
    records: [],
    stale,
  });
}

function reading(index: number): StoredReading {
  const at = from + index * minuteMs;
  const about = { site: 'a', device: 'd', asset: 'pv-1', quantity: 'generated', at } as const;
  const content = { value: index * 50, raw: null, quality: 'good', why: null } as const;
  return { ...about, ...content, clock: 'synced', stream: 's', seq: index, receivedAt: at };
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
