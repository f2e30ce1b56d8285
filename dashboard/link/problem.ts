import type { Problem, TableMistake } from '#gateway/contract';
import { decode } from './decode.ts';
import { listOf, nullable, oneOf, optional, shape, text, whole } from './shape.ts';

type Told = Pick<NonNullable<Problem['errors']>[number], 'field' | 'detail' | 'table'>;

const tableMistake = shape<TableMistake>({
  code: oneOf<TableMistake['code']>({
    'quote-open': true,
    'column-missing': true,
    'column-odd': true,
    'rows-none': true,
    'rows-many': true,
    'cells-count': true,
    'meter-unknown': true,
    'time-format': true,
    'time-ahead': true,
    'time-early': true,
    'wh-format': true,
    'by-format': true,
    'photo-format': true,
    'row-twice': true,
    'read-already': true,
  }),
  row: nullable(whole),
  column: nullable(text),
  told: listOf(text, 10),
});

/** What is used of a problem document (RFC 9457). */
export interface Refusal extends Pick<Problem, 'title' | 'detail'> {
  readonly errors?: readonly Told[] | undefined;
}

const refusal = shape<Refusal>({
  title: text,
  detail: optional(text),
  errors: optional(
    listOf(shape<Told>({ field: text, detail: text, table: optional(tableMistake) }), 200),
  ),
});

/** A refusal in the gateway's words; of one that sent no problem document, only the status is known. */
export function readProblem(body: string, status: number): Refusal {
  return decode(body, refusal) ?? { title: `HTTP ${status}` };
}

export interface Placed {
  /** By field name. */
  readonly atFields: Readonly<Record<string, string>>;
  /** What belongs to no field of the form. */
  readonly rest: readonly string[];
  /** The same, of a table: in the page's own words. */
  readonly rows: readonly TableMistake[];
}

/**
 * Puts each error at the field it is about. One about a whole group (`arrival`) stands at the first field of it, one
 * about a part that is no field (`points.2.shownMpa`) at the field that holds it.
 */
export function placeProblem(
  { title, detail, errors = [] }: Refusal,
  names: readonly string[],
): Placed {
  const atFields: Record<string, string> = {};
  const rest: string[] = [];
  const rows: TableMistake[] = [];
  for (const { table, ...error } of errors) {
    // One reading alone is a table of one row: its column is a field of the form.
    const name = fieldFor(inRequest(table?.column) ?? error.field, names);
    if (name === undefined && table !== undefined) rows.push(table);
    else if (name === undefined) rest.push(`${error.field}: ${error.detail}`);
    else atFields[name] = [atFields[name], error.detail].filter(Boolean).join('; ');
  }
  return { atFields, rest: errors.length === 0 ? [detail ?? title] : rest, rows };
}

const inRequest = (column: string | null | undefined): string | undefined =>
  column === 'time' ? 'at' : (column ?? undefined);

function fieldFor(field: string, names: readonly string[]): string | undefined {
  return (
    names.find((name) => name === field) ??
    names.find((name) => name.startsWith(`${field}.`) || field.startsWith(`${name}.`))
  );
}
