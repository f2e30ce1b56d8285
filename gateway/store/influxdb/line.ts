/** Line protocol, https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/ */

/** A field with its type: the first write of a field fixes it, so the writer says which it is. */
export type Field =
  | { readonly float: number }
  | { readonly integer: number }
  | { readonly text: string }
  | { readonly flag: boolean };

/** What one point is made of. Tags must be encoded (`encodeTag`), and so must texts (`encodeText`). */
export interface Point {
  readonly measurement: string;
  readonly tags: readonly (readonly [name: string, encoded: string])[];
  readonly fields: readonly (readonly [name: string, field: Field])[];
  /** Nanoseconds, as digits: most are beyond what a number holds. */
  readonly timeNs: string;
}

/** What an int64 of nanoseconds holds, in whole milliseconds (1677 to 2262). */
export const mostMs = 9_223_372_036_854;

/** Epoch milliseconds as nanoseconds; `offsetNs` below 1,000,000. */
export function nanoseconds(ms: number, offsetNs = 0): string {
  if (ms === 0) return String(offsetNs);
  if (ms < 0) return String(BigInt(ms) * 1_000_000n + BigInt(offsetNs));
  return offsetNs === 0 ? `${ms}000000` : `${ms}${String(offsetNs).padStart(6, '0')}`;
}

export function toLine({ measurement, tags, fields, timeNs }: Point): string {
  let line = escapeName(measurement);
  for (const [name, value] of tags) line += `,${name}=${value}`;
  let separator = ' ';
  for (const [name, field] of fields) {
    line += `${separator}${escapeName(name)}=${written(field)}`;
    separator = ',';
  }
  return `${line} ${timeNs}`;
}

function written(field: Field): string {
  // JavaScript writes the shortest digits that read back to the same number, and the server reads them correctly rounded.
  if ('float' in field) return String(field.float);
  if ('integer' in field) return `${field.integer}i`;
  if ('text' in field) return quoted(field.text);
  return field.flag ? 'true' : 'false';
}

/** A text as a field's value. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function escapeName(name: string): string {
  return name.replace(/[, =]/g, '\\$&');
}
