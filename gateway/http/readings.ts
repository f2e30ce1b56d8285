import { Hono } from 'hono';
import { idPattern, parseChannel } from '#device/contract';
import { routes } from '#gateway/contract';
import type { SeriesKey } from '../store/port.ts';
import { breakOffOf, isHead, type Env } from './env.ts';
import { pacedStream } from './paced-stream.ts';
import type { AppParts } from './parts.ts';
import { badField, HttpProblem, logIncident, unknownId } from './problem.ts';
import { readQuery, spanOf } from './query.ts';
import { csvHeader, csvRecord, jsonLine } from './reading-rows.ts';
import { RowSource } from './row-source.ts';

type ReadingParts = Pick<AppParts, 'store' | 'limits' | 'log'>;

/** Raw readings of one channel, streamed at the pace of whoever reads them. */
export function readingRoutes({ store, limits, log }: ReadingParts): Hono<Env> {
  let open = 0;
  return new Hono<Env>().get(routes.readings.path, async (c) => {
    const query = readQuery(c.req.url, routes.readings.query);
    const series = await findSeries(query.channel, store);
    const span = spanOf(query, { from: 0, to: Number.MAX_SAFE_INTEGER });
    const headers = headersFor(query.format, query.channel);
    if (isHead(c)) return c.body(null, 200, headers);
    if (open >= limits.exports) throw tooManyExports(limits.exports);
    open += 1;
    const form =
      query.format === 'csv'
        ? { header: csvHeader, line: csvRecord }
        : { header: '', line: jsonLine };
    const source = new RowSource(store.readings(series, span), form, {
      ended: () => (open -= 1),
      failed: (error) => void logIncident(error, log, c.req.path),
    });
    // Before the answer begins, a store that fails can still be told as a problem.
    await source.start();
    const stream = pacedStream(source, { stuckMs: limits.stuckMs, breakOff: breakOffOf(c) });
    return c.body(stream, 200, headers);
  });
}

function headersFor(format: 'ndjson' | 'csv', channel: string): Record<string, string> {
  const name = `${channel.replaceAll('/', '_')}.${format}`;
  return {
    'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  };
}

/** The series a channel names. Throws `HttpProblem`: 400 if it cannot be one, 404 if nothing was ever stored of it. */
async function findSeries(channel: string, store: ReadingParts['store']): Promise<SeriesKey> {
  const key = parseSeries(channel);
  if (typeof key === 'string') throw badField('channel', channel, key);
  const stored = await store.series();
  const known = stored.map(nameOf);
  if (known.includes(channel)) return key;
  throw unknownId(
    'channel',
    channel,
    known.toSorted((a, b) => a.localeCompare(b, 'en')),
  );
}

function nameOf({ site, device, asset, quantity }: SeriesKey): string {
  return `${site}/${device}/${asset}/${quantity}`;
}

function parseSeries(text: string): SeriesKey | string {
  const [site = '', device = '', asset, quantity, ...rest] = text.split('/');
  const shape = 'a channel is {site}/{device}/{asset}/{quantity}';
  if (asset === undefined || quantity === undefined || rest.length > 0) return shape;
  if (!idPattern.test(site) || !idPattern.test(device)) return shape;
  const channel = parseChannel(`${asset}/${quantity}`);
  return typeof channel === 'string' ? `${shape}: ${channel}` : { site, device, ...channel };
}

function tooManyExports(most: number): HttpProblem {
  const detail = `${most} streams of readings are open, the most at once: wait for one to end`;
  return new HttpProblem(503, detail, undefined, { 'retry-after': '10' });
}
