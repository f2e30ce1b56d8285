import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import type { ConfiguredMeter } from '../../derive/meter.ts';
import { dayStaleKey } from '../../derive/stale.ts';
import type { RegisterEvent } from '../../energy/event.ts';
import { effectOf, type Resolution } from '../../energy/resolution.ts';
import { wordOn } from '../../energy/word.ts';
import { pastTime } from '../../records/checks/times.ts';
import { meterStatementsOf } from '../../records/meter-statements.ts';
import { type Mistake, refusal } from '../../records/refusal.ts';
import { eventAt, registerEvents, withWord } from '../../records/register-resolutions.ts';
import { canonicalJson } from '../../store/canonical-json.ts';
import type { Env } from '../env.ts';
import { readBody, record, type StatementParts } from '../packs/statement.ts';
import { pageOf } from '../paging.ts';
import type { AppParts } from '../parts.ts';
import { unknownId } from '../problem.ts';
import { noQuery, readQuery, spanOf } from '../query.ts';
import { findMeter } from './find-meter.ts';

export type MeterParts = StatementParts & Pick<AppParts, 'meters'>;

/** What registers did that no rule explains, and what people say of it. */
export function registerEventRoutes(parts: MeterParts): Hono<Env> {
  const { desk, store, meters } = parts;
  const app = new Hono<Env>();
  app.get(routes.registerEvents.path, async (c) => {
    const query = readQuery(c.req.url, routes.registerEvents.query);
    const meter = findMeter(meters, query.meter);
    const span = spanOf(query, { from: 0, to: Number.MAX_SAFE_INTEGER });
    const events = await registerEvents(store, meter, span);
    const said = meterStatementsOf(desk, meter);
    const { items, next } = pageOf(events, query, (event) => event);
    const shown = items.map((event) => withWord(event, said));
    return c.json(next === undefined ? { items: shown } : { items: shown, next });
  });
  app.post(routes.stateRegisterResolution.path, async (c) => {
    readQuery(c.req.url, noQuery);
    const { meter, event } = await named(parts, c.req.param('id'));
    const resolution = await readBody(c, routes.stateRegisterResolution.body, parts);
    const { site, asset: subject, quantity } = meter;
    if (!stands(parts, meter, event, resolution))
      await record(
        parts,
        {
          kind: 'register-resolution',
          site,
          subject,
          id: undefined,
          at: event.at,
          by: resolution.by,
          body: { quantity, resolution, about: event.kind },
        },
        () => refusal(mistakesOf(resolution, event, parts.clock.wallMs())),
        { stale: [dayStaleKey(meter, event.at)] },
      );
    return c.json({ ...event, resolution }, 201);
  });
  return app;
}

/** The meter and the event that an id names. Throws `HttpProblem` (404). */
async function named(
  { desk, store, meters }: MeterParts,
  id: string,
): Promise<{ meter: ConfiguredMeter; event: RegisterEvent }> {
  const cut = id.lastIndexOf('.');
  const name = id.slice(0, cut);
  const meter = meters.find(({ key }) => key.replaceAll('/', '.') === name);
  const at = /^\d{1,15}$/.test(id.slice(cut + 1)) ? Number(id.slice(cut + 1)) : undefined;
  if (meter !== undefined && at !== undefined) {
    const event = await eventAt(store, meter, meterStatementsOf(desk, meter), at);
    if (event !== undefined) return { meter, event };
  }
  const known = meter === undefined ? [] : await registerEvents(store, meter, always);
  throw unknownId(
    'event or counted reading',
    id,
    known.map((each) => each.id),
  );
}

const always = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Whether this very word is the last one on the event. */
function stands(
  { desk }: MeterParts,
  meter: ConfiguredMeter,
  event: RegisterEvent,
  resolution: Resolution,
): boolean {
  const word = wordOn(event, meterStatementsOf(desk, meter))?.event.resolution;
  return (
    word !== undefined &&
    canonicalJson(word, 'resolution') === canonicalJson(resolution, 'resolution')
  );
}

function mistakesOf(resolution: Resolution, event: RegisterEvent, nowMs: number): Mistake[] {
  // Nobody has seen that readings to come are wrong, and a mistyped year would leave them all out.
  if (resolution.kind === 'error' && resolution.until !== undefined) {
    const mistakes = pastTime('until', resolution.until, nowMs);
    if (mistakes.length > 0) return mistakes;
  }
  const effect = effectOf(resolution, event);
  if (typeof effect !== 'string') return [];
  return [{ field: 'kind', value: resolution.kind, detail: effect }];
}
