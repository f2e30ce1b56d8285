import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

export type Database = DatabaseSyncInstance;

/** What SQLite says when a call fails; `node:sqlite` and the package used here agree on these fields. */
export interface SqliteFailure {
  readonly message: string;
  /** Extended result code: the low byte is the primary code, https://sqlite.org/rescode.html */
  readonly errcode: number;
}

export function isSqliteFailure(error: unknown): error is Error & SqliteFailure {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** How long a statement waits for another connection, such as a checkpoint or somebody's `sqlite3` shell. */
const busyTimeoutMs = 5000;

/**
 * The connection that writes. FULL rather than NORMAL: with NORMAL a power cut lost 1,000 of 645,200 acknowledged rows
 * (shared/facts/storage.md), and an acknowledgement is a promise.
 */
export function openForWriting(file: string): Database {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  database.exec(`
    PRAGMA page_size = 4096;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 67108864;
  `);
  return database;
}

/** A connection for reading beside the writer: WAL lets both go on at once. */
export function openForReading(file: string): Database {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs, readOnly: true });
  database.exec('PRAGMA temp_store = MEMORY');
  return database;
}

/**
 * A floating-point number as a parameter for a REAL column. `@photostructure/sqlite` 1.2.1 binds a number as a 32-bit
 * integer when its distance to the integer below is under 2^-52 (src/sqlite_impl.cpp, BindSingleParam), so 1e-17 would
 * become 0. As text such a number arrives exactly: the column turns it into the nearest double.
 */
export function realParameter(value: number | null): number | string | null {
  return value !== null && value > 0 && value < Number.EPSILON ? String(value) : value;
}

/** Runs `work` in one transaction: all of it is on the disk when this returns, none of it when this throws. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back by itself after some failures, a full disk among them.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
