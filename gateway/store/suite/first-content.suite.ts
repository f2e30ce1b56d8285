import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CurrentStore } from '../contract.suite.ts';
import type { StoredReading } from '../port.ts';
import { allTime, batch, collect, frame, pressure, reading, someTimeMs } from './samples.ts';

/** Few identities, few contents: most generated readings meet an earlier one. */
const collidingReading = fc
  .record({
    asset: fc.constantFrom('pack-1', 'pack-2'),
    at: fc.integer({ min: 0, max: 4 }).map((offset) => someTimeMs + offset),
    value: fc.constantFrom(1, 2, null),
    seq: fc.nat({ max: 20 }),
  })
  .map((change) =>
    reading(change.value === null ? { ...change, quality: 'bad', why: 'stuck' } : change),
  );

const identity = (row: StoredReading) => `${row.asset} ${row.at}`;

export function describeFirstContent(current: CurrentStore): void {
  test('an equal reading changes nothing, by whatever way it came', async () => {
    const { store } = current();
    const first = reading();
    await store.commit(batch({ readings: [first], frames: [frame()] }));
    const again = reading({ stream: 'other', seq: 9, receivedAt: 1, clock: 'estimated' });
    const result = await store.commit(
      batch({ readings: [first, again], frames: [frame({ stream: 'other', seq: 9 })] }),
    );
    expect(result).toEqual({ conflicts: [], added: 0, recordConflicts: [] });
    expect(await collect(store.readings(pressure, allTime))).toEqual([first]);
    expect(await store.readingCount()).toBe(1);
    // The frame is held all the same: its device may free it.
    expect((await store.runs({})).map((run) => run.stream)).toEqual(['k3f9', 'other']);
  });

  const others: readonly (readonly [string, Partial<StoredReading>])[] = [
    ['value', { value: 12.3450001 }],
    ['unknown value', { value: null }],
    ['raw', { raw: 17124 }],
    ['no raw', { raw: null }],
    ['quality', { quality: 'uncertain' }],
    ['why', { why: 'stuck' }],
  ];
  test.each(others)('other content (%s) is answered and not stored', async (_, change) => {
    const { store } = current();
    await store.commit(batch({ readings: [reading()] }));
    const conflict = reading({ ...change, seq: 7 });
    const fine = reading({ at: someTimeMs + 1 });
    const result = await store.commit(batch({ readings: [conflict, fine] }));
    expect(result).toEqual({ conflicts: [conflict], added: 1, recordConflicts: [] });
    expect(await collect(store.readings(pressure, allTime))).toEqual([reading(), fine]);
  });

  test('an unknown that stands is not overwritten by a value, nor by zero', async () => {
    const { store } = current();
    const unknown = reading({ value: null, raw: null, quality: 'bad', why: 'loop-open' });
    await store.commit(batch({ readings: [unknown] }));
    const late = [reading(), reading({ ...unknown, value: 0 }), reading({ ...unknown, raw: 0 })];
    expect((await store.commit(batch({ readings: late }))).conflicts).toEqual(late);
    expect(await collect(store.readings(pressure, allTime))).toEqual([unknown]);
  });

  test('within one batch, too, the first content wins', async () => {
    const { store } = current();
    const second = reading({ value: 1 });
    const result = await store.commit(batch({ readings: [reading(), second, reading()] }));
    expect(result).toEqual({ conflicts: [second], added: 1, recordConflicts: [] });
  });

  test('the very same reading twice in a batch is stored once', async () => {
    const { store } = current();
    const twice = reading();
    const result = await store.commit(batch({ readings: [twice, twice] }));
    expect(result).toEqual({ conflicts: [], added: 1, recordConflicts: [] });
    expect(await collect(store.readings(pressure, allTime))).toEqual([twice]);
  });

  test('site, device, asset, quantity and time each make another identity', async () => {
    const { store } = current();
    const readings = [
      reading(),
      reading({ value: 1, site: 'other' }),
      reading({ value: 1, device: 'other' }),
      reading({ value: 1, asset: 'other' }),
      reading({ value: 1, quantity: 'temperature' }),
      reading({ value: 1, at: someTimeMs + 1 }),
    ];
    expect(await store.commit(batch({ readings }))).toEqual({
      conflicts: [],
      added: 6,
      recordConflicts: [],
    });
  });

  test('property: any batches in any order keep the first content of each identity', async () => {
    const { store } = current();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(collidingReading, { maxLength: 8 }), { maxLength: 6 }),
        async (batches) => {
          run += 1;
          const site = `run-${run}`;
          const kept = new Map<string, StoredReading>();
          for (const rows of batches) {
            const readings = rows.map((row) => ({ ...row, site }));
            const expected = { conflicts: [] as StoredReading[], added: 0, recordConflicts: [] };
            for (const row of readings) {
              const first = kept.get(identity(row));
              if (first === undefined) {
                kept.set(identity(row), row);
                expected.added += 1;
              } else if (first.value !== row.value) expected.conflicts.push(row);
            }
            expect(await store.commit(batch({ readings }))).toEqual(expected);
          }
          for (const asset of ['pack-1', 'pack-2']) {
            const rows = await collect(store.readings({ ...pressure, site, asset }, allTime));
            const model = [...kept.values()].filter((row) => row.asset === asset);
            expect(rows).toEqual(model.toSorted((a, b) => a.at - b.at));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of two commits at once with other content, exactly one is told of a conflict', async () => {
    const { store } = current();
    const results = await Promise.all(
      [1, 2].map((value) => store.commit(batch({ readings: [reading({ value })] }))),
    );
    expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(1);
    expect(results.flatMap(({ conflicts }) => conflicts)).toHaveLength(1);
    expect(await store.readingCount()).toBe(1);
  });
}
