import { Hono } from 'hono';
import { idPattern, parseChannel } from '#device/contract';
import { routes } from '#gateway/contract';
import type { SeriesKey } from '../store/port.ts';
import type { Env } from './env.ts';
import { csvMedia, Exports, fileHeaders } from './exports.ts';
import type { AppParts } from './parts.ts';
import { badField, unknownId } from './problem.ts';
import { readQuery, spanOf } from './query.ts';
import { csvHeader, csvRecord, jsonLine } from './reading-rows.ts';

type ReadingParts = Pick<AppParts, 'store' | 'limits' | 'log'>;

/** Raw readings of one channel, streamed at the pace of whoever reads them. */
export function readingRoutes(parts: ReadingParts): Hono<Env> {
  const { store } = parts;
  const exports = new Exports(parts);
  return new Hono<Env>().get(routes.readings.path, async (c) => {
    const query = readQuery(c.req.url, routes.readings.query);
    const series = await findSeries(query.channel, store);
    const span = spanOf(query, { from: 0, to: Number.MAX_SAFE_INTEGER });
    const form =
      query.format === 'csv'
        ? { header: csvHeader, line: csvRecord }
        : { header: '', line: jsonLine };
    return exports.stream(
      c,
      store.readings(series, span),
      form,
      headersFor(query.format, query.channel),
    );
  });
}

function headersFor(format: 'ndjson' | 'csv', channel: string): Record<string, string> {
  const name = `${channel.replaceAll('/', '_')}.${format}`;
  const media = format === 'csv' ? csvMedia : 'application/x-ndjson';
  return { ...fileHeaders(name, media), 'cache-control': 'no-store' };
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
