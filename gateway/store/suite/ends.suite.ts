import { expect, test } from 'vitest';
import type { CurrentStore } from '../contract.suite.ts';
import { StoreError, type Batch, type Store } from '../port.ts';
import {
  allTime,
  batch,
  collect,
  derivedRow,
  event,
  frame,
  pressure,
  reading,
  record,
  refused,
  someTimeMs,
} from './samples.ts';

const hydrogen = { measurement: 'hydrogen', key: 'keihin/pack-1' };
const everything: Batch = {
  frames: [frame()],
  readings: [reading()],
  events: [event()],
  quarantine: [refused()],
  records: [record()],
  stale: ['day'],
};

async function contents(store: Store) {
  return {
    readings: await collect(store.readings(pressure, allTime)),
    count: await store.readingCount(),
    series: await store.series(),
    runs: await store.runs({}),
    events: await store.events('keihin', 'pi-1', allTime),
    quarantine: await collect(store.quarantined({})),
    totals: await store.quarantineTotals(),
    records: await collect(store.records({})),
    stale: await store.stale(10),
    derived: await collect(store.derived(hydrogen, allTime)),
  };
}

export function describeEnds(current: CurrentStore): void {
  test('all of it is there after closing and opening again', async () => {
    const { store, reopen } = current();
    await store.commit(everything);
    await store.putDerived(hydrogen, [derivedRow(1, { totalKg: 13.9 })], []);
    const before = await contents(store);
    expect(before.readings).toEqual(everything.readings);
    expect(before.records).toEqual(everything.records);
    expect(before.stale.map(({ key }) => key)).toEqual(['day']);
    const reopened = await reopen();
    expect(await contents(reopened)).toEqual(before);
    expect(await reopened.commit(everything)).toEqual({
      conflicts: [],
      added: 0,
      recordConflicts: [],
    });
    const next = reading({ at: someTimeMs + 1 });
    expect(await reopened.commit(batch({ readings: [next] }))).toEqual({
      conflicts: [],
      added: 1,
      recordConflicts: [],
    });
  });

  const broken = [
    ['value', reading({ value: Number.NaN })],
    ['raw', reading({ raw: Number.POSITIVE_INFINITY })],
    ['at', reading({ at: Number.NaN })],
    ['receivedAt', reading({ receivedAt: Number.NaN })],
  ] as const;
  test.each(broken)('a commit whose last %s is no number stores nothing', async (field, last) => {
    const { store } = current();
    const empty = await contents(store);
    const readings = [...everything.readings, { ...last, asset: 'pack-2' }];
    const refusal = store.commit({ ...everything, readings });
    await expect(refusal).rejects.toBeInstanceOf(StoreError);
    await expect(refusal).rejects.toMatchObject({ retryable: false });
    await expect(refusal).rejects.toThrow(field);
    expect(await contents(store)).toEqual(empty);
    expect((await store.commit(everything)).added).toBe(1);
  });

  const said = [
    ['at', record({ at: Number.NaN })],
    ['recordedAt', record({ recordedAt: Number.NEGATIVE_INFINITY })],
    ['body.kg', record({ body: { kg: Number.NaN } })],
    ['body.cylinders.1.kg', record({ body: { cylinders: [{}, { kg: Infinity }] } })],
    ['body.when', record({ body: { when: new Date(someTimeMs) } })],
  ] as const;
  test.each(said)(
    'a commit whose last record has no JSON in %s stores nothing',
    async (field, last) => {
      const { store } = current();
      const empty = await contents(store);
      const records = [...everything.records, { ...last, id: 'd-2' }];
      const refusal = store.commit({ ...everything, records });
      await expect(refusal).rejects.toMatchObject({ name: 'StoreError', retryable: false });
      await expect(refusal).rejects.toThrow(field);
      expect(await contents(store)).toEqual(empty);
      expect((await store.commit(everything)).added).toBe(1);
    },
  );

  test('derived rows with no number store nothing and take off no mark', async () => {
    const { store } = current();
    await store.commit(batch({ stale: ['day'] }));
    const rows = [derivedRow(1, { totalKg: 1 }), derivedRow(2, { totalKg: Number.NaN })];
    const refusal = store.putDerived(hydrogen, rows, await store.stale(10));
    await expect(refusal).rejects.toMatchObject({ name: 'StoreError', retryable: false });
    expect(await collect(store.derived(hydrogen, allTime))).toEqual([]);
    const endless = { from: 0, to: Number.POSITIVE_INFINITY };
    const unbounded = store.putDerived(hydrogen, rows.slice(0, 1), await store.stale(10), endless);
    await expect(unbounded).rejects.toMatchObject({ name: 'StoreError', retryable: false });
    expect(await collect(store.derived(hydrogen, allTime))).toEqual([]);
    expect(await store.stale(10)).toHaveLength(1);
  });

  test('closing waits for what is under way, and what comes later is rejected', async () => {
    const { store, reopen } = current();
    const underWay = Array.from({ length: 20 }, (_, index) =>
      store.commit(batch({ readings: [reading({ at: someTimeMs + index })] })),
    );
    const counting = store.readingCount();
    const closed = store.close();
    expect((await Promise.all(underWay)).map(({ added }) => added)).toEqual(underWay.map(() => 1));
    expect(await counting).toBeTypeOf('number');
    await closed;
    await store.close();
    const late = [
      store.commit(everything),
      store.readingCount(),
      collect(store.readings(pressure, allTime)),
    ];
    for (const call of late) await expect(call).rejects.toBeInstanceOf(StoreError);
    expect(await (await reopen()).readingCount()).toBe(20);
  });
}
