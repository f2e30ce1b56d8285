import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import type { Env } from './env.ts';
import type { AppParts } from './parts.ts';
import { headsDigest } from '../seals/handed-out.ts';
import { readQuery } from './query.ts';

/** Of all registers; with a token those of its project, as they were recorded to be handed out. */
export function sealRoutes({ sealHeads }: Pick<AppParts, 'sealHeads'>): Hono<Env> {
  return new Hono<Env>().get(routes.sealHeads.path, (c) => {
    readQuery(c.req.url, routes.sealHeads.query);
    const given = c.get('sealHeads');
    if (given === undefined) {
      const items = sealHeads();
      return c.json({ items, digest: headsDigest(items) });
    }
    const own = new Set(given.heads.map(({ register, head }) => `${register} ${head}`));
    const items = sealHeads().filter(({ register, head }) => own.has(`${register} ${head}`));
    return c.json({ items, digest: given.digest });
  });
}
