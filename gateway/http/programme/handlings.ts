import { Hono } from 'hono';
import { type Handling, routes } from '#gateway/contract';
import type { KnownRecord } from '../../records/desk.ts';
import { programmeSite } from '../../records/programme-kinds.ts';
import type { Env } from '../env.ts';
import { readBody, record, type StatementParts } from '../packs/statement.ts';
import { pageOf } from '../paging.ts';
import { noQuery, readQuery } from '../query.ts';
import { pullsOf } from './pull-log.ts';
import { findProject } from './selection.ts';

type LedgerParts = StatementParts & {
  readonly store: Parameters<typeof pullsOf>[0];
};

/** The ledger of handled personal information, and who pulled data of members. Lines are added and never changed. */
export function handlingRoutes(parts: LedgerParts): Hono<Env> {
  const { desk, store } = parts;
  const app = new Hono<Env>();
  app.get(routes.pulls.path, async (c) => {
    const query = readQuery(c.req.url, routes.pulls.query);
    const { project } = findProject(desk, c.req.param('id'));
    return c.json(pageOf(await pullsOf(store, project.id), query, (pull) => pull));
  });
  app.get(routes.handlings.path, (c) => {
    const query = readQuery(c.req.url, routes.handlings.query);
    const { project } = findProject(desk, c.req.param('id'));
    const lines = desk.of('handling', programmeSite, project.id).map(shown);
    return c.json(pageOf(lines, query, (line) => line));
  });
  app.post(routes.stateHandling.path, async (c) => {
    readQuery(c.req.url, noQuery);
    const { id, at, by, ...body } = await readBody(c, routes.stateHandling.body, parts);
    const { project } = findProject(desk, body.project);
    const about = { kind: 'handling', site: programmeSite, subject: project.id } as const;
    const line = await record(parts, { ...about, id, at, by, body }, () => undefined);
    return c.json(shown(line), 201);
  });
  return app;
}

function shown({ id, at, by, recordedAt, body }: KnownRecord<'handling'>): Handling {
  return { ...body, id, at, by, recordedAt };
}
