import { Hono } from 'hono';
import { routes, type ShownCorrection } from '#gateway/contract';
import type { ConfiguredMeter } from '../../derive/meter.ts';
import { dayStaleKey } from '../../derive/stale.ts';
import type { KnownRecord } from '../../records/desk.ts';
import { meterRecords, meterStatementsOf } from '../../records/meter-statements.ts';
import { type Refusal, refusal } from '../../records/refusal.ts';
import { readingAt } from '../../records/register-resolutions.ts';
import { recordedBy } from '../../records/shown/sources.ts';
import type { Env } from '../env.ts';
import { readBody, record } from '../packs/statement.ts';
import { pageOf } from '../paging.ts';
import { noQuery, readQuery } from '../query.ts';
import { findMeter } from './find-meter.ts';
import type { MeterParts } from './register-events.ts';

/** What readings should have been: stored beside them, applied in derivation. */
export function correctionRoutes(parts: MeterParts): Hono<Env> {
  const { desk, meters } = parts;
  const app = new Hono<Env>();
  app.get(routes.corrections.path, (c) => {
    const query = readQuery(c.req.url, routes.corrections.query);
    const meter = findMeter(meters, query.meter);
    const records = meterRecords(desk, 'reading-correction', meter);
    const { items, ...more } = pageOf(records, query, (each) => each);
    return c.json({ items: items.map((each) => shown(meter, each)), ...more });
  });
  app.post(routes.stateCorrection.path, async (c) => {
    readQuery(c.req.url, noQuery);
    const body = await readBody(c, routes.stateCorrection.body, parts);
    const meter = findMeter(meters, body.meter);
    const { id, at, before, after, by, why } = body;
    const statement = {
      kind: 'reading-correction',
      site: meter.site,
      subject: meter.asset,
      id,
      at,
      by,
      body: { quantity: meter.quantity, before, after, why },
    } as const;
    const stale = [dayStaleKey(meter, at)];
    const stored = await record(parts, statement, () => wrong(parts, meter, body), { stale });
    return c.json(shown(meter, stored), 201);
  });
  return app;
}

/** Only of what stands now: whoever corrects must have seen it. */
async function wrong(
  { desk, store }: MeterParts,
  meter: ConfiguredMeter,
  { at, before, after }: { at: number; before: number | null; after: number | null },
): Promise<Refusal | undefined> {
  const reading = await readingAt(store, meter, meterStatementsOf(desk, meter), at);
  if (reading === undefined) {
    const detail = `nothing of ${meter.key} is stored at this time: give the time of a reading`;
    return { kind: 'refused', status: 404, mistakes: [{ field: 'at', value: at, detail }] };
  }
  if (reading.wh !== before) {
    const detail = `the reading is ${reading.wh ?? 'null'} now`;
    return refusal([], [{ field: 'before', value: before, detail }]);
  }
  if (after !== before) return undefined;
  return refusal([{ field: 'after', value: after, detail: 'is what the reading is already' }]);
}

function shown(
  { key }: ConfiguredMeter,
  stored: KnownRecord<'reading-correction'>,
): ShownCorrection {
  const { before, after, why } = stored.body;
  return { ...recordedBy(stored), meter: key, at: stored.at, before, after, why };
}
