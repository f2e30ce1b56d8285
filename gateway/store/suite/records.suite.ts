import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CurrentStore } from '../contract.suite.ts';
import type { OperatorRecord, Store } from '../port.ts';
import { allTime, batch, collect, pressure, reading, record, someTimeMs } from './samples.ts';

const nothingNew = { conflicts: [], added: 0, recordConflicts: [] };

async function idsOf(store: Store, filter: Parameters<Store['records']>[0]): Promise<string[]> {
  return (await collect(store.records(filter))).map(({ id }) => id);
}

/** Text as people and programs may send it: every character there is, NUL and half a surrogate pair too. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', '\u0000', 'a\u0000b', '\ud800', '"', 'a/b', "'; --", '圧力計'),
);
const anyBody = fc.dictionary(anyText, fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }));

export function describeRecords(current: CurrentStore): void {
  test('a record comes back with every field, in the order of appending', async () => {
    const { store } = current();
    expect(await collect(store.records({}))).toEqual([]);
    const records = [
      record({ id: 'z', at: someTimeMs + 9 }),
      record({ id: 'a', subject: '', by: '', body: {} }),
      record({ id: 'm', at: 0, recordedAt: 0, body: { wh: Number.MAX_SAFE_INTEGER, kg: 5e-324 } }),
    ];
    expect(await store.commit(batch({ records: records.slice(0, 2) }))).toEqual(nothingNew);
    await store.commit(batch({ records: records.slice(2) }));
    expect(await collect(store.records({}))).toEqual(records);
  });

  test('an equal record changes nothing, whenever it came and however its keys are ordered', async () => {
    const { store } = current();
    await store.commit(batch({ records: [record()] }));
    const body = { note: null, cylinders: [{ kg: 0.46, serial: 'A-1' }], kg: 13.9 };
    const records = [record(), record({ recordedAt: 1 }), record({ body })];
    expect(await store.commit(batch({ records }))).toEqual(nothingNew);
    expect(await collect(store.records({}))).toEqual([record()]);
  });

  const others: readonly (readonly [string, Partial<OperatorRecord>])[] = [
    ['subject', { subject: 'pack-2' }],
    ['at', { at: someTimeMs + 1 }],
    ['by', { by: '佐藤' }],
    ['body', { body: { ...record().body, kg: 13.91 } }],
    ['deep in the body', { body: { ...record().body, cylinders: [{ serial: 'A-1', kg: 0 }] } }],
    ['a key more', { body: { ...record().body, more: null } }],
  ];
  test.each(others)(
    'other content (%s) is answered, and the rest of the batch stored',
    async (_, change) => {
      const { store } = current();
      await store.commit(batch({ records: [record()] }));
      const conflict = record(change);
      const next = record({ id: 'd-2' });
      const rest = { readings: [reading()], stale: ['day'] };
      const result = await store.commit(batch({ ...rest, records: [conflict, next] }));
      expect(result).toEqual({ conflicts: [], added: 1, recordConflicts: [conflict] });
      expect(result.recordConflicts[0]).toBe(conflict);
      expect(await collect(store.records({}))).toEqual([record(), next]);
      expect(await collect(store.readings(pressure, allTime))).toEqual([reading()]);
      expect((await store.stale(10)).map(({ key }) => key)).toEqual(['day']);
    },
  );

  test('within one batch, too, the first content wins', async () => {
    const { store } = current();
    const second = record({ by: '佐藤' });
    const result = await store.commit(batch({ records: [record(), second, record()] }));
    expect(result.recordConflicts).toEqual([second]);
    expect(await collect(store.records({}))).toEqual([record()]);
  });

  test('of two commits at once with other content, exactly one is told of a conflict', async () => {
    const { store } = current();
    const said = ['田中', '佐藤'].map((by) => record({ by }));
    const results = await Promise.all(said.map((one) => store.commit(batch({ records: [one] }))));
    const conflicts = results.flatMap(({ recordConflicts }) => recordConflicts);
    expect(conflicts).toHaveLength(1);
    const stored = await collect(store.records({}));
    expect([...stored, ...conflicts]).toEqual(expect.arrayContaining(said));
  });

  test('site, kind and id make the identity; a filter takes any part of it, and the subject', async () => {
    const { store } = current();
    const records = [
      record({ id: '1' }),
      record({ id: '1', kind: 'calibration' }),
      record({ id: '1', site: 'other' }),
      record({ id: '2', subject: '' }),
      record({ id: '3', kind: 'calibration', subject: 'pack-2' }),
      record({ id: '4', subject: 'pack-2' }),
    ];
    expect(await store.commit(batch({ records }))).toEqual(nothingNew);
    expect(await collect(store.records({}))).toEqual(records);
    for (const site of [undefined, 'keihin', 'other', 'nowhere'])
      for (const kind of [undefined, 'delivery', 'calibration', 'nothing'])
        for (const subject of [undefined, '', 'pack-1', 'pack-2', 'nobody']) {
          const filter = {
            ...(site === undefined ? {} : { site }),
            ...(kind === undefined ? {} : { kind }),
            ...(subject === undefined ? {} : { subject }),
          };
          const wanted = records.filter(
            (one) =>
              (site ?? one.site) === one.site &&
              (kind ?? one.kind) === one.kind &&
              (subject ?? one.subject) === one.subject,
          );
          expect(await collect(store.records(filter))).toEqual(wanted);
        }
  });

  test('property: any text in any field survives, and is the same record when it comes again', async () => {
    const { store } = current();
    let run = 0;
    const text = { id: anyText, kind: anyText, subject: anyText, by: anyText, body: anyBody };
    await fc.assert(
      fc.asyncProperty(fc.record(text), async (fields) => {
        run += 1;
        const one = record({ ...fields, site: `run-${run}\u0000` });
        const longer = { ...one, id: `${one.id}\u0000` };
        const records = [one, longer];
        expect(await store.commit(batch({ records }))).toEqual(nothingNew);
        expect(await store.commit(batch({ records }))).toEqual(nothingNew);
        const filter = { site: one.site, kind: one.kind, subject: one.subject };
        const stored = await collect(store.records(filter));
        expect(stored).toEqual(JSON.parse(JSON.stringify(records)));
      }),
      { numRuns: 60 },
    );
  });

  test('all of many records are read, large ones too, beside commits and other reads', async () => {
    const { store } = current();
    const large = { text: 'あ'.repeat(600_000) };
    const records = Array.from({ length: 1234 }, (_, index) =>
      record({
        id: `${index}`,
        kind: index % 3 === 0 ? 'alarm' : 'delivery',
        ...(index % 200 < 3 ? { body: large } : {}),
      }),
    );
    for (let start = 0; start < records.length; start += 300)
      await store.commit(batch({ records: records.slice(start, start + 300) }));
    const all = records.map(({ id }) => id);
    const seen: string[] = [];
    for await (const { id } of store.records({ site: 'keihin' })) {
      seen.push(id);
      if (seen.length === 100) await store.commit(batch({ records: [record({ id: 'late' })] }));
    }
    expect(seen).toEqual([...all, 'late']);
    const alarms = all.filter((id) => Number(id) % 3 === 0);
    expect(await idsOf(store, { site: 'keihin', kind: 'alarm' })).toEqual(alarms);
    expect(await idsOf(store, { kind: 'alarm' })).toEqual(alarms);
    for await (const { id } of store.records({})) {
      expect(id).toBe('0');
      break;
    }
  });
}
