import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import { cylinderMistakes } from '../../records/checks/gauge-state.ts';
import { cylindersAskedFor, resolutionConflicts } from '../../records/checks/segments.ts';
import { refusal } from '../../records/refusal.ts';
import { segmentFacts, segmentsOf, showSegment } from '../../records/shown/segments.ts';
import type { Env } from '../env.ts';
import { findPack } from '../find-pack.ts';
import { pageOf } from '../paging.ts';
import { unknownId } from '../problem.ts';
import { readQuery } from '../query.ts';
import { readBody, record, sourcesOf, type StatementParts } from './statement.ts';

export function segmentRoutes(parts: StatementParts): Hono<Env> {
  const sources = sourcesOf(parts);
  const { desk } = parts;
  const app = new Hono<Env>();
  app.get(routes.segments.path, async (c) => {
    const query = readQuery(c.req.url, routes.segments.query);
    const pack = findPack(parts.packs, c.req.param('id'), query.site);
    const segments = await segmentsOf(sources, pack);
    const { items, next } = pageOf(segments, query, ({ from }) => ({ at: from, id: '' }));
    const shown = [];
    for (const item of items) shown.push(await showSegment(sources, pack, item));
    return c.json({ items: shown, next });
  });
  app.post(routes.stateResolution.path, async (c) => {
    const { site } = readQuery(c.req.url, routes.stateResolution.query);
    const pack = findPack(parts.packs, c.req.param('id'), site);
    const at = c.req.param('at');
    const segments = await segmentsOf(sources, pack);
    const segment = segments.find(({ from }) => String(from) === at);
    if (segment === undefined) {
      const known = segments.map(({ from }) => String(from)).toReversed();
      throw unknownId('segment', at, known);
    }
    const { id, by, ...said } = await readBody(c, routes.stateResolution.body, parts);
    const { what, openCylinders } = said;
    const check = () => {
      const facts = segmentFacts(desk, pack, segment);
      const cylinders = openCylinders === undefined ? [] : cylinderMistakes(pack, openCylinders);
      const mistakes = [...cylindersAskedFor(what, openCylinders), ...cylinders];
      return refusal(mistakes, resolutionConflicts(facts, 'at'));
    };
    const statement = {
      kind: 'segment-resolution',
      site: pack.site,
      pack,
      id,
      at: segment.from,
      by,
      body: { segmentAt: segment.from, ...said },
    } as const;
    await record(parts, statement, check);
    return c.json(await showSegment(sources, pack, segment), 201);
  });
  return app;
}
