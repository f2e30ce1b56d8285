import { notFinite } from '../finite.ts';
import { type DerivedKey, type DerivedRow, type Span, StoreError } from '../port.ts';
import { numberAt, textAt, type Row } from './cells.ts';
import { type Field, mostMs, nanoseconds, toLine } from './line.ts';
import { decodeText, encodeTag, encodeText, pieces } from './text.ts';

/**
 * Beside the fields people look at, each row says which fields it has: InfluxDB merges a point with what stands there
 * and knows no null. JSON of name to number of pieces; 0 is null, a text may take several (`name`, `name.2`, …).
 */
export const columnsField = 'kadoru_columns';
const reserved = new Set(['time', 'key', columnsField]);

type Columns = Readonly<Record<string, number>>;

/** Energies and times are whole numbers, everything else a float: the name decides, so that a field never changes type. */
function isInteger(field: string): boolean {
  return /(?:^w|W)h$|At$|Ms$/.test(field);
}

/** Throws StoreError for what would come back as something else. */
export function derivedLine({ measurement, key }: DerivedKey, { at, fields }: DerivedRow): string {
  const title = `${measurement} ${key} at ${at}`;
  if (!Number.isFinite(at)) throw notFinite(`at of ${title}`, at);
  if (!Number.isSafeInteger(at) || Math.abs(at) >= mostMs)
    throw new StoreError(`store: ${title} is no whole millisecond between 1677 and 2262`, false);
  const columns: Record<string, number> = {};
  const written: (readonly [string, Field])[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (reserved.has(name)) throw new StoreError(`store: ${title} has a field "${name}"`, false);
    const found = value === null ? [] : fieldsOf(name, value, title);
    columns[name] = found.length;
    written.push(...found);
  }
  return toLine({
    measurement,
    tags: [['key', encodeTag(key)]],
    fields: [...written, [columnsField, { text: JSON.stringify(columns) }]],
    timeNs: nanoseconds(at),
  });
}

export function checkSpan({ measurement, key }: DerivedKey, span: Span): void {
  for (const end of [span.from, span.to])
    if (!Number.isFinite(end))
      throw notFinite(`an end of the span to replace in ${measurement} ${key}`, end);
}

/**
 * Rows of an answer. One that is being written at this moment is not there yet: InfluxDB 1.x shows fields one by one.
 * @param names of their cells.
 */
export function derivedRows(names: readonly string[], rows: readonly Row[]): DerivedRow[] {
  const columnsAt = names.indexOf(columnsField);
  // Rows of a measurement mostly have the same fields: what to read is worked out once.
  const plans = new Map<string, Plan>();
  const found: DerivedRow[] = [];
  for (const row of rows) {
    if (row[columnsAt] === null) continue;
    const columns = textAt(row, columnsAt);
    let plan = plans.get(columns);
    if (plan === undefined) {
      plan = planOf(columns, names);
      plans.set(columns, plan);
    }
    found.push({ at: numberAt(row, 0), fields: fieldsIn(row, plan) });
  }
  return found;
}

/** Each field with the cells it stands in; none for null. */
type Plan = readonly (readonly [name: string, cells: readonly number[]])[];

function planOf(columns: string, names: readonly string[]): Plan {
  return Object.entries(columnsOf(columns)).map(([name, count]) => [
    name,
    pieceNames(name, count).map((piece) => names.indexOf(piece)),
  ]);
}

function fieldsIn(row: Row, plan: Plan): DerivedRow['fields'] {
  const fields: Record<string, number | string | null> = {};
  for (const [name, cells] of plan) {
    const value = fieldIn(row, cells);
    // Assigned, this one name would be the prototype.
    if (name === '__proto__') Object.defineProperty(fields, name, { ...ordinary, value });
    else fields[name] = value;
  }
  return fields;
}

const ordinary = { configurable: true, enumerable: true, writable: true };

function fieldIn(row: Row, cells: readonly number[]): number | string | null {
  const [first] = cells;
  if (first === undefined) return null;
  const cell = row[first];
  if (typeof cell === 'number') return cell;
  if (cells.length === 1) return decodeText(String(cell));
  return decodeText(cells.map((each) => String(row[each])).join(''));
}

/** Whether a row that stands has a field that another one leaves out: writing over it would leave that field there. */
export function leavesOver(standing: string, { fields }: DerivedRow): boolean {
  return Object.entries(columnsOf(standing)).some(([name, count]) => {
    const value = fields[name];
    return count > (value === undefined || value === null ? 0 : fieldsOf(name, value, name).length);
  });
}

function columnsOf(json: string): Columns {
  const columns: Columns = JSON.parse(json);
  return columns;
}

function fieldsOf(
  name: string,
  value: number | string,
  title: string,
): (readonly [string, Field])[] {
  if (typeof value === 'string') {
    const parts = pieces(encodeText(value));
    return pieceNames(name, parts.length).map((piece, index) => [
      piece,
      { text: parts[index] ?? '' },
    ]);
  }
  if (!Number.isFinite(value)) throw notFinite(`${name} of ${title}`, value);
  if (!isInteger(name)) return [[name, { float: value }]];
  if (Number.isSafeInteger(value)) return [[name, { integer: value }]];
  throw new StoreError(
    `store: ${name} of ${title} is ${value}; a name that ends in Wh, At or Ms is a whole number`,
    false,
  );
}

function pieceNames(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? name : `${name}.${index + 1}`));
}
