import { z } from 'zod';

/** What may be wrong with an uploaded table. A page says it in its own words by `code`. */
export const tableMistakeSchema = z.object({
  code: z.enum([
    'quote-open',
    'column-missing',
    'column-odd',
    'rows-none',
    'rows-many',
    'cells-count',
    'meter-unknown',
    'time-format',
    'time-ahead',
    'time-early',
    'wh-format',
    'by-format',
    'photo-format',
    'row-twice',
    'read-already',
  ]),
  /** As a spreadsheet counts; null where it is about the whole table. */
  row: z.int().nullable(),
  /** Null where it is about a whole row. */
  column: z.string().nullable(),
  /** What belongs into the words: a number of rows, a name, the row or the person it collides with. */
  told: z.array(z.string()),
});
export type TableMistake = z.infer<typeof tableMistakeSchema>;

/** RFC 9457 problem document; `errors` names every field, the value given and the way out. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  errors: z
    .array(
      z.object({
        field: z.string(),
        value: z.unknown().optional(),
        detail: z.string(),
        table: tableMistakeSchema.optional(),
      }),
    )
    .optional(),
});
export type Problem = z.infer<typeof problemSchema>;
