import type { z } from 'zod';
import type { ClaimTable } from '#gateway/contract';
import type { Findings } from './findings.ts';
import { type ClaimFolder, Unreadable } from './folder.ts';

export interface TableRow<Cells> {
  readonly row: number;
  readonly cells: Cells;
}

/** What every table is read with. */
export interface Reading {
  readonly folder: ClaimFolder;
  readonly findings: Findings;
  /** What `note` has to say in every row. */
  readonly label: string;
}

/**
 * The rows of a table as the contract has them, one after another. A row that is not (columns, cells, another way of
 * writing, order, label) is a finding; what cannot be understood is left out.
 */
export async function* readTable<Shape extends z.ZodRawShape>(
  { folder, findings, label }: Reading,
  table: ClaimTable<Shape>,
): AsyncGenerator<TableRow<z.output<z.ZodObject<Shape>>>> {
  const { file, columns } = table;
  let before: readonly string[] | undefined;
  try {
    for await (const { row, text } of folder.lines(file)) {
      if (row === 1) {
        findings.equal({ file, row }, '列 columns', columns.join(','), text);
        continue;
      }
      const cells = cellsOf(text);
      const named = cells && byName(columns, cells);
      if (named === undefined || text !== lineOf(cells ?? [])) {
        const expected = `${columns.length} cells, quoted only where needed`;
        findings.add({ file, row, what: '書式 form of the row', expected, found: text });
        if (named === undefined) continue;
      }
      findings.equal({ file, row }, '表示 note', label, named['note'] ?? '');
      const key = table.order.map((column) => named[column] ?? '');
      if (before !== undefined && !isAfter(key, before, table.order)) {
        const expected = `after ${before.join(' ')}`;
        findings.add({ file, row, what: '順序 order of rows', expected, found: key.join(' ') });
      }
      before = key;
      const parsed = table.row.safeParse(named);
      if (parsed.success) yield { row, cells: parsed.data };
      else
        for (const { path, message } of parsed.error.issues)
          findings.add({
            file,
            row,
            what: `書式 form of ${path.join('.')}`,
            expected: message,
            found: named[String(path[0])] ?? '',
          });
    }
    if (before === undefined && (await isEmpty(folder, file)))
      findings.add({ file, what: '列 columns', expected: columns.join(','), found: 'nothing' });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    findings.add({
      file,
      row: error.row,
      what: '読めません not readable',
      expected: 'a table in UTF-8',
      found: error.message,
    });
  }
}

async function isEmpty(folder: ClaimFolder, file: string): Promise<boolean> {
  for await (const _ of folder.chunks(file)) return false;
  return true;
}

/** Undefined where a quotation mark stands where none may. */
function cellsOf(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const found = cell.exec(line);
    if (found === null) return undefined;
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === '') return cells;
  }
}

function lineOf(cells: readonly string[]): string {
  return cells
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
}

function byName(
  columns: readonly string[],
  cells: readonly string[],
): Record<string, string> | undefined {
  if (cells.length !== columns.length) return undefined;
  return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
}

function isAfter(
  key: readonly string[],
  before: readonly string[],
  order: readonly string[],
): boolean {
  for (const [index, column] of order.entries()) {
    const [a, b] = [key[index] ?? '', before[index] ?? ''];
    if (a === b) continue;
    return column === 'number' ? Number(a) > Number(b) : a > b;
  }
  return false;
}
