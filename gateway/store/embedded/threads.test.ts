import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../port.ts';
import { allTime, batch, collect, pressure, reading, someTimeMs } from '../suite/samples.ts';
import type { WorkerStart } from './protocol.ts';
import { openEmbeddedStore } from './store.ts';

let folder = '';
let threads: Map<WorkerStart['role'], Worker>;
let store: Store;

/** The real program in a real thread, kept in sight so that a test can end it. */
function startSeen(start: WorkerStart): Worker {
  const program = createRequire(import.meta.url).resolve('#build/store-worker.js');
  const worker = new Worker(program, { workerData: start });
  threads.set(start.role, worker);
  return worker;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kadoru-threads-'));
  threads = new Map();
  store = await openEmbeddedStore({ folder, startWorker: startSeen });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const oneReading = (index: number) => batch({ readings: [reading({ at: someTimeMs + index })] });
/** A call that no version makes: the broken invariant ends the thread, as a defect in it would. */
const nonsense = { id: -1, name: 'nonsense', input: null };
const ended = { name: 'StoreError', retryable: false };

/** 25 commits and 25 reads, all waiting at once. */
const callsFrom = (first: number) =>
  Array.from({ length: 25 }, (_, index) => [
    store.commit(oneReading(first + index)),
    store.readingCount(),
  ]).flat();

test.each(['writer', 'reader'] as const)(
  'a %s that dies ends the store for each caller',
  async (role) => {
    await store.commit(oneReading(0));
    const underWay = callsFrom(1);
    threads.get(role)?.postMessage(nonsense, []);
    const outcomes = Promise.allSettled([...underWay, ...callsFrom(26)]);
    const rejections = (await outcomes).filter((outcome) => outcome.status === 'rejected');
    expect(rejections.length).toBeGreaterThan(0);
    for (const { reason } of rejections) {
      expect(reason).toMatchObject(ended);
      expect(String(reason)).toContain(`the ${role} thread ended`);
    }
    await expect(store.commit(oneReading(0))).rejects.toMatchObject(ended);
    await expect(store.series()).rejects.toMatchObject(ended);
    await store.close();

    // What was acknowledged is there, and the file can be opened again at once.
    const answers = (await outcomes).flatMap((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : [],
    );
    const acknowledged = answers.filter((answer) => typeof answer === 'object');
    store = await openEmbeddedStore({ folder });
    expect(await store.readingCount()).toBeGreaterThanOrEqual(acknowledged.length + 1);
  },
);

test('more calls than may wait are turned away, to be repeated; none is lost in silence', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 400 }, (_, index) => store.commit(oneReading(index))),
  );
  const done = outcomes.filter(({ status }) => status === 'fulfilled');
  const turnedAway = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(turnedAway.length).toBeGreaterThan(0);
  for (const { reason } of turnedAway)
    expect(reason).toMatchObject({ name: 'StoreError', retryable: true });
  expect(await store.readingCount()).toBe(done.length);
  expect(await store.commit(oneReading(1000))).toMatchObject({ added: 1 });
});

test('reads go on while the writer is at work', async () => {
  await store.commit(oneReading(0));
  let committing = true;
  const readings = Array.from({ length: 20_000 }, (_, index) =>
    reading({ at: someTimeMs + 1 + index }),
  );
  const commit = store.commit(batch({ readings })).finally(() => {
    committing = false;
  });
  const seen = await collect(store.readings(pressure, allTime));
  expect(committing).toBe(true);
  expect(seen).toHaveLength(1);
  await commit;
  expect(await store.readingCount()).toBe(20_001);
});

test('a second gateway on the same folder is refused, and the first goes on', async () => {
  const second = openEmbeddedStore({ folder });
  await expect(second).rejects.toMatchObject({ name: 'StoreError' });
  await expect(second).rejects.toThrow(/another gateway is using it.*"data"/);
  expect((await store.commit(oneReading(0))).added).toBe(1);
  await store.close();
  store = await openEmbeddedStore({ folder });
  expect(await store.readingCount()).toBe(1);
});
