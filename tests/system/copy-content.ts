import { canonicalJson } from '../../gateway/store/canonical-json.ts';
import type { Store, StoredReading } from '../../gateway/store/port.ts';
import {
  allTime,
  batch,
  event,
  frame,
  generated,
  pressure,
  reading,
  record,
  refused,
  someTimeMs,
} from '../../gateway/store/suite/samples.ts';
import { uniformAt } from '../../simulators/world/noise.ts';

const perSeries = 30_000;
const atOnce = 6000;

/** A plant's store in small: everything a store can hold, and values that a careless copy would change. */
export async function fill(store: Store): Promise<void> {
  for (let first = 0; first < perSeries; first += atOnce) {
    const seqs = Array.from({ length: atOnce }, (_, index) => first + index);
    await store.commit(
      batch({
        // Every thousandth frame is missing: as many runs as holes.
        frames: seqs
          .filter((seq) => seq % 1000 !== 999)
          .map((seq) => frame({ seq, at: atOf(seq) })),
        readings: seqs.flatMap(readingsOf),
      }),
    );
  }
  const numbers = Array.from({ length: 700 }, (_, index) => index);
  await store.commit(
    batch({
      events: numbers.map((seq) => event({ seq: seq * 7, at: atOf(seq * 7), index: seq % 3 })),
      quarantine: numbers.slice(0, 100).map((index) =>
        refused({
          id: `q-${index}`,
          receivedAt: someTimeMs + index,
          bytes: Uint8Array.from({ length: 3000 }, (_, at) => (at * index) % 256),
        }),
      ),
      records: numbers.map((index) =>
        record({
          id: `d-${index}`,
          kind: index % 5 === 0 ? 'calibration' : 'delivery',
          by: index % 2 === 0 ? '田中' : 'O’Hara "x"\\',
          body: { index, z: null, a: [{ kg: 13.9 + index / 1000 }], 名前: '京浜島\n' },
        }),
      ),
    }),
  );
  for (const stale of [['b'], ['a', 'c'], ['day 京浜島', 'minute']])
    await store.commit(batch({ stale }));
  const rows = numbers.map((minute) => ({
    at: someTimeMs + minute * 60_000,
    fields: { totalKg: 13.9 - minute / 997, why: minute % 3 === 0 ? null : 'stale', wh: minute },
  }));
  await store.putDerived({ measurement: 'hydrogen', key: 'keihin/pack-1' }, rows, []);
  const checkpoint = {
    at: someTimeMs,
    fields: { state: '状態"'.repeat(30_000), zulu: 1, alpha: 2 },
  };
  await store.putDerived({ measurement: 'checkpoint', key: 'keihin/pack 1' }, [checkpoint], []);
}

/** Everything in it, one line each. */
export async function contentOf(store: Store): Promise<string[]> {
  const lines: string[] = [];
  const add = (kind: string, item: unknown) => lines.push(`${kind} ${canonicalJson(item, kind)}`);
  for (const series of await store.series()) {
    add('series', series);
    for await (const item of store.readings(series, allTime)) add('reading', item);
  }
  for (const run of await store.runs({})) add('run', run);
  for (const item of await store.events('keihin', 'pi-1', allTime)) add('event', item);
  for await (const item of store.records({})) add('record', item);
  for await (const { bytes, ...item } of store.quarantined({}))
    add('quarantine', { ...item, bytes: [...bytes] });
  for (const key of await store.derivedKeys()) {
    add('key', key);
    for await (const row of store.derived(key, allTime)) add('row', row);
  }
  for (const { key } of await store.stale(1000)) add('stale', key);
  return lines;
}

function atOf(seq: number): number {
  return someTimeMs + seq * 1000 + (seq % 7);
}

function readingsOf(seq: number): readonly StoredReading[] {
  const at = atOf(seq);
  const value = uniformAt(1, 1, seq) * 20;
  const came = { at, seq, receivedAt: at + Math.floor(uniformAt(1, 2, seq) * 1e6) };
  const unknown = { value: null, raw: null, quality: 'bad', why: 'loop-open' } as const;
  return [
    reading({ ...pressure, ...came, value, raw: seq, ...(seq % 11 === 0 ? unknown : {}) }),
    reading({ ...generated, ...came, value: Number.MAX_SAFE_INTEGER - perSeries + seq, raw: null }),
    reading({
      ...pressure,
      ...came,
      asset: 'pack-2',
      value: value / 3,
      clock: seq % 2 === 0 ? 'synced' : 'estimated',
      stream: seq % 2 === 0 ? 'k3f9' : 'other',
    }),
  ];
}
