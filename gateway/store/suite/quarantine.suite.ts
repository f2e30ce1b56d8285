import { maxMessageBytes } from '#device/contract';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CurrentStore } from '../contract.suite.ts';
import type { QuarantineReason } from '../port.ts';
import { batch, collect, refused, someTimeMs } from './samples.ts';

const reason = (code: string): QuarantineReason => ({ code, path: 'readings.x', detail: 'no' });

export function describeQuarantine(current: CurrentStore): void {
  test('bytes are kept exactly, text or not', async () => {
    const { store } = current();
    let last = 0;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        last += 1;
        const entry = refused({ id: `q-${last}`, bytes });
        await store.commit(batch({ quarantine: [entry] }));
        expect(await collect(store.quarantined({ id: entry.id }))).toEqual([entry]);
      }),
      { numRuns: 30 },
    );
  });

  test('a window on a larger block is kept, and only the window', async () => {
    const { store } = current();
    const block = Uint8Array.from({ length: 100 }, (_, index) => index);
    await store.commit(batch({ quarantine: [refused({ bytes: block.subarray(10, 13) })] }));
    const [entry] = await collect(store.quarantined({}));
    expect(entry?.bytes).toEqual(Uint8Array.of(10, 11, 12));
    expect(block[10]).toBe(10);
  });

  test('a resend is the same entry', async () => {
    const { store } = current();
    await store.commit(batch({ quarantine: [refused(), refused({ receivedAt: 1 })] }));
    await store.commit(batch({ quarantine: [refused({ receivedAt: someTimeMs + 9 })] }));
    expect(await collect(store.quarantined({}))).toEqual([refused()]);
  });

  test('entries come oldest first, all of them, largest messages included, and by filter', async () => {
    const { store } = current();
    const entries = Array.from({ length: 40 }, (_, index) =>
      refused({
        id: `q-${String(index).padStart(2, '0')}`,
        device: index % 2 === 0 ? 'even' : 'odd',
        receivedAt: someTimeMs + Math.floor(index / 3),
        bytes: new Uint8Array(maxMessageBytes / 8).fill(index),
      }),
    );
    await store.commit(batch({ quarantine: entries.toReversed() }));
    const ids = async (filter: Parameters<typeof store.quarantined>[0]) =>
      (await collect(store.quarantined(filter))).map(({ id }) => id);
    expect(await ids({})).toEqual(entries.map(({ id }) => id));
    const odd = entries.filter(({ device }) => device === 'odd').map(({ id }) => id);
    expect(await ids({ site: 'keihin', device: 'odd' })).toEqual(odd);
    expect(await ids({ site: 'elsewhere' })).toEqual([]);
    expect(await ids({ id: 'q-17' })).toEqual(['q-17']);
  });

  test('totals count entries, bytes and, once per entry, each reason', async () => {
    const { store } = current();
    expect(await store.quarantineTotals()).toEqual([]);
    const quarantine = [
      refused({
        id: 'a',
        bytes: new Uint8Array(10),
        reasons: [reason('future'), reason('future')],
      }),
      refused({
        id: 'b',
        bytes: new Uint8Array(5),
        reasons: [reason('future'), reason('conflict')],
      }),
      refused({ id: 'c', device: 'pi-2', bytes: new Uint8Array(1), reasons: [reason('conflict')] }),
    ];
    await store.commit(batch({ quarantine }));
    const byReason = { future: 2, conflict: 1 };
    expect(await store.quarantineTotals()).toEqual([
      { site: 'keihin', device: 'pi-1', entries: 2, bytes: 15, byReason },
      { site: 'keihin', device: 'pi-2', entries: 1, bytes: 1, byReason: { conflict: 1 } },
    ]);
  });

  test('a released entry is gone, may be released again, and may come back', async () => {
    const { store } = current();
    await store.commit(batch({ quarantine: [refused(), refused({ id: 'q-2' })] }));
    await store.release('q-1');
    await store.release('q-1');
    expect((await collect(store.quarantined({}))).map(({ id }) => id)).toEqual(['q-2']);
    await store.commit(batch({ quarantine: [refused()] }));
    expect((await store.quarantineTotals()).map(({ entries }) => entries)).toEqual([2]);
  });
}
