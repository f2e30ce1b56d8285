import { StoreError } from '../port.ts';
import { isSqliteFailure } from './driver.ts';

interface Meaning {
  readonly retryable: boolean;
  readonly wayOut: string;
}

/** Primary result codes that an operator can do something about, https://sqlite.org/rescode.html */
const meanings: ReadonlyMap<number, Meaning> = new Map([
  [
    5,
    {
      retryable: true,
      wayOut: 'another program holds the database: close it; the call may be repeated',
    },
  ],
  [6, { retryable: true, wayOut: 'a table is in use; the call may be repeated' }],
  [7, { retryable: true, wayOut: 'the machine is short of memory; the call may be repeated' }],
  [
    8,
    {
      retryable: true,
      wayOut: 'make the folder writable (a card that failed is often remounted read-only)',
    },
  ],
  [
    10,
    {
      retryable: true,
      wayOut: 'look at the disk and its cable (dmesg); the call may be repeated',
    },
  ],
  [
    11,
    {
      retryable: false,
      wayOut: 'the file is damaged: stop the gateway and put a backup in its place',
    },
  ],
  [13, { retryable: true, wayOut: 'free space on the disk; the call may be repeated' }],
  [14, { retryable: true, wayOut: 'see that the folder exists and the gateway may write to it' }],
  [
    26,
    {
      retryable: false,
      wayOut: 'the file is not a database: move it away or put a backup in its place',
    },
  ],
]);
const defect: Meaning = { retryable: false, wayOut: 'this is a defect of the program: report it' };

/**
 * Turns what SQLite threw into an error for people; `file` is the database it happened in. Anything else is a broken
 * invariant and comes back as it was.
 */
export function explained(error: unknown, file: string): unknown {
  if (!isSqliteFailure(error)) return error;
  const { retryable, wayOut } = meanings.get(error.errcode & 0xff) ?? defect;
  return new StoreError(
    `store ${file}: ${error.message} (SQLite code ${error.errcode}); ${wayOut}`,
    retryable,
    error,
  );
}
