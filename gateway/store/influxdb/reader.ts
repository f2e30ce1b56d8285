import type { SeriesKey, Span, StoredReading } from '../port.ts';
import { numberAt, rowsOf } from './cells.ts';
import { inChunks } from './chunked.ts';
import type { InfluxClient } from './client.ts';
import { name, timeMs, where, within } from './ql.ts';
import {
  isSeries,
  readingColumns,
  readingMeasurement,
  readingsOf,
  valueField,
} from './reading-point.ts';

/** Readings, oldest first, in the chunks in which they come. */
export async function* readReadings(
  client: InfluxClient,
  series: SeriesKey,
  { from, to }: Span,
): AsyncGenerator<readonly StoredReading[], void, undefined> {
  const select = `SELECT ${readingColumns(series.quantity)} FROM ${name(readingMeasurement)}`;
  const since = (fromMs: number) =>
    `${select}${where(isSeries(series), within({ from: fromMs, to }))}`;
  for await (const { rows } of inChunks(client, since, from)) yield readingsOf(series, rows);
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
