import { Hono } from 'hono';
import { apiRoot, type Health, routes } from '#gateway/contract';
import type { App } from './app.ts';
import type { Env } from './env.ts';
import { admit, checkHost, checkOrigin, limitUrl, securityHeaders } from './guard.ts';
import type { AppParts } from './parts.ts';
import { HttpProblem, problemResponse, toProblem } from './problem.ts';
import { noQuery, readQuery } from './query.ts';
import { sessionRoutes } from './session.ts';

export interface WaitingParts extends Pick<AppParts, 'access' | 'limits' | 'log' | 'tls'> {
  readonly health: () => Health;
}

/** When to ask again; the store is asked for every 10 s at most. */
const retryAfterSeconds = '5';

/**
 * Stands where the application will stand once the store is open: the same guards and the same `health`, which says
 * what is waited for. All of it is 503 with Retry-After: whoever asks whether the gateway works hears that it does not yet.
 */
export function createWaitingApp({ access, limits, log, tls, health }: WaitingParts): App {
  const app = new Hono<Env>();
  app.onError((error, c) => problemResponse(toProblem(error, log, c.req.path)));
  app.use(securityHeaders(tls));
  app.use(limitUrl(limits.urlChars), checkHost(access), checkOrigin());
  app.route(apiRoot, sessionRoutes(access, tls, limits.bodyBytes));
  app.get(`${apiRoot}${routes.health.path}`, admit(access), (c) => {
    readQuery(c.req.url, noQuery);
    return c.json(health(), 503, later);
  });
  app.get('/', (c) => c.html(page, 503, later));
  app.all('*', () =>
    problemResponse(
      new HttpProblem(
        503,
        `the gateway waits for its store; ${apiRoot}${routes.health.path} says why`,
        undefined,
        later,
      ),
    ),
  );
  return { hono: app, endStreams: () => undefined };
}

const later = { 'retry-after': retryAfterSeconds, 'cache-control': 'no-store' };

/** For whoever opens the page; what exactly is wrong is told to those who may know it. */
const page = `<!doctype html>
<html lang="ja">
<meta charset="utf-8">
<meta http-equiv="refresh" content="${retryAfterSeconds}">
<title>Kadoru</title>
<h1>保存先を待っています</h1>
<p>データの保存先に接続できないため、まだ何も受信も表示もしていません。機器はデータを保持しています。接続できしだい自動で始まります。</p>
<p lang="en">Waiting for the store: nothing is received or shown yet, and devices keep what they measure. This goes on by itself; ${apiRoot}${routes.health.path} says what is wrong.</p>
</html>
`;
