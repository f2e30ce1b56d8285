import { Hono } from 'hono';
import { type RegisterReading, routes } from '#gateway/contract';
import { changedReadings } from '../../derive/changes.ts';
import { type ConfiguredMeter, meterSeries } from '../../derive/meter.ts';
import { readingOf } from '../../derive/meter-inputs.ts';
import { meterStatementsOf } from '../../records/meter-statements.ts';
import type { Span } from '../../store/port.ts';
import { csvLine, japanTime } from '../csv.ts';
import type { Env } from '../env.ts';
import { csvMedia, type Exports, fileHeaders } from '../exports.ts';
import type { AppParts } from '../parts.ts';
import { readQuery, spanOf } from '../query.ts';
import { cursorNow, cursorText, readCursor } from './cursor.ts';
import { etagOf, isKnown, keptHeaders } from './fresh.ts';
import type { Wanted } from './half-hours.ts';
import { findProject, type Measured, metersOf, overlapOf, unitOf } from './selection.ts';

type ReadingParts = Pick<AppParts, 'store' | 'desk' | 'meters' | 'pull' | 'clock'>;

const columns = [
  'member',
  'meter',
  'at',
  'value',
  'raw',
  'quality',
  'why',
  'clock',
  'unit',
  'corrected',
] as const;
/** `corrected` is `none` where people said that there is no value. */
const csvForm = {
  header: csvLine(columns),
  line: (reading: RegisterReading) => {
    const { member, meter, at, value, raw, quality, why, clock, unit, corrected } = reading;
    const said = corrected === null ? 'none' : (corrected ?? '');
    return csvLine([member, meter, japanTime(at), value, raw, quality, why, clock, unit, said]);
  },
};
const jsonForm = {
  header: '',
  line: (reading: RegisterReading) => `${JSON.stringify(reading)}\n`,
};

/**
 * Readings of registers as they are stored, for as long as each meter was its member's: all of them, or whole days of
 * those that came or were corrected since a pull.
 */
export function projectReadingRoutes(parts: ReadingParts, exports: Exports): Hono<Env> {
  const { desk, pull, clock } = parts;
  return new Hono<Env>().get(routes.projectReadings.path, async (c) => {
    const query = readQuery(c.req.url, routes.projectReadings.query);
    const project = findProject(desk, c.req.param('id'));
    const meters = metersOf(project, query.member);
    const span = spanOf(query, { from: 0, to: Number.MAX_SAFE_INTEGER });
    const own = { kind: 'r1', store: pull.storeId, settled: pull.changes.settled } as const;
    const since = query.since === undefined ? undefined : readCursor('since', query.since, own);
    const cursor = cursorNow(own, clock.wallMs());
    const etag = etagOf(c, parts, meters);
    const headers = { ...keptHeaders(etag), 'kadoru-cursor': cursorText(cursor) };
    if (isKnown(c, etag)) return c.body(null, 304, headers);
    const { format } = query;
    const media = format === 'csv' ? csvMedia : 'application/x-ndjson';
    const file = fileHeaders(`${project.project.id}_register-readings.${format}`, media);
    const rows = registerReadings(parts, meters, { span, since });
    const form = format === 'csv' ? csvForm : jsonForm;
    return exports.stream(c, rows, form, { ...headers, ...file });
  });
}

async function* registerReadings(
  parts: ReadingParts,
  meters: readonly Measured[],
  { span, since }: Wanted,
): AsyncGenerator<RegisterReading, void, undefined> {
  const configured = new Map(parts.meters.map((meter) => [meter.key, meter]));
  for (const each of meters) {
    const register = configured.get(each.meter.register);
    const asked = overlapOf(each.time, span);
    if (register === undefined || asked.from >= asked.to) continue;
    const known = since !== undefined && each.decidedAt < since.wallMs;
    const changed = known
      ? changedReadings(parts.store, register.key, since.number, asked)
      : [asked];
    for await (const part of changed) yield* readingsOf(parts, each, register, part);
  }
}

async function* readingsOf(
  { store, desk }: ReadingParts,
  { member, meter }: Measured,
  register: ConfiguredMeter,
  span: Span,
): AsyncGenerator<RegisterReading, void, undefined> {
  const said = meterStatementsOf(desk, register);
  for await (const reading of store.readings(meterSeries(register), span)) {
    const { at, value, raw, quality, why, clock } = reading;
    const of = { member: member.id, meter: meter.id };
    const row = { ...of, at, value, raw, quality, why, clock, unit: unitOf(meter) };
    const { wh } = readingOf(reading, said);
    yield wh === value ? row : { ...row, corrected: wh };
  }
}
