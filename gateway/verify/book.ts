import { type Claim, type ClaimTable, claimTables } from '#gateway/contract';
import type { z } from 'zod';
import { CannotCheck } from './folder.ts';
import type { RowOf } from './rows.ts';
import { type Reading, readTable, type TableRow } from './table.ts';

/** So many rows of a table are held; readings and seals are not among them. */
const mostRows = 500_000;

/** What of a claim is small enough to be held: everything but readings and seals. */
export interface Book {
  readonly claim: Claim;
  readonly members: readonly RowOf<'members'>[];
  readonly devices: readonly RowOf<'devices'>[];
  readonly meters: readonly RowOf<'meters'>[];
  readonly corrections: readonly RowOf<'corrections'>[];
  readonly events: readonly RowOf<'events'>[];
  readonly stretches: readonly RowOf<'stretches'>[];
  readonly activity: readonly RowOf<'activity'>[];
  readonly calculation: readonly RowOf<'calculation'>[];
  readonly factors: readonly RowOf<'factors'>[];
  readonly heads: readonly RowOf<'heads'>[];
}

export async function readBook(reading: Reading, claim: Claim): Promise<Book> {
  return {
    claim,
    members: await all(reading, claimTables.members),
    devices: await all(reading, claimTables.devices),
    meters: await all(reading, claimTables.meters),
    corrections: await all(reading, claimTables.corrections),
    events: await all(reading, claimTables.events),
    stretches: await all(reading, claimTables.stretches),
    activity: await all(reading, claimTables.activity),
    calculation: await all(reading, claimTables.calculation),
    factors: await all(reading, claimTables.factors),
    heads: await all(reading, claimTables.heads),
  };
}

async function all<Shape extends z.ZodRawShape>(
  reading: Reading,
  table: ClaimTable<Shape>,
): Promise<TableRow<z.output<z.ZodObject<Shape>>>[]> {
  const rows: TableRow<z.output<z.ZodObject<Shape>>>[] = [];
  for await (const row of readTable(reading, table)) {
    rows.push(row);
    if (rows.length > mostRows) throw new CannotCheck(`${table.file}: more than ${mostRows} rows`);
  }
  return rows;
}

/** Rows by one of their columns, in their order. */
export function groupBy<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}
