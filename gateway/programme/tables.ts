import type { z } from 'zod';
import { readTable, type TableRow } from '../http/csv-table.ts';
import { recordBodies, type RecordBody } from '../records/kinds.ts';
import { programmeIdSchema } from '../records/programme-kinds.ts';
import { type Column, columnAt, columnsOf, fileOf, type TableKind } from './columns.ts';

/** Something wrong in a table: where it stands, what was given, and the way out. */
export interface TableMistake {
  readonly file: string;
  /** As a spreadsheet numbers them; 1 is the line of names, 0 the file as a whole. */
  readonly row: number;
  readonly column: string;
  readonly value: string;
  readonly detail: string;
}

/** What a row says, and where it stands. */
export interface TableEntry<Kind extends TableKind = TableKind> extends TableRow {
  readonly kind: Kind;
  readonly subject: string;
  readonly body: RecordBody<Kind>;
}

export interface ReadTable<Kind extends TableKind> {
  readonly entries: readonly TableEntry<Kind>[];
  readonly mistakes: readonly TableMistake[];
  /** Ids of rows with a mistake in them: whatever names one names something that is meant. */
  readonly broken: ReadonlySet<string>;
}

const mostRows = 20_000;

/** Reads one table of a programme; every mistake of every row is told. */
export function readProgrammeTable<Kind extends TableKind>(
  kind: Kind,
  text: string,
): ReadTable<Kind> {
  const file = fileOf[kind];
  const columns = columnsOf[kind];
  const names = (needed: boolean) =>
    columns.filter((each) => each.needed === needed).map(({ name }) => name);
  const table = readTable(
    text,
    { needed: ['id', ...names(true)], optional: names(false) },
    mostRows,
  );
  if (!table.ok)
    return {
      entries: [],
      broken: new Set(),
      mistakes: [{ file, row: 0, column: '', value: '', detail: table.detail }],
    };
  const entries: TableEntry<Kind>[] = [];
  const mistakes: TableMistake[] = [];
  const broken = new Set<string>();
  const firstRow = new Map<string, number>();
  for (const given of table.rows) {
    const { entry, wrong } = readRow(kind, given);
    mistakes.push(...wrong);
    const id = given.cells['id']?.trim() ?? '';
    const first = firstRow.get(id);
    if (first !== undefined)
      mistakes.push(at(kind, given, 'id', `row ${first} has this id already`));
    else firstRow.set(id, given.row);
    if (entry === undefined) broken.add(id);
    else if (first === undefined) entries.push(entry);
  }
  return { entries, mistakes, broken };
}

function readRow<Kind extends TableKind>(
  kind: Kind,
  given: TableRow,
): { readonly entry?: TableEntry<Kind>; readonly wrong: readonly TableMistake[] } {
  const id = programmeIdSchema.safeParse(given.cells['id']?.trim());
  const wrong = (id.error?.issues ?? []).map(({ message }) => at(kind, given, 'id', message));
  const cells = columnsOf[kind].map((each) => cellOf(each, given.cells[each.name]?.trim() ?? ''));
  for (const { column, detail } of cells)
    if (detail !== undefined) wrong.push(at(kind, given, column.name, detail));
  const body = bodyOf(cells);
  const parsed = recordBodies[kind].safeParse(body);
  for (const { column, detail } of (parsed.error?.issues ?? []).flatMap((issue) =>
    placesOf(kind, issue, given),
  ))
    if (!wrong.some((each) => each.column === column)) wrong.push(at(kind, given, column, detail));
  if (!parsed.success || !id.success || wrong.length > 0) return { wrong };
  return { entry: { ...given, kind, subject: id.data, body: parsed.data }, wrong };
}

/** A mistake at a cell. */
export function at(
  kind: TableKind,
  { row, cells }: Pick<TableRow, 'row' | 'cells'>,
  column: string,
  detail: string,
): TableMistake {
  return { file: fileOf[kind], row, column, value: (cells[column] ?? '').slice(0, 100), detail };
}

interface Cell {
  readonly column: Column;
  readonly value?: unknown;
  readonly detail?: string;
}

function cellOf(column: Column, text: string): Cell {
  if (column.as === 'list') {
    const value = text.split(';').flatMap((part) => part.trim() || []);
    return { column, value };
  }
  if (text === '') return { column };
  if (column.as === 'text') return { column, value: text };
  if (column.as === 'number')
    return /^-?\d{1,15}(\.\d{1,9})?$/.test(text)
      ? { column, value: Number(text) }
      : { column, detail: 'is a number, without separators and units' };
  if (text === 'yes' || text === 'no') return { column, value: text === 'yes' };
  return { column, detail: 'is yes or no' };
}

/** The cells at their places. Subsidies stand in two columns: those that take the environmental value, and others. */
function bodyOf(cells: readonly Cell[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const parts = new Map<string, Record<string, unknown>>();
  for (const { column, value } of cells) {
    if (value === undefined) continue;
    const [head = '', tail] = column.path.split('.');
    if (tail === undefined) body[head] = value;
    else parts.set(head, { ...parts.get(head), [tail]: value });
  }
  const { subsidies, subsidiesTakingValue, ...rest } = { ...body, ...Object.fromEntries(parts) };
  if (subsidies === undefined && subsidiesTakingValue === undefined) return rest;
  return { ...rest, subsidies: [...named(subsidies, false), ...named(subsidiesTakingValue, true)] };
}

function named(names: unknown, takesValue: boolean): object[] {
  return Array.isArray(names) ? names.map((name: unknown) => ({ name, takesValue })) : [];
}

/** Where an issue of a body's shape stands in its row, and what it says there. */
function placesOf(
  kind: TableKind,
  issue: z.core.$ZodIssue,
  { cells }: TableRow,
): { readonly column: string; readonly detail: string }[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      column: columnAt(kind, path === '' ? key : `${path}.${key}`),
      detail: 'does not belong to what the other cells say: leave it empty',
    }));
  const column = columnAt(kind, path);
  const empty = (cells[column] ?? '').trim() === '';
  return [{ column, detail: empty ? `is needed here and empty` : issue.message }];
}
