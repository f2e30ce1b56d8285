import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import { hourStretches, minuteStretches } from '../derive/hour-rows.ts';
import { packKey } from '../derive/pack.ts';
import type { Env } from './env.ts';
import { findPack } from './find-pack.ts';
import { bucketsFor, holdHours, thin } from './history.ts';
import type { AppParts } from './parts.ts';
import { noQuery, readQuery, spanOf } from './query.ts';

type PackParts = Pick<AppParts, 'plant' | 'store' | 'packs' | 'clock'>;

const dayMs = 24 * 3_600_000;
/** A minute's row is derived after the minute ended: give it one more minute before calling it missing. */
const settlingMs = 60_000;

export function packRoutes({ plant, store, packs, clock }: PackParts): Hono<Env> {
  const app = new Hono<Env>();
  app.get(routes.packs.path, (c) => {
    readQuery(c.req.url, noQuery);
    return c.json({ items: plant.packs() });
  });
  app.get(routes.packHistory.path, async (c) => {
    const query = readQuery(c.req.url, routes.packHistory.query);
    const pack = findPack(packs, c.req.param('id'), query.site);
    const nowMs = clock.wallMs();
    const to = query.to ?? nowMs;
    const span = spanOf({ from: query.from, to }, { from: to - dayMs, to });
    const buckets = bucketsFor(span, query.points);
    const stretches = holdHours(buckets) ? hourStretches : minuteStretches;
    const rows = stretches(store, packKey(pack), { from: buckets.startMs, to: span.to });
    return c.json({ items: await thin(rows, buckets, nowMs - settlingMs) });
  });
  return app;
}
