import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import { batchConflicts, stretchMistakes } from '../../records/checks/batches.ts';
import { refusal } from '../../records/refusal.ts';
import { showBatch, showDraw } from '../../records/shown/work.ts';
import type { Env } from '../env.ts';
import { findPack } from '../find-pack.ts';
import { pageOf } from '../paging.ts';
import { readQuery } from '../query.ts';
import { readBody, record, sourcesOf, type StatementParts } from './statement.ts';

/** What the hydrogen is used for: draws that people declare, and batches that were made with it. */
export function workRoutes(parts: StatementParts): Hono<Env> {
  const app = new Hono<Env>();
  app.route('/', drawRoutes(parts));
  app.route('/', batchRoutes(parts));
  return app;
}

function drawRoutes(parts: StatementParts): Hono<Env> {
  const sources = sourcesOf(parts);
  const { desk } = parts;
  const app = new Hono<Env>();
  app.get(routes.draws.path, async (c) => {
    const query = readQuery(c.req.url, routes.draws.query);
    const pack = findPack(parts.packs, c.req.param('id'), query.site);
    const draws = desk.of('draw', pack.site, pack.config.id);
    const { items, next } = pageOf(draws, query, (item) => item);
    const shown = [];
    for (const item of items) shown.push(await showDraw(sources, pack, item));
    return c.json({ items: shown, next });
  });
  app.post(routes.stateDraw.path, async (c) => {
    const { site } = readQuery(c.req.url, routes.stateDraw.query);
    const pack = findPack(parts.packs, c.req.param('id'), site);
    const { id, by, ...body } = await readBody(c, routes.stateDraw.body, parts);
    const check = () => refusal(stretchMistakes(body, sources.nowMs()));
    const statement = { kind: 'draw', site: pack.site, pack, id, at: body.from, by, body } as const;
    const stored = await record(parts, statement, check);
    return c.json(await showDraw(sources, pack, stored), 201);
  });
  return app;
}

function batchRoutes(parts: StatementParts): Hono<Env> {
  const sources = sourcesOf(parts);
  const { desk } = parts;
  const app = new Hono<Env>();
  app.get(routes.batches.path, async (c) => {
    const query = readQuery(c.req.url, routes.batches.query);
    const pack = findPack(parts.packs, c.req.param('id'), query.site);
    const batches = desk.of('batch', pack.site, pack.config.id);
    const { items, next } = pageOf(batches, query, (item) => item);
    const shown = [];
    for (const item of items) shown.push(await showBatch(sources, pack, item));
    return c.json({ items: shown, next });
  });
  app.post(routes.stateBatch.path, async (c) => {
    const { site } = readQuery(c.req.url, routes.stateBatch.query);
    const pack = findPack(parts.packs, c.req.param('id'), site);
    const { id, by, ...body } = await readBody(c, routes.stateBatch.body, parts);
    const check = () => {
      const standing = desk.of('batch', pack.site, pack.config.id);
      const mistakes = stretchMistakes(body, sources.nowMs());
      return refusal(mistakes, batchConflicts(standing, body));
    };
    const statement = { kind: 'batch', site: pack.site, pack, id, at: body.from, by } as const;
    const stored = await record(parts, { ...statement, body }, check);
    return c.json(await showBatch(sources, pack, stored), 201);
  });
  return app;
}
