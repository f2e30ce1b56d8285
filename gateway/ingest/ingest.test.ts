import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { afterEach, expect, test, vi } from 'vitest';
import type { DeviceTopic } from '#device/contract';
import { systemClock } from '../clock.ts';
import { openEmbeddedStore } from '../store/embedded/store.ts';
import {
  type Batch,
  type QuarantineEntry,
  type Store,
  StoreError,
  type StoredReading,
} from '../store/port.ts';
import type { AddressedAck } from './acknowledgements.ts';
import { IngestCounters } from './counters.ts';
import { Ingest } from './ingest.ts';
import { QuarantineBook } from './quarantine-book.ts';
import { readmit } from './readmit.ts';

const live: DeviceTopic = { site: 'keihin', device: 'pi-1', kind: 'live' };
const at = Date.UTC(2026, 3, 1);
const reading = (value: unknown) => ({ 'pack-1/pressure': { value } });
const frame = (seq: number, changes: object = {}) => ({
  stream: 'k3f9',
  seq,
  at: at + seq * 1000,
  clock: 'synced',
  readings: reading(10 + seq / 100),
  ...changes,
});
const series = { site: 'keihin', device: 'pi-1', asset: 'pack-1', quantity: 'pressure' } as const;
const limits = {
  rowsPerCommit: 500,
  lingerMs: 1,
  waitingFrames: 1000,
  waitingBytes: 1_000_000,
  retryMs: { first: 5, most: 20 },
};
const shelves = { entriesPerDevice: 3, bytesPerDevice: 10_000, bytesInAll: 20_000 };

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A real store whose commits a test can watch, delay and fail. */
async function plant(
  changes: { readonly waitingFrames?: number; readonly waitingBytes?: number } = {},
) {
  const store = await openEmbeddedStore({ folder: mkdtempSync(join(tmpdir(), 'kadoru-ingest-')) });
  cleanups.push(() => store.close());
  const acks: AddressedAck[] = [];
  const arrived: StoredReading[] = [];
  const times: number[] = [];
  const gate = { before: (_batch: Batch): Promise<void> => Promise.resolve() };
  const watched: Store = Object.create(store, {
    commit: { value: (batch: Batch) => gate.before(batch).then(() => store.commit(batch)) },
  });
  const book = await QuarantineBook.load(store, shelves);
  const counters = new IngestCounters(new Registry());
  const failures: string[] = [];
  const ingest = new Ingest({
    store: watched,
    book,
    counters,
    clock: { ...systemClock, wallMs: () => at + 3_600_000 },
    clockTrusted: () => true,
    heardTime: (heard) => times.push(heard),
    staleKeys: () => [],
    limits: { ...limits, ...changes },
    listener: {
      arrived: (readings) => arrived.push(...readings),
      storeFailed: (message) => failures.push(message),
      storeRecovered: () => failures.push('recovered'),
      acknowledge: (ack) => acks.push(ack),
    },
  });
  cleanups.push(() => ingest.stop());
  const send = (...frames: object[]) => {
    for (const item of frames) ingest.receive(live, new TextEncoder().encode(JSON.stringify(item)));
  };
  const acknowledged = () => acks.flatMap(({ ack }) => ack.stored);
  const stored = async () => {
    const values: (number | null)[] = [];
    for await (const { value } of store.readings(series, { from: 0, to: at + 1e9 }))
      values.push(value);
    return values;
  };
  return {
    store,
    ingest,
    book,
    counters,
    gate,
    arrived,
    times,
    failures,
    send,
    acknowledged,
    stored,
  };
}

/** Keeps commits waiting until the answered function is called. */
function hold(gate: { before: (batch: Batch) => Promise<void> }): () => void {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  gate.before = () => opened;
  return open;
}

async function quarantined(store: Store): Promise<QuarantineEntry[]> {
  const entries: QuarantineEntry[] = [];
  for await (const entry of store.quarantined({})) entries.push(entry);
  return entries;
}

test('what another gateway of the group stores is shown, and neither stored nor acknowledged here', async () => {
  const { ingest, acknowledged, arrived, times, stored } = await plant();
  ingest.show(live, new TextEncoder().encode(JSON.stringify(frame(1))));
  ingest.show(live, new TextEncoder().encode('{"stream":'));
  await ingest.stop();
  expect(arrived).toHaveLength(1);
  expect(times).toEqual([at + 1000]);
  expect(acknowledged()).toEqual([]);
  expect(await stored()).toEqual([]);
});

test('a frame is acknowledged after its commit and not before; the live picture does not wait', async () => {
  const { gate, send, acknowledged, arrived, stored } = await plant();
  const open = hold(gate);
  send(frame(1), frame(2));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(arrived).toHaveLength(2);
  expect(acknowledged()).toEqual([]);
  open();
  await vi.waitFor(() => expect(acknowledged()).toEqual([[1, 2]]));
  expect(await stored()).toEqual([10.01, 10.02]);
});

test('a store that fails leaves frames unacknowledged until it works again, and loses none', async () => {
  const { gate, send, acknowledged, failures, stored } = await plant();
  let failing = true;
  gate.before = () =>
    failing ? Promise.reject(new StoreError('disk full', true)) : Promise.resolve();
  send(frame(1));
  await vi.waitFor(() => expect(failures.length).toBeGreaterThan(3));
  send(frame(2));
  expect(acknowledged()).toEqual([]);
  failing = false;
  await vi.waitFor(() => expect(acknowledged()).toHaveLength(2));
  expect(failures.at(-1)).toBe('recovered');
  expect(await stored()).toEqual([10.01, 10.02]);
});

test('beyond the bound of the queue frames are turned away, counted, and not acknowledged', async () => {
  const { gate, send, counters, acknowledged } = await plant({ waitingFrames: 2 });
  const open = hold(gate);
  for (let seq = 1; seq <= 10; seq += 1) send(frame(seq));
  expect(counters.framesTurnedAway).toBe(8);
  open();
  await vi.waitFor(() => expect(acknowledged()).toEqual([[1, 2]]));
});

test('a few large frames reach the bound of the queue in bytes, and what was committed makes room', async () => {
  const { gate, send, counters, acknowledged } = await plant({ waitingBytes: 30_000 });
  const open = hold(gate);
  const padding = 'x'.repeat(10_000);
  for (let seq = 1; seq <= 6; seq += 1) send(frame(seq, { padding }));
  expect(counters.framesTurnedAway).toBe(3);
  open();
  await vi.waitFor(() => expect(acknowledged()).toEqual([[1, 3]]));
  for (let seq = 4; seq <= 6; seq += 1) send(frame(seq, { padding }));
  await vi.waitFor(() => expect(acknowledged().at(-1)).toEqual([4, 6]));
});

test('only a fresh frame of a synchronised device says what time it is', async () => {
  const { send, ingest, times } = await plant();
  send(frame(1), frame(2, { clock: 'estimated' }));
  const history = JSON.stringify({ frames: [frame(3)] });
  ingest.receive({ ...live, kind: 'history' }, new TextEncoder().encode(history));
  expect(times).toEqual([at + 1000]);
});

test('first content wins: other content under the same time goes to quarantine, then is acknowledged', async () => {
  const { send, acknowledged, stored, store, counters } = await plant();
  send(frame(1));
  await vi.waitFor(() => expect(acknowledged()).toEqual([[1, 1]]));
  send(
    frame(9, { at: at + 1000, readings: { ...reading(19), 'pack-1/temperature': { value: 20 } } }),
  );
  await vi.waitFor(() =>
    expect(acknowledged()).toEqual([
      [1, 1],
      [9, 9],
    ]),
  );
  expect(await stored()).toEqual([10.01]);
  const [entry] = await quarantined(store);
  expect(entry?.reasons).toMatchObject([{ code: 'conflict', path: 'readings.pack-1/pressure' }]);
  expect(JSON.parse(new TextDecoder().decode(entry?.bytes))).toMatchObject({ seq: 9 });
  expect(counters.messagesRefused).toBe(1);
});

test('a full quarantine leaves that device’s bad frames unacknowledged; their good readings are stored', async () => {
  const { send, acknowledged, book, stored } = await plant();
  for (let seq = 1; seq <= 5; seq += 1)
    send(frame(seq, { readings: { ...reading(seq), 'pack-1/mood': { value: 1 } } }));
  send(frame(6));
  await vi.waitFor(() =>
    expect(acknowledged()).toEqual([
      [1, 3],
      [6, 6],
    ]),
  );
  expect(book.totals()).toMatchObject({ entries: 3, fullFor: ['keihin/pi-1'] });
  expect(await stored()).toEqual([1, 2, 3, 4, 5, 10.06]);
});

test('a quarantine that could not be written is written before the acknowledgement', async () => {
  const { gate, send, acknowledged, store } = await plant();
  send(frame(1));
  await vi.waitFor(() => expect(acknowledged()).toHaveLength(1));
  let refusals = 3;
  gate.before = ({ quarantine }) =>
    quarantine.length > 0 && refusals-- > 0
      ? Promise.reject(new StoreError('busy', true))
      : Promise.resolve();
  send(frame(2, { at: at + 1000, readings: reading(5) }));
  await vi.waitFor(() => expect(acknowledged()).toHaveLength(2));
  expect(await quarantined(store)).toHaveLength(1);
});

test('what was refused is admitted once it is right, and stays while it is not', async () => {
  const { send, acknowledged, store, book, stored } = await plant();
  send(
    frame(1, { at: at + 3_600_000 + 660_000 }),
    frame(2, { readings: { 'pack-1/mood': { value: 1 } } }),
  );
  await vi.waitFor(() => expect(acknowledged()).toEqual([[1, 2]]));
  const later = { receivedAt: at + 2 * 3_600_000, clockTrusted: true };
  const outcomes: string[] = [];
  for await (const entry of store.quarantined({}))
    outcomes.push((await readmit(store, book, entry, later, () => [])).outcome);
  expect(outcomes.toSorted()).toEqual(['admitted', 'still-refused']);
  expect(await stored()).toEqual([10.01]);
  expect(book.totals().entries).toBe(1);
});

test('duplicates and any order leave the same store, with every frame acknowledged', async () => {
  const order = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 12, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(order, async (seqs) => {
      const { send, acknowledged, stored, book, ingest, store } = await plant();
      send(...seqs.map((seq) => frame(seq)));
      await ingest.stop();
      const sent = [...new Set(seqs)].toSorted((a, b) => a - b);
      expect(await stored()).toEqual(sent.map((seq) => 10 + seq / 100));
      const covered = new Set(
        acknowledged().flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, i) => first + i),
        ),
      );
      expect([...covered].toSorted((a, b) => a - b)).toEqual(sent);
      expect(book.totals().entries).toBe(0);
      await store.close();
    }),
    { numRuns: 15 },
  );
});
