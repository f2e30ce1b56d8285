import { Hono } from 'hono';
import { originSchema, routes } from '#gateway/contract';
import { type ConfiguredAllotment, showAllotment } from '../records/shown/allotments.ts';
import type { Env } from './env.ts';
import { findSite } from './find-pack.ts';
import { readBody, record, sourcesOf, type StatementParts } from './packs/statement.ts';
import { withdraw } from './packs/withdrawals.ts';
import type { AppParts } from './parts.ts';
import { HttpProblem, unknownId } from './problem.ts';
import { readQuery } from './query.ts';

type AllotmentParts = StatementParts & Pick<AppParts, 'allotments' | 'sites'>;

/** What each origin may supply, how somebody said it is counted, and what is left then. */
export function allotmentRoutes(parts: AllotmentParts): Hono<Env> {
  const sources = sourcesOf(parts);
  const { desk, clock } = parts;
  const show = (allotment: ConfiguredAllotment) => {
    const packs = parts.packs.filter(({ site }) => site === allotment.site);
    return showAllotment(sources, packs, allotment);
  };
  const app = new Hono<Env>();
  app.get(routes.allotments.path, async (c) => {
    const { site } = readQuery(c.req.url, routes.allotments.query);
    const wanted = site === undefined ? undefined : findSite(parts.sites, site);
    const items = [];
    for (const allotment of parts.allotments)
      if (wanted === undefined || allotment.site === wanted) items.push(await show(allotment));
    return c.json({ items });
  });
  app.post(routes.confirmAllotment.path, async (c) => {
    const query = readQuery(c.req.url, routes.confirmAllotment.query);
    const allotment = find(parts, c.req.param('origin'), query.site);
    const { id, by, ...said } = await readBody(c, routes.confirmAllotment.body, parts);
    const { site, origin } = allotment;
    const statement = {
      kind: 'allotment',
      site,
      id,
      at: clock.wallMs(),
      by,
      body: { origin, ...said },
    } as const;
    await record(parts, statement, () => undefined);
    return c.json(await show(allotment), 201);
  });
  app.post(routes.withdrawConfirmation.path, async (c) => {
    const query = readQuery(c.req.url, routes.withdrawConfirmation.query);
    const { site, origin } = find(parts, c.req.param('origin'), query.site);
    const request = await readBody(c, routes.withdrawConfirmation.body, parts);
    const standing = desk.of('allotment', site).findLast(({ body }) => body.origin === origin);
    const repeated =
      request.id === undefined ? undefined : desk.known('withdrawal', site, request.id)?.body.id;
    const taken = repeated ?? standing?.id;
    if (taken === undefined) throw new HttpProblem(404, `nobody confirmed the allotment ${origin}`);
    return c.json(await withdraw(parts, { site, kind: 'allotment', record: taken }, request), 201);
  });
  return app;
}

function find(
  { allotments, sites }: AllotmentParts,
  asked: string,
  site: string | undefined,
): ConfiguredAllotment {
  const origin = originSchema.safeParse(asked);
  const at = findSite(sites, site);
  const mine = allotments.filter((each) => each.site === at);
  const found = mine.find((each) => each.origin === origin.data);
  if (found === undefined)
    throw unknownId(
      'origin',
      asked,
      mine.map((each) => each.origin),
    );
  return found;
}
