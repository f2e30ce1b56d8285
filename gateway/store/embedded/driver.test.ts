import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreError } from '../port.ts';
import {
  inTransaction,
  openForReading,
  openForWriting,
  realParameter,
  type Database,
} from './driver.ts';
import { explained } from './failure.ts';

let folder = '';
let file = '';
let database: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kadoru-driver-'));
  file = join(folder, 'a.db');
  database = openForWriting(file);
  database.exec('CREATE TABLE t (v REAL) STRICT');
});
afterEach(() => {
  if (database.isOpen) database.close();
  rmSync(folder, { recursive: true });
});

/** What a failing call becomes for the caller of the store. */
function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return explained(error, file);
  }
  return 'it did not fail';
}

const count = (): number => database.prepare('SELECT count(*) AS n FROM t').get().n;

test('a write is as durable as SQLite can make it', () => {
  expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
  expect(database.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 });
});

test('every finite number survives a REAL column, those the driver would make 0 too', () => {
  const insert = database.prepare('INSERT INTO t VALUES (?) RETURNING v');
  const same = database.prepare('SELECT 1 FROM t WHERE v IS ?');
  const tiny = fc.double({ min: 0, max: Number.EPSILON, noNaN: true });
  const any = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.oneof(tiny, any), (value) => {
      // + 0: minus zero comes back as zero, which equals it.
      expect(insert.get(realParameter(value))).toMatchObject({ v: value + 0 });
      expect(same.get(realParameter(value))).toBeDefined();
    }),
    { numRuns: 2000 },
  );
});

test('a transaction that throws leaves nothing, and the next one works', () => {
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  const half = () => {
    insert.run(1);
    throw new Error('half way');
  };
  expect(() => inTransaction(database, half)).toThrow('half way');
  expect(count()).toBe(0);
  inTransaction(database, () => insert.run(2));
  expect(count()).toBe(1);
});

test('a full disk is an error to repeat, and stores nothing of the transaction', () => {
  const { page_count: pages } = database.prepare('PRAGMA page_count').get();
  database.exec(`PRAGMA max_page_count = ${pages + 2}`);
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  const fill = () => inTransaction(database, () => fillPages(insert));
  const failure = failureOf(fill);
  expect(failure).toBeInstanceOf(StoreError);
  expect(failure).toMatchObject({ retryable: true });
  expect(String(failure)).toContain('free space');
  expect(count()).toBe(0);
  database.exec('PRAGMA max_page_count = 100000');
  fill();
  expect(count()).toBe(10_000);
});

function fillPages(insert: ReturnType<Database['prepare']>): void {
  for (let row = 0; row < 10_000; row += 1) insert.run(row + 0.5);
}

test('a database held by another program is an error to repeat', () => {
  const other = openForWriting(file);
  other.exec('BEGIN IMMEDIATE');
  database.exec('PRAGMA busy_timeout = 1');
  expect(failureOf(() => inTransaction(database, () => 1))).toMatchObject({ retryable: true });
  other.close();
});

test('a mistake in the schema, a damaged file and a reader that writes are each told apart', () => {
  expect(failureOf(() => database.exec('SELECT nothing FROM t'))).toMatchObject({
    name: 'StoreError',
    retryable: false,
  });
  const reader = openForReading(file);
  expect(String(failureOf(() => reader.exec('INSERT INTO t VALUES (1)')))).toContain('writable');
  reader.close();
  const invariant = new TypeError('not of SQLite');
  expect(explained(invariant, file)).toBe(invariant);
});
