import { Hono } from 'hono';
import { type EnergyInterval, routes } from '#gateway/contract';
import { energyIntervals, type Revised } from '../../derive/meter-intervals.ts';
import { noAccount } from '../../derive/meter-walk.ts';
import { csvLine, japanTime } from '../csv.ts';
import type { Env } from '../env.ts';
import { csvMedia, Exports, fileHeaders } from '../exports.ts';
import type { AppParts } from '../parts.ts';
import { badField } from '../problem.ts';
import { readQuery, spanOf } from '../query.ts';
import { findWhMeter } from './find-meter.ts';

type IntervalParts = Pick<AppParts, 'store' | 'meters' | 'meterBoard' | 'clock' | 'limits' | 'log'>;

/** Energy per interval: a page of JSON, or all of it as streamed CSV. */
export function intervalRoutes(parts: IntervalParts): Hono<Env> {
  const { store, meterBoard, clock } = parts;
  const exports = new Exports(parts);
  return new Hono<Env>().get(routes.intervals.path, async (c) => {
    const { cursor, limit, format, ...query } = readQuery(c.req.url, routes.intervals.query);
    const { key } = findWhMeter(parts.meters, query.meter);
    const nowMs = clock.wallMs();
    const asked = spanOf(query, { from: 0, to: nowMs + 1 });
    const from = cursor === undefined ? asked.from : Number(cursor);
    if (from < asked.from - yearMs || from >= asked.to)
      throw badField('cursor', cursor, 'is no `next` of a page of this span');
    const account = meterBoard.accountOf(key) ?? noAccount;
    const span = { from, to: asked.to };
    const intervals = energyIntervals(store, key, account, query.resolution, span, nowMs);
    if (format === 'json') return c.json(await page(intervals, limit));
    return exports.stream(c, intervals, csvForm, csvHeaders(key, query.resolution));
  });
}

/** The interval that holds the beginning of a span may begin before it: by a year at most. */
const yearMs = 367 * 24 * 3_600_000;

async function page(
  intervals: AsyncIterable<Revised>,
  limit: number,
): Promise<{ items: EnergyInterval[]; next?: string }> {
  const items: EnergyInterval[] = [];
  for await (const revised of intervals) {
    if (items.length === limit) return { items, next: String(revised.interval.start) };
    items.push(shown(revised));
  }
  return { items };
}

function shown({ interval, revision }: Revised): EnergyInterval {
  const { start, end, wh, unallocated, coveredSeconds, quality, openEvents } = interval;
  const labels = unallocated.map((amount) => ({ ...amount }));
  return {
    start,
    end,
    wh,
    unallocated: labels,
    coveredSeconds,
    quality,
    revision,
    openEvents: [...openEvents],
  };
}

const columns = [
  'start',
  'end',
  'wh',
  'unallocated',
  'coveredSeconds',
  'quality',
  'revision',
  'openEvents',
];

/** `unallocated` as `from/to=wh`, separated by spaces. */
const csvForm = {
  header: csvLine(columns),
  line: ({ interval, revision }: Revised) => {
    const { start, end, wh, unallocated, coveredSeconds, quality, openEvents } = interval;
    const labels = unallocated.map(
      (each) => `${japanTime(each.from)}/${japanTime(each.to)}=${each.wh}`,
    );
    return csvLine([
      japanTime(start),
      japanTime(end),
      wh,
      labels.join(' '),
      coveredSeconds,
      quality,
      revision,
      openEvents.join(' '),
    ]);
  },
};

function csvHeaders(key: string, resolution: string): Record<string, string> {
  const name = `${key.replaceAll('/', '_')}_${resolution}.csv`;
  return { ...fileHeaders(name, csvMedia), 'cache-control': 'no-store' };
}
