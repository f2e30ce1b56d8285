import { z } from 'zod';
import { meterReadingRequestSchema, type TableMistake, timeSchema } from '#gateway/contract';
import { type BadTable, readTable } from '../csv-table.ts';
import { HttpProblem, shown } from '../problem.ts';

/** Of one upload; a year of a site that is read every day. */
const mostRows = 2_000;
const mostErrors = 200;

/** One row as it must be; a JSON body is a table of one row. */
export type ReadingRow = z.output<typeof meterReadingRequestSchema> & { readonly row: number };

const rowSchema = z.object({
  meter: z.string().trim(),
  time: z.string().trim().pipe(timeSchema),
  wh: z
    .string()
    .trim()
    .regex(/^\d{1,16}$/, 'is a whole number of Wh')
    .transform(Number),
  by: z.string(),
  photoSha256: z.string().trim().toLowerCase().default(''),
});

/** Reads `meter,time,wh,by,photoSha256`. Throws `HttpProblem` (400) with every row that is wrong, by its number. */
export function readingsOfTable(text: string): ReadingRow[] {
  const columns = { needed: ['meter', 'time', 'wh', 'by'], optional: ['photoSha256'] };
  const table = readTable(text, columns, mostRows);
  if (!table.ok)
    throw wholeTable(table, `the table was not understood, nothing was stored: ${table.detail}`);
  if (table.rows.length === 0) {
    const detail = 'the table has no rows below its first line: nothing was stored';
    throw wholeTable({ code: 'rows-none', row: null, told: [], detail }, detail);
  }
  const readings: ReadingRow[] = [];
  const mistakes: RowMistake[] = [];
  for (const { row, cells } of table.rows) {
    const parsed = rowSchema.safeParse(cells);
    const { time: at, photoSha256 = '', ...rest } = parsed.data ?? {};
    const photo = photoSha256 === '' ? {} : { photoSha256 };
    const whole = meterReadingRequestSchema.safeParse({ ...rest, ...photo, at });
    if (parsed.success && whole.success) readings.push({ ...whole.data, row });
    for (const { path, message } of (parsed.error ?? whole.error)?.issues ?? []) {
      const field = path.join('.');
      const code = codeOfColumn.get(field) ?? 'wh-format';
      mistakes.push({ row, field, value: cells[field], detail: message, code });
    }
  }
  if (mistakes.length > 0) throw tableProblem(400, mistakes);
  return readings;
}

/** What can only be wrong with the form of each cell. */
const codeOfColumn: ReadonlyMap<string, TableMistake['code']> = new Map([
  ['meter', 'meter-unknown'],
  ['time', 'time-format'],
  ['at', 'time-format'],
  ['wh', 'wh-format'],
  ['by', 'by-format'],
  ['photoSha256', 'photo-format'],
]);

function wholeTable({ code, row, told, detail }: BadTable, said: string): HttpProblem {
  const table = { code, row, column: null, told };
  return new HttpProblem(400, said, [{ field: 'table', detail, table }]);
}

export interface RowMistake {
  readonly row: number;
  readonly field: string;
  readonly value: unknown;
  readonly detail: string;
  readonly code: TableMistake['code'];
  readonly told?: readonly string[];
}

/** Every mistake with the number of its row; of a table nothing is stored unless all of it is right. */
export function tableProblem(
  status: 400 | 404 | 409,
  mistakes: readonly RowMistake[],
): HttpProblem {
  const errors = mistakes
    .slice(0, mostErrors)
    .map(({ row, field, value, detail, code, told = [] }) => ({
      field: `row ${row}: ${field}`,
      value: shown(value),
      detail,
      // A person sees the column as the first line of the table names it.
      table: { code, row, column: field === 'at' ? 'time' : field, told: [...told] },
    }));
  const detail = `nothing was stored: ${mistakes.length} mistakes`;
  return new HttpProblem(status, detail, errors);
}
