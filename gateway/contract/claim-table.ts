import { z } from 'zod';

/**
 * The tables of a claim folder `kadoru-claim/1`.
 *
 * Canonical CSV: UTF-8 without a mark, lines end with `\n` (the last one too), cells are separated by `,`, the first line
 * names the columns in the order given here. A cell is put in `"` only where it holds `,`, `"`, `\r` or `\n`; a `"` in it
 * is doubled. Nothing is padded. An unknown value is an empty cell. `note`, always last, is `試験用` in every row of a
 * claim made of fixtures and empty in every other. Rows are in ascending order of `order`, compared column by column as
 * UTF-16 code units (times of one form and +09:00 sort as time does; `number` as a number), and no two
 * rows are equal in all of them. Where there are no rows the file is its first line.
 */
export interface ClaimTable<Shape extends z.ZodRawShape> {
  readonly file: string;
  readonly columns: readonly string[];
  readonly order: readonly (keyof Shape & string)[];
  readonly row: z.ZodObject<Shape>;
}

export function table<Shape extends z.ZodRawShape>(
  file: string,
  order: readonly (keyof Shape & string)[],
  shape: Shape,
): ClaimTable<Shape> {
  return { file, columns: Object.keys(shape), order, row: z.strictObject(shape) };
}
