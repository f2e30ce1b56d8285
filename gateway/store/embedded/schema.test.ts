import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
