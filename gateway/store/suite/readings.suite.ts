import { qualitySchema, whySchema } from '#device/contract';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CurrentStore } from '../contract.suite.ts';
import type { Store, StoredReading } from '../port.ts';
import { allTime, batch, collect, generated, pressure, reading, someTimeMs } from './samples.ts';

/** Commits `count` pressures, one a second, that are 0, 1, 2 and so on. */
async function fill(store: Store, count: number): Promise<number> {
  for (let start = 0; start < count; start += 500) {
    const seqs = Array.from({ length: Math.min(500, count - start) }, (_, index) => start + index);
    const readings = seqs.map((seq) => reading({ at: someTimeMs + seq * 1000, value: seq, seq }));
    await store.commit(batch({ readings }));
  }
  return count;
}

export function describeReadings(current: CurrentStore): void {
  test('a reading comes back with every field, unknown ones as null', async () => {
    const { store } = current();
    const readings = [
      reading(),
      reading({ at: someTimeMs + 1, value: null, raw: null, quality: 'bad', why: 'bus-error' }),
      reading({ at: someTimeMs + 2, value: 0, raw: 0, clock: 'estimated', receivedAt: 5 }),
    ];
    expect(await store.commit(batch({ readings }))).toEqual({
      conflicts: [],
      added: 3,
      recordConflicts: [],
    });
    expect(await collect(store.readings(pressure, allTime))).toEqual(readings);
  });

  test('every word of the wire contract survives', async () => {
    const { store } = current();
    const words = qualitySchema.options.flatMap((quality) =>
      [null, ...whySchema.options].map((why) => ({ quality, why })),
    );
    const readings = words.map((word, index) => reading({ ...word, at: someTimeMs + index }));
    await store.commit(batch({ readings }));
    expect(await collect(store.readings(pressure, allTime))).toEqual(readings);
  });

  test('registers are exact up to 2^53 - 1 and gauges to the last bit', async () => {
    const { store } = current();
    let at = someTimeMs;
    const register = fc.oneof(
      fc.maxSafeNat(),
      fc.nat({ max: 1000 }).map((below) => Number.MAX_SAFE_INTEGER - below),
    );
    // Minus zero is left out: no database here promises to keep its sign, and no instrument sends it.
    const gauge = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((value) => !Object.is(value, -0));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ register, gauge }), { maxLength: 50 }),
        async (rows) => {
          const span = { from: at, to: at + rows.length };
          const readings = rows.flatMap((row, index) => [
            reading({ ...generated, at: at + index, value: row.register, raw: row.register }),
            reading({ at: at + index, value: row.gauge, raw: row.gauge }),
          ]);
          at = span.to;
          await store.commit(batch({ readings }));
          const registers = await collect(store.readings(generated, span));
          expect(registers.map((row) => row.value)).toEqual(rows.map((row) => row.register));
          const gauges = await collect(store.readings(pressure, span));
          expect(gauges.map(({ value, raw }) => [value, raw])).toEqual(
            rows.map((row) => [row.gauge, row.gauge]),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('a span is half-open and in order of time, however the readings came', async () => {
    const { store } = current();
    const offsets = [7, 3, 9, 1, 5];
    for (const offset of offsets)
      await store.commit(batch({ readings: [reading({ at: someTimeMs + offset })] }));
    const span = { from: someTimeMs + 3, to: someTimeMs + 9 };
    const found = await collect(store.readings(pressure, span));
    expect(found.map((row) => row.at - someTimeMs)).toEqual([3, 5, 7]);
  });

  test('a long span is read whole, beside commits and other reads', async () => {
    const { store } = current();
    const count = await fill(store, 12_345);
    const early = reading({ at: someTimeMs - 1 });
    const values: (number | null)[] = [];
    let beside: Promise<StoredReading[]> | undefined;
    for await (const row of store.readings(pressure, allTime)) {
      values.push(row.value);
      if (values.length !== 3000) continue;
      await store.commit(batch({ readings: [early] }));
      beside = collect(store.readings(pressure, { from: 0, to: someTimeMs + 1 }));
    }
    expect(values).toEqual(Array.from({ length: count }, (_, seq) => seq));
    expect((await beside)?.map(({ at }) => at)).toEqual([early.at, someTimeMs]);
    expect(await store.readingCount()).toBe(count + 1);
  });

  test('a reader may leave half way, as often as it likes', async () => {
    const { store } = current();
    await fill(store, 5000);
    const firsts: (number | undefined)[] = [];
    for (let again = 0; again < 50; again += 1) {
      const rows = store.readings(pressure, allTime)[Symbol.asyncIterator]();
      const { value }: IteratorResult<StoredReading, undefined> = await rows.next();
      firsts.push(value?.at);
      await rows.return?.();
    }
    expect(new Set(firsts)).toEqual(new Set([someTimeMs]));
    expect((await store.commit(batch({ readings: [reading({ at: 1 })] }))).added).toBe(1);
  });

  test('lastBefore skips unknown values and what is not before', async () => {
    const { store } = current();
    const known = reading({ value: 0 });
    const unknown = { value: null, quality: 'bad', why: 'no-data' } as const;
    const readings = [
      known,
      reading({ at: someTimeMs + 1, ...unknown }),
      reading({ at: someTimeMs + 2 }),
    ];
    await store.commit(batch({ readings }));
    expect(await store.lastBefore(pressure, someTimeMs + 2)).toEqual(known);
    expect(await store.lastBefore(pressure, someTimeMs + 3)).toEqual(readings[2]);
    expect(await store.lastBefore(pressure, someTimeMs)).toBeUndefined();
    expect(await store.lastBefore(generated, someTimeMs + 3)).toBeUndefined();
  });

  test('series lists each that has a reading, with its newest time', async () => {
    const { store } = current();
    expect(await store.series()).toEqual([]);
    expect(await collect(store.readings(pressure, allTime))).toEqual([]);
    const readings = [
      reading({ at: someTimeMs + 60_000 }),
      reading(),
      reading({ ...generated, value: null, quality: 'bad', why: 'no-data' }),
    ];
    await store.commit(batch({ readings }));
    const series = await store.series();
    expect(series).toHaveLength(2);
    expect(series).toContainEqual({ ...pressure, lastAt: someTimeMs + 60_000 });
    expect(series).toContainEqual({ ...generated, lastAt: someTimeMs });
  });
}
