import { StoreError } from '../port.ts';
import { isSqliteFailure } from './driver.ts';
import { DatabaseSync } from '@photostructure/sqlite';

const busy = 5;

/**
 * Takes a data file for this process, until the answer is called or the process ends, however it ends: the lock is
 * one that the operating system holds for SQLite on a file beside it, so a killed gateway leaves none behind. (WAL
 * itself lets several processes write in turn; two gateways would each believe their live view and marks.)
 * Throws StoreError where another holds it.
 */
export function lockForThisProcess(file: string): () => null {
  const lock = new DatabaseSync(`${file}.lock`);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isSqliteFailure(error) || (error.errcode & 0xff) !== busy) throw error;
    throw new StoreError(
      `store ${file}: another gateway is using it; stop that one, or give this one its own folder with "data"`,
      false,
      error,
    );
  }
  return () => {
    lock.close();
    return null;
  };
}
