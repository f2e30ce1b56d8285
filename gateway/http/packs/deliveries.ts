import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import type { ConfiguredPack } from '../../derive/pack.ts';
import { deliveryConflicts, returnConflicts } from '../../records/checks/deliveries.ts';
import { cylinderMistakes, stateMistakes } from '../../records/checks/gauge-state.ts';
import { openingMistakes, resolutionConflicts } from '../../records/checks/segments.ts';
import { pastTime } from '../../records/checks/times.ts';
import { type Mistake, refusal } from '../../records/refusal.ts';
import { deliverySpans, showDelivery, standingDeliveries } from '../../records/shown/deliveries.ts';
import { segmentFacts, segmentsOf } from '../../records/shown/segments.ts';
import type { RecordSources } from '../../records/shown/sources.ts';
import type { Env } from '../env.ts';
import { findPack } from '../find-pack.ts';
import { pageOf } from '../paging.ts';
import { unknownId } from '../problem.ts';
import { readQuery } from '../query.ts';
import { readBody, record, sourcesOf, type StatementParts } from './statement.ts';

export function deliveryRoutes(parts: StatementParts): Hono<Env> {
  const sources = sourcesOf(parts);
  const { desk } = parts;
  const app = new Hono<Env>();
  app.get(routes.deliveries.path, async (c) => {
    const query = readQuery(c.req.url, routes.deliveries.query);
    const pack = findPack(parts.packs, c.req.param('id'), query.site);
    const { items, next } = pageOf(deliverySpans(desk, pack), query, (span) => span.record);
    const shown = [];
    for (const item of items) shown.push(await showDelivery(sources, pack, item));
    return c.json({ items: shown, next });
  });
  app.post(routes.stateDelivery.path, async (c) => {
    const { site } = readQuery(c.req.url, routes.stateDelivery.query);
    const pack = findPack(parts.packs, c.req.param('id'), site);
    const { id, by, openedAt, ...body } = await readBody(c, routes.stateDelivery.body, parts);
    const { arrival, segmentAt, openCylinders } = body;
    const nowMs = sources.nowMs();
    const check = async () => {
      const named = await segmentNamed(sources, pack, openedAt, segmentAt);
      const mistakes = [
        ...pastTime('openedAt', openedAt, nowMs),
        ...pastTime('arrival.at', arrival.at, nowMs),
        ...arrivedBefore(arrival.at, openedAt),
        ...stateMistakes(pack, arrival, 'arrival.'),
        ...cylinderMistakes(pack, openCylinders),
        ...named.mistakes,
      ];
      const standing = standingDeliveries(desk, pack);
      const conflicts = deliveryConflicts(standing, openedAt, segmentAt);
      return refusal(mistakes, [...conflicts, ...named.conflicts]);
    };
    const statement = { kind: 'delivery', site: pack.site, pack, id, at: openedAt, by } as const;
    const stored = await record(parts, { ...statement, body }, check);
    return c.json(await shownDelivery(sources, pack, stored.id), 201);
  });
  app.post(routes.stateReturn.path, async (c) => {
    const { site } = readQuery(c.req.url, routes.stateReturn.query);
    const pack = findPack(parts.packs, c.req.param('id'), site);
    const delivery = c.req.param('delivery');
    const known = standingDeliveries(desk, pack).map((each) => each.id);
    if (!known.includes(delivery)) throw unknownId('delivery', delivery, known);
    const { id, by, state } = await readBody(c, routes.stateReturn.body, parts);
    const nowMs = sources.nowMs();
    const check = () =>
      refusal(
        [...pastTime('state.at', state.at, nowMs), ...stateMistakes(pack, state, 'state.')],
        returnConflicts(standingDeliveries(desk, pack), delivery, state.at),
      );
    const statement = {
      kind: 'delivery-return',
      site: pack.site,
      pack,
      id,
      at: state.at,
      by,
      body: { delivery, state },
    } as const;
    await record(parts, statement, check);
    return c.json(await shownDelivery(sources, pack, delivery), 201);
  });
  return app;
}

async function shownDelivery(sources: RecordSources, pack: ConfiguredPack, id: string) {
  const span = deliverySpans(sources.desk, pack).find(({ record }) => record.id === id);
  if (span === undefined) throw new Error(`the delivery ${id} was recorded and is not there`);
  return showDelivery(sources, pack, span);
}

function arrivedBefore(arrivedAt: number, openedAt: number): Mistake[] {
  if (arrivedAt <= openedAt) return [];
  const detail = `lies after it was opened to the line (${openedAt})`;
  return [{ field: 'arrival.at', value: arrivedAt, detail }];
}

/** What is wrong with the segment that a delivery says it explains. */
async function segmentNamed(
  sources: RecordSources,
  pack: ConfiguredPack,
  openedAt: number,
  segmentAt: number | undefined,
): Promise<{ mistakes: Mistake[]; conflicts: Mistake[] }> {
  if (segmentAt === undefined) return { mistakes: [], conflicts: [] };
  const segments = await segmentsOf(sources, pack);
  const named = segments.find(({ from }) => from === segmentAt);
  const field = 'segmentAt';
  if (named === undefined) {
    const known = segments.slice(-10).map(({ from }) => from);
    const detail = `no segment began then; the newest ones: ${known.join(', ') || 'none yet'}`;
    return { mistakes: [{ field, value: segmentAt, detail }], conflicts: [] };
  }
  const facts = segmentFacts(sources.desk, pack, named);
  // The first segment of a pack is the first delivery's gas.
  const conflicts = named.segment.kind === 'first' ? [] : resolutionConflicts(facts, field);
  return { mistakes: openingMistakes(openedAt, facts), conflicts };
}
