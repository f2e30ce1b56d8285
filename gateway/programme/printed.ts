import { z } from 'zod';

const tableLine = z.looseObject({
  kind: z.enum(['mistake', 'warning']),
  file: z.string(),
  row: z.int(),
  column: z.string(),
  value: z.string(),
  detail: z.string(),
});
const fieldLine = z.looseObject({
  kind: z.literal('mistake'),
  field: z.string(),
  value: z.unknown().optional(),
  detail: z.string(),
});
const doneLine = z.looseObject({
  kind: z.literal('done'),
  written: z.int(),
  unchanged: z.int(),
  mistakes: z.int(),
});

/** A line of an answer as a person reads it; what has no words of its own is JSON. */
export function printed(item: unknown): { readonly text: string; readonly mistake: boolean } {
  const table = tableLine.safeParse(item).data;
  if (table !== undefined) {
    const { kind, file, row, column, value, detail } = table;
    // A mistake of no table in particular has no place.
    const place = file === '' ? '' : `${row === 0 ? file : `${file} row ${row}, ${column}`}: `;
    const mistake = kind === 'mistake';
    return { text: `${mistake ? '' : 'note: '}${place}${quoted(value)}${detail}`, mistake };
  }
  const field = fieldLine.safeParse(item).data;
  if (field !== undefined)
    return { text: `${field.field}: ${quoted(field.value)}${field.detail}`, mistake: true };
  const done = doneLine.safeParse(item).data;
  if (done === undefined) return { text: JSON.stringify(item), mistake: false };
  const { written, unchanged, mistakes } = done;
  const text =
    mistakes > 0
      ? `${mistakes} ${mistakes === 1 ? 'mistake' : 'mistakes'}: nothing was recorded`
      : `${written} recorded, ${unchanged} unchanged`;
  return { text, mistake: mistakes > 0 };
}

function quoted(value: unknown): string {
  return value === undefined || value === '' ? '' : `${JSON.stringify(value)} `;
}
