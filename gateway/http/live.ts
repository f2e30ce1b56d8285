import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import { breakOffOf, isHead, type Env } from './env.ts';
import type { LiveFeed } from './live-feed.ts';
import { pacedStream } from './paced-stream.ts';
import type { HttpLimits } from './parts.ts';
import { HttpProblem } from './problem.ts';
import { noQuery, readQuery } from './query.ts';

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Some reverse proxies collect an answer before they pass it on, unless told (nginx, proxy_buffering).
  'x-accel-buffering': 'no',
};

export function liveRoutes(
  feed: LiveFeed,
  limits: Pick<HttpLimits, 'stuckMs' | 'liveClients'>,
): Hono<Env> {
  return new Hono<Env>().get(routes.live.path, (c) => {
    readQuery(c.req.url, noQuery);
    if (isHead(c)) return c.body(null, 200, headers);
    const source = feed.open(c.get('stillValid'));
    if (source === undefined) throw tooManyClients(limits.liveClients);
    const stream = pacedStream(source, { stuckMs: limits.stuckMs, breakOff: breakOffOf(c) });
    return c.body(stream, 200, headers);
  });
}

function tooManyClients(most: number): HttpProblem {
  const detail = `${most} live streams are open, the most at once, or the gateway is stopping: try again later`;
  return new HttpProblem(503, detail, undefined, { 'retry-after': '10' });
}
