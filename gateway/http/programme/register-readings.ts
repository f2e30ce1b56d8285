import { Hono } from 'hono';
import { type RegisterReading, routes } from '#gateway/contract';
import { type ConfiguredMeter, meterSeries } from '../../derive/meter.ts';
import type { Span, Store } from '../../store/port.ts';
import { csvLine, japanTime } from '../csv.ts';
import type { Env } from '../env.ts';
import type { AppParts } from '../parts.ts';
import { readQuery, spanOf } from '../query.ts';
import { csvMedia, type Exports, fileHeaders } from '../exports.ts';
import { keptHeaders } from './fresh.ts';
import { findProject, type Measured, metersOf, overlapOf } from './selection.ts';

type ReadingParts = Pick<AppParts, 'store' | 'desk' | 'meters'>;

const columns = ['member', 'meter', 'at', 'value', 'raw', 'quality', 'why', 'clock'] as const;
const csvForm = {
  header: csvLine(columns),
  line: ({ member, meter, at, value, raw, quality, why, clock }: RegisterReading) =>
    csvLine([member, meter, japanTime(at), value, raw, quality, why, clock]),
};
const jsonForm = {
  header: '',
  line: (reading: RegisterReading) => `${JSON.stringify(reading)}\n`,
};

/** Readings of registers as they are stored, for as long as each meter was its member's. */
export function projectReadingRoutes(parts: ReadingParts, exports: Exports): Hono<Env> {
  const { store, desk } = parts;
  const configured = new Map(parts.meters.map((meter) => [meter.key, meter]));
  return new Hono<Env>().get(routes.projectReadings.path, async (c) => {
    const query = readQuery(c.req.url, routes.projectReadings.query);
    const project = findProject(desk, c.req.param('id'));
    const meters = metersOf(project, query.member);
    const span = spanOf(query, { from: 0, to: Number.MAX_SAFE_INTEGER });
    const { format } = query;
    const media = format === 'csv' ? csvMedia : 'application/x-ndjson';
    const file = fileHeaders(`${project.project.id}_register-readings.${format}`, media);
    const rows = registerReadings(store, meters, configured, span);
    const form = format === 'csv' ? csvForm : jsonForm;
    return exports.stream(c, rows, form, { ...keptHeaders(undefined), ...file });
  });
}

async function* registerReadings(
  store: Pick<Store, 'readings'>,
  meters: readonly Measured[],
  configured: ReadonlyMap<string, ConfiguredMeter>,
  span: Span,
): AsyncGenerator<RegisterReading, void, undefined> {
  for (const { member, meter, time } of meters) {
    const register = configured.get(meter.register);
    const asked = overlapOf(time, span);
    if (register === undefined || asked.from >= asked.to) continue;
    for await (const reading of store.readings(meterSeries(register), asked)) {
      const { at, value, raw, quality, why, clock } = reading;
      yield { member: member.id, meter: meter.id, at, value, raw, quality, why, clock };
    }
  }
}
