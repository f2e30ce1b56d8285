import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import type { Env } from './env.ts';
import type { AppParts } from './parts.ts';
import { noQuery, readQuery } from './query.ts';

export function sealRoutes({ sealHeads }: Pick<AppParts, 'sealHeads'>): Hono<Env> {
  return new Hono<Env>().get(routes.sealHeads.path, (c) => {
    readQuery(c.req.url, noQuery);
    return c.json({ items: sealHeads() });
  });
}
