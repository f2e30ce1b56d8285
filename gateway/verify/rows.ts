import type { z } from 'zod';
import type { claimTables } from '#gateway/contract';
import type { TableRow } from './table.ts';

type Tables = typeof claimTables;
/** A row of a table of the claim, with its place. */
export type RowOf<Name extends keyof Tables> = TableRow<z.output<Tables[Name]['row']>>;
