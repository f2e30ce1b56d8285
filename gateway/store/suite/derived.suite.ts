import { expect, test } from 'vitest';
import type { CurrentStore } from '../contract.suite.ts';
import { allTime, batch, collect, derivedRow, reading, record, someTimeMs } from './samples.ts';

const hydrogen = { measurement: 'hydrogen', key: 'keihin/pack-1' };

export function describeDerived(current: CurrentStore): void {
  test('a row replaces the whole row at its time, and no other', async () => {
    const { store } = current();
    const before = derivedRow(1000, { totalKg: 13.9, why: 'stale', openCylinders: 30 });
    await store.putDerived(hydrogen, [derivedRow(2000, { totalKg: 1 }), before], []);
    const after = derivedRow(1000, { totalKg: null, why: 'loop-open' });
    await store.putDerived(hydrogen, [after], []);
    await store.putDerived({ ...hydrogen, key: 'keihin/pack-2' }, [before], []);
    await store.putDerived({ ...hydrogen, measurement: 'energy_interval' }, [before], []);
    const rows = [after, derivedRow(2000, { totalKg: 1 })];
    expect(await collect(store.derived(hydrogen, allTime))).toEqual(rows);
    expect(await collect(store.derived(hydrogen, { from: 1000, to: 2000 }))).toEqual([after]);
    expect(await collect(store.derived({ ...hydrogen, key: 'nobody' }, allTime))).toEqual([]);
  });

  test('numbers and text keep their kind and every digit', async () => {
    const { store } = current();
    const exact = derivedRow(1, {
      wh: Number.MAX_SAFE_INTEGER,
      ratio: 0.1 + 0.2,
      text: '12',
      ja: 'カードル "\n',
    });
    await store.putDerived(hydrogen, [exact], []);
    expect(await collect(store.derived(hydrogen, allTime))).toEqual([exact]);
  });

  test('a long span is read whole', async () => {
    const { store } = current();
    const rows = Array.from({ length: 2500 }, (_, minute) =>
      derivedRow(minute * 60_000, { minute }),
    );
    await store.putDerived(hydrogen, rows, []);
    expect(await collect(store.derived(hydrogen, allTime))).toEqual(rows);
  });

  test('the keys that have rows, in order, whatever they are called; none once their rows are gone', async () => {
    const { store, reopen } = current();
    expect(await store.derivedKeys()).toEqual([]);
    const keys = [
      { measurement: 'energy_interval', key: 'keihin/pv-1' },
      { measurement: 'hydrogen', key: '' },
      { measurement: 'hydrogen', key: 'keihin/a "b", c=d\\' },
      { measurement: 'hydrogen', key: '京浜島/カードル' },
    ];
    for (const key of keys.toReversed())
      await store.putDerived(key, [derivedRow(1000, { totalKg: 1 })], []);
    // Marks, documents and readings of others are no derived keys.
    await store.commit(batch({ readings: [reading()], records: [record()], stale: ['day'] }));
    expect(await store.derivedKeys()).toEqual(keys);
    for (const key of keys.slice(1)) await store.putDerived(key, [], [], { from: 0, to: 2000 });
    expect(await store.derivedKeys()).toEqual(keys.slice(0, 1));
    expect(await (await reopen()).derivedKeys()).toEqual(keys.slice(0, 1));
  });

  test('where a span is replaced, rows that are not given are gone, and no others', async () => {
    const { store } = current();
    const row = (at: number) => derivedRow(at, { totalKg: at });
    const before = [999, 1000, 1500, 1999, 2000].map(row);
    const other = { ...hydrogen, key: 'keihin/pack-2' };
    await store.putDerived(hydrogen, before, []);
    await store.putDerived(other, before, []);
    await store.putDerived({ ...hydrogen, measurement: 'energy_interval' }, before, []);
    const given = [derivedRow(1500, { totalKg: 7 }), row(1600), row(3000)];
    await store.putDerived(hydrogen, given, [], { from: 1000, to: 2000 });
    const after = [row(999), derivedRow(1500, { totalKg: 7 }), row(1600), row(2000), row(3000)];
    expect(await collect(store.derived(hydrogen, allTime))).toEqual(after);
    expect(await collect(store.derived(other, allTime))).toEqual(before);
    await store.putDerived(hydrogen, [], [], { from: 0, to: 0 });
    expect(await collect(store.derived(hydrogen, allTime))).toEqual(after);
    await store.putDerived(hydrogen, [], [], { from: 1600, to: 3001 });
    expect(await collect(store.derived(hydrogen, allTime))).toEqual(after.slice(0, 2));
  });

  test('a refused replacement removes nothing; marks and rows change together', async () => {
    const { store } = current();
    await store.commit(batch({ stale: ['day'] }));
    const done = await store.stale(10);
    const event = derivedRow(1000, { lostKg: 1 });
    await store.putDerived(hydrogen, [event], []);
    const broken = [derivedRow(1001, { lostKg: Number.NaN })];
    const span = { from: 0, to: 2000 };
    await expect(store.putDerived(hydrogen, broken, done, span)).rejects.toThrow('lostKg');
    expect(await collect(store.derived(hydrogen, allTime))).toEqual([event]);
    await store.putDerived(hydrogen, [], done, span);
    expect(await collect(store.derived(hydrogen, allTime))).toEqual([]);
    expect(await store.stale(10)).toEqual([]);
  });

  test('marks wait, longest first, until they are reported done', async () => {
    const { store } = current();
    await store.commit(batch({ stale: ['b'] }));
    await store.commit(batch({ stale: ['a', 'c', 'a'] }));
    await store.commit(batch({ stale: ['b'] }));
    const waiting = await store.stale(10);
    expect(waiting.map(({ key }) => key)).toEqual(['b', 'a', 'c']);
    expect(await store.stale(1)).toEqual(waiting.slice(0, 1));
    await store.putDerived(hydrogen, [derivedRow(1, { totalKg: 1 })], waiting.slice(0, 2));
    expect(await store.stale(10)).toEqual(waiting.slice(2));
  });

  test('a key that is marked again while it is recomputed keeps its mark', async () => {
    const { store } = current();
    await store.commit(batch({ readings: [reading()], stale: ['day'] }));
    const taken = await store.stale(10);
    await store.commit(batch({ readings: [reading({ at: someTimeMs + 1 })], stale: ['day'] }));
    await store.putDerived(hydrogen, [], taken);
    const left = await store.stale(10);
    expect(left.map(({ key }) => key)).toEqual(['day']);
    await store.putDerived(hydrogen, [], left);
    expect(await store.stale(10)).toEqual([]);
  });

  test('an old mark never takes off a new one, though every mark was done in between', async () => {
    const { store } = current();
    await store.commit(batch({ stale: ['day'] }));
    const old = await store.stale(10);
    await store.putDerived(hydrogen, [], old);
    await store.commit(batch({ stale: ['day'] }));
    await store.putDerived(hydrogen, [], old);
    expect(await store.stale(10)).toHaveLength(1);
  });
}
