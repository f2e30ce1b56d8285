import type { SeriesKey, Span, StoredReading } from '../port.ts';
import { numberAt, rowsOf } from './cells.ts';
import type { InfluxClient } from './client.ts';
import { name, timeMs, where, within } from './ql.ts';
import {
  isSeries,
  isWhole,
  readingColumns,
  readingMeasurement,
  readingOf,
  valueField,
} from './reading-point.ts';

/** About half a megabyte of JSON. */
const pageRows = 5000;

/**
 * Pages of readings, oldest first, one in memory at a time: a query of its own for each, so that a slow consumer holds nothing open on
 * the server.
 */
export async function* readReadings(
  client: InfluxClient,
  series: SeriesKey,
  span: Span,
): AsyncGenerator<readonly StoredReading[], void, undefined> {
  const select = `SELECT ${readingColumns(series.quantity)} FROM ${name(readingMeasurement)}`;
  let { from } = span;
  for (;;) {
    const inside = where(isSeries(series), within({ from, to: span.to }));
    const [found = []] = await client.query([`${select}${inside} LIMIT ${pageRows}`]);
    const rows = rowsOf(found);
    yield rows.filter(isWhole).map((row) => readingOf(series, row));
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    // A time occurs once within a series.
    from = numberAt(last, 0) + 1;
  }
}

export async function lastReadingBefore(
  client: InfluxClient,
  series: SeriesKey,
  before: number,
): Promise<StoredReading | undefined> {
  const from = name(readingMeasurement);
  const earlier = where(isSeries(series), `time < ${timeMs(Math.ceil(before))}ms`);
  // `last` looks at points that have the field: an unknown value has none.
  const [newest = []] = await client.query([
    `SELECT last(${name(valueField(series.quantity))}) FROM ${from}${earlier}`,
  ]);
  const [row] = rowsOf(newest);
  if (row === undefined) return undefined;
  const at = numberAt(row, 0);
  for await (const [reading] of readReadings(client, series, { from: at, to: at + 1 }))
    if (reading !== undefined) return reading;
  // It is being written: the one before it is the newest that stands.
  return lastReadingBefore(client, series, at);
}
