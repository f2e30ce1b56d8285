import { mostMs } from './line.ts';

/** InfluxQL, https://docs.influxdata.com/influxdb/v1/query_language/spec/ */

export function name(identifier: string): string {
  return `"${identifier.replace(/["\\]/g, '\\$&')}"`;
}

export function text(literal: string): string {
  return `'${literal.replace(/['\\]/g, '\\$&')}'`;
}

/** `"a"='x' AND "b"='y'` over encoded tags. */
export function tagsAre(tags: readonly (readonly [name: string, encoded: string])[]): string {
  return tags.map(([tag, value]) => `${name(tag)}=${text(value)}`).join(' AND ');
}

/** `from <= time < to`; ends beyond what the server can hold are brought to what it can. */
export function within({ from, to }: { readonly from: number; readonly to: number }): string {
  return `time >= ${timeMs(Math.ceil(from))}ms AND time < ${timeMs(Math.ceil(to))}ms`;
}

/** -2^63 ns itself is refused by the server as a bound, so the last millisecond on either side is not used. */
export function timeMs(ms: number): number {
  return Math.max(-mostMs + 1, Math.min(mostMs - 1, ms));
}

/** Conditions that are there, joined; empty text where there is none. */
export function where(...conditions: readonly (string | undefined)[]): string {
  const given = conditions.filter((condition) => condition !== undefined && condition !== '');
  return given.length === 0 ? '' : ` WHERE ${given.join(' AND ')}`;
}

export function anyOf(conditions: readonly string[]): string {
  return `(${conditions.join(' OR ')})`;
}
