import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import type { Env } from './env.ts';
import type { AppParts } from './parts.ts';
import { noQuery, readQuery } from './query.ts';

export function healthRoutes({ plant }: Pick<AppParts, 'plant'>): Hono<Env> {
  return new Hono<Env>().get(routes.health.path, async (c) => {
    readQuery(c.req.url, noQuery);
    return c.json(await plant.health());
  });
}
