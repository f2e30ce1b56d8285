import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import type { ConfiguredPack } from '../../derive/pack.ts';
import { minuteStaleKey } from '../../derive/stale.ts';
import { stateMistakes } from '../../records/checks/gauge-state.ts';
import { pastTime } from '../../records/checks/times.ts';
import type { RecordDesk } from '../../records/desk.ts';
import { type Mistake, refusal } from '../../records/refusal.ts';
import {
  manualReadings,
  showGaugeReading,
  transmitterAt,
} from '../../records/shown/gauge-readings.ts';
import type { Env } from '../env.ts';
import { findPack } from '../find-pack.ts';
import { pageOf } from '../paging.ts';
import { readQuery } from '../query.ts';
import { readBody, record, sourcesOf, type StatementParts } from './statement.ts';

/** Gauges read by eye: stored as readings, so that they are derived and shown like any other. */
export function gaugeReadingRoutes(parts: StatementParts): Hono<Env> {
  const sources = sourcesOf(parts);
  const { desk } = parts;
  const app = new Hono<Env>();
  app.get(routes.gaugeReadings.path, async (c) => {
    const query = readQuery(c.req.url, routes.gaugeReadings.query);
    const pack = findPack(parts.packs, c.req.param('id'), query.site);
    const { items, next } = pageOf(readingsOf(desk, pack), query, (item) => item);
    const shown = [];
    for (const item of items) shown.push(await showGaugeReading(sources, pack, item));
    return c.json({ items: shown, next });
  });
  app.post(routes.stateGaugeReading.path, async (c) => {
    const { site } = readQuery(c.req.url, routes.stateGaugeReading.query);
    const pack = findPack(parts.packs, c.req.param('id'), site);
    const { id, by, readAt, ...state } = await readBody(c, routes.stateGaugeReading.body, parts);
    const nowMs = sources.nowMs();
    const readings = manualReadings(pack, readAt, state, nowMs);
    const statement = {
      kind: 'gauge-reading',
      site: pack.site,
      pack,
      id: id ?? `${pack.config.id}_${readAt}`,
      at: readAt,
      by,
      body: state,
    } as const;
    const check = async () => {
      const shown = await transmitterAt(sources, pack, readAt, state.temperatureC);
      const mistakes = [
        ...pastTime('readAt', readAt, nowMs),
        ...stateMistakes(pack, state, '', shown),
      ];
      return refusal(mistakes, atOneTime(desk, pack, readAt));
    };
    const stale = [minuteStaleKey(pack, readAt)];
    const stored = await record(parts, statement, check, { readings, stale });
    parts.arrived(readings);
    return c.json(await showGaugeReading(sources, pack, stored), 201);
  });
  return app;
}

function readingsOf(desk: RecordDesk, { site, config }: ConfiguredPack) {
  return desk.of('gauge-reading', site, config.id);
}

/** A reading is known by its time: a second one at the same time would be another content of it. */
function atOneTime(desk: RecordDesk, pack: ConfiguredPack, readAt: number): Mistake[] {
  const other = readingsOf(desk, pack).find(({ at }) => at === readAt);
  if (other === undefined) return [];
  const { pressureMpa, temperatureC } = other.body;
  const detail = `${other.by} read the gauge at this very time: ${pressureMpa} MPa, ${temperatureC} degC`;
  return [{ field: 'readAt', value: readAt, detail }];
}
