import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../port.ts';
import {
  allTime,
  batch,
  collect,
  pressure,
  reading,
  record,
  someTimeMs,
} from '../suite/samples.ts';
import { openEmbeddedReader, openEmbeddedStore } from './store.ts';

let folder = '';
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kadoru-here-'));
  store = await openEmbeddedStore({ folder });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

test('a reader in the caller’s thread sees what one in a thread of its own sees, page after page', async () => {
  const many = Array.from({ length: 4_500 }, (_, index) => reading({ at: someTimeMs + index }));
  await store.commit(batch({ readings: many, records: [record()] }));
  const here = await openEmbeddedReader({ folder }, 'here');
  const thread = await openEmbeddedReader({ folder }, 'thread');
  for (const reader of [here, thread]) {
    expect(await collect(reader.readings(pressure, allTime))).toEqual(many);
    expect(await collect(reader.records({ kind: record().kind }))).toEqual([record()]);
    expect(await reader.lastBefore(pressure, someTimeMs)).toBeUndefined();
    await reader.close();
  }
});

test('it sees what the writer adds while it is open, writes nothing, and ends once', async () => {
  const here = await openEmbeddedReader({ folder }, 'here');
  expect(await here.readingCount()).toBe(0);
  await store.commit(batch({ readings: [reading()] }));
  expect(await here.readingCount()).toBe(1);
  const refused = { name: 'StoreError', retryable: false };
  await expect(here.commit(batch({ readings: [reading()] }))).rejects.toMatchObject(refused);
  await here.close();
  await here.close();
  await expect(here.readingCount()).rejects.toMatchObject(refused);
});

test.each(['here', 'thread'] as const)('where there is no store it says so (%s)', async (where) => {
  const opening = openEmbeddedReader({ folder: join(folder, 'nowhere') }, where);
  await expect(opening).rejects.toMatchObject({ name: 'StoreError' });
  await expect(opening).rejects.toThrow(/nowhere/);
});
