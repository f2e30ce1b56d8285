import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  allTime,
  batch,
  collect,
  derivedRow,
  pressure,
  reading,
  record,
} from '../suite/samples.ts';
import { openForWriting, type Database } from './driver.ts';
import { migrate, schemaSteps, schemaVersion } from './schema.ts';
import { openEmbeddedStore } from './store.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kadoru-schema-'));
  file = join(folder, 'kadoru.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function withDatabase(work: (database: Database) => void): void {
  const database = openForWriting(file);
  try {
    work(database);
  } finally {
    database.close();
  }
}

const tables = (database: Database) => {
  const rows: readonly { readonly name: string }[] = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
    .all();
  return rows.map(({ name }) => name);
};

test('an older file gets the steps it lacks, and only those', () => {
  withDatabase((database) => {
    migrate(database, file, ['CREATE TABLE a (v) ']);
    expect(schemaVersion(database)).toBe(1);
    migrate(database, file, ['CREATE TABLE a (v) ', 'CREATE TABLE b (v)', 'CREATE TABLE c (v)']);
    expect(tables(database)).toEqual(['a', 'b', 'c']);
    expect(schemaVersion(database)).toBe(3);
  });
});

test('a migration that fails half way leaves the file as it was', () => {
  withDatabase((database) => {
    migrate(database, file, ['CREATE TABLE a (v)']);
    const broken = ['CREATE TABLE a (v)', 'CREATE TABLE b (v); CREATE TABLE b (v)'];
    expect(() => migrate(database, file, broken)).toThrow('already exists');
    expect(tables(database)).toEqual(['a']);
    expect(schemaVersion(database)).toBe(1);
  });
});

test('a file from before operator records keeps its data and takes records', async () => {
  const [first = ''] = schemaSteps;
  const old = reading();
  withDatabase((database) => {
    migrate(database, file, [first]);
    database.exec(`
      INSERT INTO series VALUES (1, 'keihin', 'pi-1', 'pack-1', 'pressure');
      INSERT INTO stream VALUES (1, 'keihin', 'pi-1', 'k3f9');
      INSERT INTO reading VALUES (1, ${old.at}, 12.345, 17123, 0, NULL, 0, 1, 1042, 40);
      INSERT INTO run VALUES (1, 1042, 1042, ${old.at}, ${old.at});
      INSERT INTO derived_key VALUES (1, 'hydrogen', 'keihin/pack-1');
      INSERT INTO derived VALUES (1, 60000, '{"totalKg":13.9}');
      INSERT INTO stale VALUES ('day', 7, 7);
      UPDATE tally SET count = 1 WHERE name = 'readings';
      UPDATE tally SET count = 7 WHERE name = 'marks';
    `);
  });
  const store = await openEmbeddedStore({ folder });
  expect(await collect(store.readings(pressure, allTime))).toEqual([old]);
  expect(await store.readingCount()).toBe(1);
  expect(await store.runs({})).toMatchObject([{ first: 1042, last: 1042 }]);
  const hydrogen = { measurement: 'hydrogen', key: 'keihin/pack-1' };
  const minutes = await collect(store.derived(hydrogen, allTime));
  expect(minutes).toEqual([derivedRow(60_000, { totalKg: 13.9 })]);
  expect(await store.stale(10)).toEqual([{ key: 'day', mark: 7 }]);
  const again = await store.commit(batch({ readings: [old], records: [record()] }));
  expect(again).toEqual({ conflicts: [], added: 0, recordConflicts: [] });
  expect(await collect(store.records({}))).toEqual([record()]);
  await store.close();
  withDatabase((database) => expect(schemaVersion(database)).toBe(schemaSteps.length));
});

test('a file of a newer program is refused, untouched, and says what to do', async () => {
  withDatabase((database) => {
    migrate(database, file, schemaSteps);
    database.exec(`PRAGMA user_version = ${schemaSteps.length + 1}`);
  });
  const opening = openEmbeddedStore({ folder });
  await expect(opening).rejects.toMatchObject({ name: 'StoreError', retryable: false });
  await expect(opening).rejects.toThrow(/newer kadoru-gateway.*install that version/);
  withDatabase((database) => expect(schemaVersion(database)).toBe(schemaSteps.length + 1));
});

test('a file that is no database is refused, not overwritten, and the lock let go', async () => {
  writeFileSync(file, 'this is a letter, not a database. '.repeat(50));
  await expect(openEmbeddedStore({ folder })).rejects.toMatchObject({
    name: 'StoreError',
    retryable: false,
  });
  rmSync(file);
  const store = await openEmbeddedStore({ folder });
  expect(await store.readingCount()).toBe(0);
  await store.close();
});

test('a folder that cannot be made is named', async () => {
  writeFileSync(join(folder, 'taken'), '');
  const opening = openEmbeddedStore({ folder: join(folder, 'taken', 'data') });
  await expect(opening).rejects.toMatchObject({ name: 'StoreError' });
  await expect(opening).rejects.toThrow('taken');
});
