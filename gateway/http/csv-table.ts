import type { TableMistake } from '#gateway/contract';

/** A row of an uploaded table: its number as a spreadsheet shows it (the first line is 1), and its cells by column. */
export interface TableRow {
  readonly row: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** Why it is no such table: for people who write programs, and by a code for a page. */
export type BadTable = Omit<TableMistake, 'column'> & { readonly detail: string };

export type Table =
  | { readonly ok: true; readonly rows: readonly TableRow[] }
  | ({ readonly ok: false } & BadTable);

/**
 * Reads CSV (RFC 4180) whose first line names the columns, in any order; empty lines are passed over. Columns that are
 * not asked for are refused: a misspelt one must not be lost.
 */
export function readTable(
  text: string,
  columns: { readonly needed: readonly string[]; readonly optional: readonly string[] },
  mostRows: number,
): Table {
  const records = recordsOf(text.startsWith('\uFEFF') ? text.slice(1) : text);
  if (records === undefined) return bad('quote-open', 'a quotation mark is not closed');
  const [head, ...rest] = records;
  const names = head?.map((cell) => cell.trim()) ?? [];
  const wrong = headMistake(names, columns);
  if (wrong !== undefined) return wrong;
  const rows = rest.flatMap((cells, index) =>
    cells.every((cell) => cell.trim() === '')
      ? []
      : {
          row: index + 2,
          cells: Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])),
          width: cells.length,
        },
  );
  if (rows.length > mostRows)
    return bad('rows-many', `has ${rows.length} rows, at most ${mostRows} at once`, [
      String(rows.length),
      String(mostRows),
    ]);
  const odd = rows.find(({ width }) => width !== names.length);
  if (odd !== undefined) {
    const detail = `row ${odd.row} has ${odd.width} cells, not ${names.length}`;
    const told = [String(odd.width), String(names.length)];
    return { ...bad('cells-count', detail, told), row: odd.row };
  }
  return { ok: true, rows };
}

function bad(code: TableMistake['code'], detail: string, told: string[] = []) {
  return { ok: false, code, row: null, told, detail } as const;
}

function headMistake(
  names: readonly string[],
  {
    needed,
    optional,
  }: { readonly needed: readonly string[]; readonly optional: readonly string[] },
): Table | undefined {
  const known = [...needed, ...optional];
  const list = `the first line names the columns ${needed.join(', ')}, and may name ${optional.join(', ')}`;
  const missing = needed.find((name) => !names.includes(name));
  if (missing !== undefined)
    return bad('column-missing', `no column "${missing}": ${list}`, [missing]);
  const odd = names.find((name, index) => !known.includes(name) || names.indexOf(name) !== index);
  if (odd === undefined) return undefined;
  const shown = odd.slice(0, 50);
  return bad('column-odd', `"${shown}" is unknown or named twice: ${list}`, [shown]);
}

/** Undefined where a quoted cell does not end. */
function recordsOf(text: string): string[][] | undefined {
  const records: string[][] = [];
  let record: string[] = [];
  const cell = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
  for (let at = 0; at <= text.length;) {
    cell.lastIndex = at;
    const [whole = '', quoted, plain = ''] = cell.exec(text) ?? [];
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    at += whole.length;
    const next = text[at];
    if (next === ',') {
      at += 1;
      continue;
    }
    // Neither a comma nor a line end after a cell: a stray or an open quotation mark.
    if (next !== undefined && next !== '\r' && next !== '\n') return undefined;
    records.push(record);
    record = [];
    at += next === '\r' && text[at + 1] === '\n' ? 2 : 1;
    if (at >= text.length) break;
  }
  return records;
}
