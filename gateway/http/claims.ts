import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import { standingClaims } from '../claims/life.ts';
import { shownClaim } from '../claims/shown.ts';
import type { Env } from './env.ts';
import type { AppParts } from './parts.ts';
import { noQuery, readQuery } from './query.ts';

/** Read from the store at each request: claims are a few a year, and the command line records them. */
export function claimRoutes({ store }: Pick<AppParts, 'store'>): Hono<Env> {
  return new Hono<Env>().get(routes.claims.path, async (c) => {
    readQuery(c.req.url, noQuery);
    const claims = await standingClaims(store);
    return c.json({ items: claims.toReversed().map(shownClaim) });
  });
}
