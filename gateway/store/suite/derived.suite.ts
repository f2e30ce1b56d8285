import { expect, test } from 'vitest';
import type { CurrentStore } from '../contract.suite.ts';
import { allTime, batch, collect, derivedRow, reading, someTimeMs } from './samples.ts';

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
