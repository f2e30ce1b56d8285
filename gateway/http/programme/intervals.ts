import { Hono } from 'hono';
import { type IntervalPull, type MemberInterval, routes } from '#gateway/contract';
import type { Env } from '../env.ts';
import type { AppParts } from '../parts.ts';
import { readQuery, spanOf } from '../query.ts';
import { type Cursor, cursorNow, cursorText, pageText, readCursor, readPage } from './cursor.ts';
import { csvMedia, type Exports, fileHeaders } from '../exports.ts';
import { etagOf, isKnown, keptHeaders, sealsOf } from './fresh.ts';
import { intervalCsv, memberIntervals } from './half-hours.ts';
import { findProject, metersOf } from './selection.ts';

type IntervalParts = Pick<AppParts, 'store' | 'desk' | 'pull' | 'clock'>;

/** Half hours of a project's meters: in pages of JSON or whole as CSV, all of them or what changed since a pull. */
export function projectIntervalRoutes(parts: IntervalParts, exports: Exports): Hono<Env> {
  const { store, desk, pull, clock } = parts;
  return new Hono<Env>().get(routes.projectIntervals.path, async (c) => {
    const query = readQuery(c.req.url, routes.projectIntervals.query);
    const project = findProject(desk, c.req.param('id'));
    const meters = metersOf(project, query.member);
    const span = spanOf(query, { from: 0, to: Number.MAX_SAFE_INTEGER });
    const own = { kind: 'p1', store: pull.storeId, settled: pull.changes.settled } as const;
    const since = query.since === undefined ? undefined : readCursor('since', query.since, own);
    const page = query.page === undefined ? undefined : readPage(query.page, own);
    const cursor = page?.cursor ?? cursorNow(own, clock.wallMs());
    const etag = etagOf(c, parts, meters);
    const headers = { ...keptHeaders(etag), 'kadoru-cursor': cursorText(cursor) };
    if (isKnown(c, etag)) return c.body(null, 304, headers);
    const rows = memberIntervals(store, meters, { span, since, resume: page });
    if (query.format === 'csv') {
      const file = fileHeaders(`${project.project.id}_intervals.csv`, csvMedia);
      return exports.stream(c, rows, intervalCsv, { ...headers, ...file });
    }
    const first = await firstOf(rows, query.limit, cursor);
    return c.json(first.next === undefined ? { ...first, ...sealsOf(c) } : first, 200, headers);
  });
}

async function firstOf(
  rows: AsyncIterable<MemberInterval>,
  limit: number,
  cursor: Cursor,
): Promise<IntervalPull> {
  const items: MemberInterval[] = [];
  for await (const row of rows) {
    if (items.length < limit) {
      items.push(row);
      continue;
    }
    const next = pageText({ cursor, meter: row.meter, start: row.start });
    return { items, next, cursor: cursorText(cursor) };
  }
  return { items, cursor: cursorText(cursor) };
}
