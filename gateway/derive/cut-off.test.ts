import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbeddedStore } from '../store/embedded/store.ts';
import type { Store, StoredEvent, StoredReading } from '../store/port.ts';
import { endingAt, newPlant } from './testing-plant.ts';

const hourMs = 3_600_000;
const start = Date.parse('2026-04-01T00:00:00+09:00');
const hours = 3 * 24;
const later = start + hours * hourMs + 60_000;

let store: Store;
beforeAll(async () => {
  store = await openEmbeddedStore({ folder: mkdtempSync(join(tmpdir(), 'kadoru-cut-off-')) });
});
afterAll(() => store.close());

/** An hour's readings: a pack from which gas is drawn, a register that wraps on the second day. */
function readingsAt(id: string, hour: number): StoredReading[] {
  const at = start + hour * hourMs;
  const about = { site: id, device: 'pi-1', at, receivedAt: at, stream: 's', seq: at } as const;
  const said = { raw: null, quality: 'good', why: null, clock: 'synced' } as const;
  return [
    { ...about, ...said, asset: 'pack-1', quantity: 'pressure', value: 12 - hour / 50 },
    { ...about, ...said, asset: 'pack-1', quantity: 'temperature', value: 20 },
    { ...about, ...said, asset: 'pv-1', quantity: 'generated', value: (hour * 150) % 6000 },
  ];
}

/** Only by this is a wrap one. */
function metaOf(id: string): StoredEvent {
  const about = { site: id, device: 'pi-1', at: start, stream: 's', seq: 1, index: 0 } as const;
  const channels = { 'pv-1/generated': { unit: 'Wh', wrapAt: 6000 } };
  return { ...about, event: { kind: 'meta', channels } };
}

/** Derives all but the first hours and what the device says of its meter, which then come late. */
async function withLateData(site: string) {
  const plant = newPlant(store, site);
  const readings = Array.from({ length: hours }, (_, hour) => readingsAt(site, hour));
  await plant.commit({ readings: readings.slice(6).flat(), events: [] });
  await plant.derivation().turn(later);
  await plant.commit({ readings: readings.slice(0, 6).flat(), events: [metaOf(site)] });
  return plant;
}

async function uncut(site: string): Promise<string[]> {
  const plant = await withLateData(site);
  const derivation = plant.derivation();
  await derivation.load(later);
  await derivation.turn(later);
  const rows = await plant.derived();
  expect(rows.length).toBeGreaterThan(2 * hours);
  return rows;
}

test('late data that changes days is derived to its end, wherever its derivation was killed', async () => {
  const whole = await uncut('whole');
  let done = false;
  for (let write = 1; !done; write += 2) {
    const plant = await withLateData(`killed-${write}`);
    const killed = plant.derivation(endingAt(store, write));
    await killed.load(later);
    done = await killed.turn(later).then(
      () => true,
      () => false,
    );
    const next = plant.derivation();
    await next.load(later);
    await next.turn(later);
    expect(await plant.derived(), `killed at write ${write}`).toEqual(whole);
    expect(await store.stale(10)).toEqual([]);
    expect(write).toBeLessThan(200);
  }
});

test('a store that fails is enough, without a new process', async () => {
  const whole = await uncut('steady');
  for (const failing of [5, 12, 17, 18, 19, 23, 24, 29, 30, 37].map((write) => [
    write,
    write + 9,
  ])) {
    const plant = await withLateData(`failing-${failing.join('-')}`);
    let writes = 0;
    const derivation = plant.derivation(
      endingAt(store, () => {
        writes += 1;
        return failing.includes(writes);
      }),
    );
    await derivation.load(later);
    for (const _ of [...failing, 'well']) await derivation.turn(later).catch(() => undefined);
    expect(writes).toBeGreaterThan(Math.max(...failing));
    expect(await plant.derived(), `failing at writes ${failing.join(' and ')}`).toEqual(whole);
  }
});
