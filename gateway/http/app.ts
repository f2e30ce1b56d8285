import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { createMiddleware } from 'hono/factory';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { apiRoot, routes } from '#gateway/contract';
import { alarmRoutes } from './alarms.ts';
import { allotmentRoutes } from './allotments.ts';
import { bookRoutes } from './book.ts';
import { claimRoutes } from './claims.ts';
import { correctionRoutes } from './energy/corrections.ts';
import { intervalRoutes } from './energy/intervals.ts';
import { meterReadingRoutes } from './energy/meter-readings.ts';
import { registerEventRoutes } from './energy/register-events.ts';
import type { Env } from './env.ts';
import { gapRoutes } from './gaps.ts';
import { generatorRoutes } from './generators.ts';
import { admit, checkHost, checkOrigin, limitUrl, securityHeaders } from './guard.ts';
import { healthRoutes } from './health.ts';
import { LiveFeed } from './live-feed.ts';
import { liveRoutes } from './live.ts';
import { metricsRoute, registerHttpMetrics } from './metrics.ts';
import { openapiDocument, openapiPath } from './openapi.ts';
import { calibrationRoutes } from './packs/calibrations.ts';
import { deliveryRoutes } from './packs/deliveries.ts';
import { gaugeReadingRoutes } from './packs/gauge-readings.ts';
import { segmentRoutes } from './packs/segments.ts';
import { withdrawalRoutes } from './packs/withdrawals.ts';
import { workRoutes } from './packs/work.ts';
import { packRoutes } from './packs.ts';
import { pageRoutes } from './page.ts';
import type { AppParts } from './parts.ts';
import { HttpProblem, problemResponse, toProblem } from './problem.ts';
import { gate } from './programme/gate.ts';
import { programmeRoutesOf } from './programme/index.ts';
import { readingRoutes } from './readings.ts';
import { sealRoutes } from './seals.ts';
import { factorRoutes } from './reductions/factors.ts';
import { reductionRoutes } from './reductions/reductions.ts';
import { sessionRoutes } from './session.ts';

export interface App {
  readonly hono: Hono<Env>;
  /** Ends what would otherwise go on for ever (`/live`), so that a server can stop. */
  readonly endStreams: () => void;
}

/** HTTP v1 over the given parts: guards first, then the page, the session, and behind the door everything else. */
export function createApp(parts: AppParts): App {
  const { access, limits, log, tls } = parts;
  const feed = new LiveFeed(parts);
  registerHttpMetrics(parts.registry, feed, access);

  const app = new Hono<Env>();
  app.onError((error, c) => problemResponse(toProblem(error, log, c.req.path)));
  app.notFound((c) => problemResponse(notFound(c.req.path)));
  app.use(securityHeaders(tls));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: (_, methods) => wrongMethod(methods) }));
  app.use(limitUrl(limits.urlChars), checkHost(access), checkOrigin());

  if (parts.storesOnly === true) app.use('/', onlyOfTheStore());
  app.route('/', pageRoutes(parts.pageDir));
  app.route(apiRoot, sessionRoutes(access, tls, limits.bodyBytes));
  const tokensGate = gate(parts);
  app.use('/metrics', admit(access), tokensGate);
  for (const path of ['projects/*', 'intervals', 'readings'])
    app.use(`${apiRoot}/${path}`, compress({ encoding: 'gzip', contentTypeFilter: /json|csv/ }));
  app.use(`${apiRoot}/*`, admit(access), noStore(), tokensGate);
  app.route('/', metricsRoute(parts.registry));
  if (parts.storesOnly === true) app.use(`${apiRoot}/*`, onlyOfTheStore());
  app.route(apiRoot, apiRoutes(parts, feed));
  return { hono: app, endStreams: () => feed.close() };
}

function apiRoutes(parts: AppParts, feed: LiveFeed): Hono<Env> {
  const document = openapiDocument(parts.software);
  const api = new Hono<Env>();
  for (const group of [healthRoutes, packRoutes, readingRoutes, gapRoutes, generatorRoutes])
    api.route('/', group(parts));
  for (const group of [gaugeReadingRoutes, deliveryRoutes, segmentRoutes, workRoutes])
    api.route('/', group(parts));
  for (const group of [intervalRoutes, registerEventRoutes, meterReadingRoutes, correctionRoutes])
    api.route('/', group(parts));
  for (const group of [reductionRoutes, factorRoutes]) api.route('/', group(parts));
  for (const group of [
    calibrationRoutes,
    withdrawalRoutes,
    allotmentRoutes,
    bookRoutes,
    alarmRoutes,
    sealRoutes,
    claimRoutes,
  ])
    api.route('/', group(parts));
  api.route('/', programmeRoutesOf(parts));
  api.route('/', liveRoutes(feed, parts.limits));
  api.get(openapiPath, (c) => c.json(document));
  return api;
}

/** What a gateway can answer from the store alone, without holding the sites. */
const ofTheStore: ReadonlySet<string> = new Set(
  [routes.health.path, routes.readings.path, routes.gaps.path, openapiPath].map(
    (path) => `${apiRoot}${path}`,
  ),
);

function onlyOfTheStore() {
  return createMiddleware<Env>(async (c, next) => {
    if (!ofTheStore.has(c.req.path))
      throw new HttpProblem(
        503,
        'this gateway stores for its group and does nothing else; ask the primary (mqtt.shared.primary: true)',
      );
    await next();
  });
}

/** Figures are never to be shown from a cache as if they were fresh; a pull says itself how it may be kept. */
function noStore() {
  return createMiddleware<Env>(async (c, next) => {
    await next();
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });
}

function notFound(path: string): HttpProblem {
  return new HttpProblem(
    404,
    `nothing is at ${path.slice(0, 100)}; ${apiRoot}${openapiPath} lists what there is`,
  );
}

function wrongMethod(methods: readonly string[]): Response {
  const allow = methods.join(', ');
  return problemResponse(new HttpProblem(405, `this path takes ${allow}`, undefined, { allow }));
}
