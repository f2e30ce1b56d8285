import { Hono } from 'hono';
import type { Registry } from 'prom-client';
import type { Access } from '../access/operator.ts';
import { counted, measured } from '../metrics.ts';
import type { Env } from './env.ts';
import type { LiveFeed } from './live-feed.ts';
import { noQuery, readQuery } from './query.ts';

/** Everything the gateway counts, in the Prometheus text format. */
export function metricsRoute(registry: Registry): Hono<Env> {
  return new Hono<Env>().get('/metrics', async (c) => {
    readQuery(c.req.url, noQuery);
    return c.body(await registry.metrics(), 200, { 'content-type': registry.contentType });
  });
}

/** Registers what HTTP itself counts. One application per registry. */
export function registerHttpMetrics(registry: Registry, feed: LiveFeed, access: Access): void {
  measured(registry, 'kadoru_live_clients', 'Open live streams', () => feed.counts().clients);
  measured(registry, 'kadoru_http_sessions', 'Browser sessions', () => access.counts().sessions);
  counted(
    registry,
    'kadoru_live_pictures_skipped_total',
    'Live pictures replaced by a newer one before a slow client took them',
    () => feed.counts().skipped,
  );
  counted(
    registry,
    'kadoru_live_clients_cut_off_total',
    'Live streams ended because their client took nothing',
    () => feed.counts().cutOff,
  );
  counted(
    registry,
    'kadoru_live_clients_turned_away_total',
    'Live streams refused because there were too many',
    () => feed.counts().turnedAway,
  );
  counted(
    registry,
    'kadoru_http_failed_logins_total',
    'Wrong operator tokens',
    () => access.counts().failedLogins,
  );
}
