import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import { standingClaims } from '../claims/life.ts';
import { shownClaim } from '../claims/shown.ts';
import type { Env } from './env.ts';
import type { AppParts } from './parts.ts';
import { noQuery, readQuery } from './query.ts';

/** With a token those of its project: sums, which a ward may see too. Read from the store at each request: claims are a few a year, and the command line records them. */
export function claimRoutes({ store }: Pick<AppParts, 'store'>): Hono<Env> {
  return new Hono<Env>().get(routes.claims.path, async (c) => {
    readQuery(c.req.url, noQuery);
    const own = c.get('token')?.project;
    const claims = (await standingClaims(store)).filter(
      ({ frozen }) => own === undefined || frozen.project === own,
    );
    return c.json({ items: claims.toReversed().map(shownClaim) });
  });
}
