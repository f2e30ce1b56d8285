import type { z } from 'zod';

/** Any table of the contract. */
export interface AnyTable {
  readonly file: string;
  readonly columns: readonly string[];
  readonly order: readonly string[];
  readonly row: z.ZodType;
}

/** The first line of a table. */
export function headerLine({ columns }: Pick<AnyTable, 'columns'>): string {
  return `${columns.join(',')}\n`;
}

/** A row as canonical CSV (`gateway/contract/claim-table.ts`). */
export function rowLine(
  { columns }: Pick<AnyTable, 'columns'>,
  row: Readonly<Record<string, string>>,
): string {
  return `${columns.map((column) => cell(row[column] ?? '')).join(',')}\n`;
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** All rows, each as the contract wants it, in its order. Throws for a row that is none. */
export function tableText(
  table: AnyTable,
  rows: readonly Readonly<Record<string, string>>[],
): string {
  const sorted = rows.toSorted((a, b) => {
    for (const column of table.order) {
      const [one = '', other = ''] = [a[column], b[column]];
      if (one !== other) return one < other ? -1 : 1;
    }
    return 0;
  });
  const lines = sorted.map((row) => {
    const checked = table.row.safeParse(row);
    if (!checked.success)
      throw new Error(
        `${table.file}: ${checked.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')} in ${JSON.stringify(row)}`,
      );
    return rowLine(table, row);
  });
  return headerLine(table) + lines.join('');
}
