import { StoreError } from '../port.ts';
import type { Series } from './answer.ts';

/** A row of an answer: time first, then what was selected, in that order. */
export type Row = readonly unknown[];

/** The rows of a statement's answer, whatever series they stand in. */
export function rowsOf(series: readonly Series[]): readonly Row[] {
  return series.length === 1
    ? (series[0]?.values ?? [])
    : series.flatMap(({ values = [] }) => values);
}

/**
 * Throws StoreError for a cell that this program did not write: a bucket that somebody else writes to as well, or a point
 * that another gateway is writing at this moment. (InfluxDB 1.x shows the fields of a point one by one.)
 */
export function numberAt(row: Row, position: number): number {
  const cell = row[position];
  if (typeof cell === 'number') return cell;
  throw foreign(row, position);
}

export function textAt(row: Row, position: number): string {
  const cell = row[position];
  if (typeof cell === 'string') return cell;
  throw foreign(row, position);
}

export function numberOrNullAt(row: Row, position: number): number | null {
  return row[position] === null ? null : numberAt(row, position);
}

export function textOrNullAt(row: Row, position: number): string | null {
  return row[position] === null ? null : textAt(row, position);
}

function foreign(row: Row, position: number): StoreError {
  return notOurs(`${JSON.stringify(row[position])} at ${String(row[0])}`);
}

/** Retryable: once somebody took the point away, the same call succeeds. */
export function notOurs(what: string): StoreError {
  return new StoreError(
    `the store holds ${what}, where this program writes something else; something else writes to the bucket of ` +
      'store.bucket: give Kadoru one of its own',
    true,
  );
}
