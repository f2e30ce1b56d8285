import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import { calibrationMistakes } from '../../records/checks/calibrations.ts';
import { type Mistake, refusal } from '../../records/refusal.ts';
import { showCalibration } from '../../records/shown/calibrations.ts';
import type { ConfiguredPack } from '../../derive/pack.ts';
import type { Env } from '../env.ts';
import { findPack } from '../find-pack.ts';
import { pageOf } from '../paging.ts';
import { readQuery } from '../query.ts';
import { readBody, record, sourcesOf, type StatementParts } from './statement.ts';

export function calibrationRoutes(parts: StatementParts): Hono<Env> {
  const sources = sourcesOf(parts);
  const app = new Hono<Env>();
  app.get(routes.calibrations.path, async (c) => {
    const query = readQuery(c.req.url, routes.calibrations.query);
    const pack = findPack(parts.packs, c.req.param('id'), query.site);
    const ever = parts.desk.everOf('calibration', pack.site, pack.config.id);
    const { items, next } = pageOf(ever, query, (item) => item);
    const shown = [];
    for (const item of items) shown.push(await showCalibration(sources, pack, item));
    return c.json({ items: shown, next });
  });
  app.post(routes.stateCalibration.path, async (c) => {
    const { site } = readQuery(c.req.url, routes.stateCalibration.query);
    const pack = findPack(parts.packs, c.req.param('id'), site);
    const { id, by, from, ...body } = await readBody(c, routes.stateCalibration.body, parts);
    const check = () =>
      refusal(calibrationMistakes({ from, ...body }, sources.nowMs()), noTransmitter(pack));
    const statement = { kind: 'calibration', site: pack.site, pack, id, at: from, by } as const;
    const stored = await record(parts, { ...statement, body }, check);
    return c.json(await showCalibration(sources, pack, stored), 201);
  });
  return app;
}

function noTransmitter({ config }: ConfiguredPack): Mistake[] {
  if (config.device !== undefined) return [];
  const detail = 'has no device: a calibration corrects a transmitter, and a needle has its class';
  return [{ field: 'pack', value: config.id, detail }];
}
