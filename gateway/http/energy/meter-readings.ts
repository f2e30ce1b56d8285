import { type Context, Hono } from 'hono';
import { type MeterReading, routes } from '#gateway/contract';
import { type ConfiguredMeter, isWhMeter } from '../../derive/meter.ts';
import { dayStaleKey } from '../../derive/stale.ts';
import { pastTime } from '../../records/checks/times.ts';
import { meterRecords, meterStatementsOf } from '../../records/meter-statements.ts';
import { manualMeterReading, showMeterReading } from '../../records/shown/meter-readings.ts';
import type { OperatorRecord } from '../../store/port.ts';
import { readText } from '../body.ts';
import type { Env } from '../env.ts';
import { readBody } from '../packs/statement.ts';
import { pageOf } from '../paging.ts';
import { noQuery, readQuery } from '../query.ts';
import { findWhMeter } from './find-meter.ts';
import {
  type ReadingRow,
  readingsOfTable,
  type RowMistake,
  tableProblem,
} from './reading-table.ts';
import type { MeterParts } from './register-events.ts';

/** A table may be larger than a form. */
const mostTableBytes = 512 * 1024;

/** Displays read by people: one as JSON, many as CSV; all of what was sent is stored, or nothing. */
export function meterReadingRoutes(parts: MeterParts): Hono<Env> {
  const { desk, store, meters } = parts;
  const app = new Hono<Env>();
  app.get(routes.meterReadings.path, async (c) => {
    const query = readQuery(c.req.url, routes.meterReadings.query);
    const meter = findWhMeter(meters, query.meter);
    const said = meterStatementsOf(desk, meter);
    const { items, ...more } = pageOf(recordsOf(parts, meter), query, (each) => each);
    const shown: MeterReading[] = [];
    for (const item of items) shown.push(await showMeterReading(store, meter, said, item));
    return c.json({ items: shown, ...more });
  });
  app.post(routes.stateMeterReading.path, async (c) => {
    readQuery(c.req.url, noQuery);
    const rows = await readRows(c, parts);
    const checked = await desk.inTurn(() => take(parts, rows));
    const items: MeterReading[] = [];
    const standing = standingReadings(parts);
    for (const { meter, row } of checked) {
      const stored = standing(meter, row.at);
      if (stored === undefined) throw new Error(`${row.meter} at ${row.at} was not recorded`);
      items.push(await showMeterReading(store, meter, meterStatementsOf(desk, meter), stored));
    }
    return c.json({ items }, 201);
  });
  return app;
}

async function readRows(c: Context<Env>, parts: MeterParts): Promise<ReadingRow[]> {
  const csv = c.req.header('content-type')?.startsWith('text/csv') === true;
  if (csv) return readingsOfTable(await readText(c.req.raw, mostTableBytes));
  return [{ ...(await readBody(c, routes.stateMeterReading.body, parts)), row: 1 }];
}

interface Checked {
  readonly meter: ConfiguredMeter;
  readonly row: ReadingRow;
}

/** Records all rows in one commit, or throws `HttpProblem` with what is wrong of each. */
async function take(parts: MeterParts, rows: readonly ReadingRow[]): Promise<readonly Checked[]> {
  const { desk, clock } = parts;
  const nowMs = clock.wallMs();
  const checked = check(parts, rows, nowMs);
  const standing = standingReadings(parts);
  const fresh = checked.filter(({ meter, row }) => standing(meter, row.at) === undefined);
  const readings = fresh.map(({ meter, row }) => manualMeterReading(meter, row.at, row.wh, nowMs));
  const stale = fresh.map(({ meter, row }) => dayStaleKey(meter, row.at));
  const company = { readings, stale: [...new Set(stale)] };
  const added = await desk.addAll(
    fresh.map((each) => recordOf(each, nowMs)),
    company,
  );
  if (added.kind === 'conflict') throw new Error('a reading that nobody entered stands already');
  parts.arrived(readings);
  return checked;
}

function check(parts: MeterParts, rows: readonly ReadingRow[], nowMs: number) {
  const meters = parts.meters.filter(isWhMeter);
  const standing = standingReadings(parts);
  const unknown: RowMistake[] = [];
  const mistakes: RowMistake[] = [];
  const conflicts: RowMistake[] = [];
  const seen = new Map<string, number>();
  const checked: Checked[] = [];
  for (const row of rows) {
    const meter = meters.find(({ key }) => key === row.meter);
    if (meter === undefined) {
      const known = meters.map(({ key }) => key).join(', ') || 'none';
      const detail = `no such meter; known: ${known.slice(0, 500)}`;
      const about = { row: row.row, field: 'meter', value: row.meter };
      unknown.push({ ...about, detail, code: 'meter-unknown' });
      continue;
    }
    const code = row.at > nowMs ? 'time-ahead' : 'time-early';
    const wrong = pastTime('at', row.at, nowMs);
    mistakes.push(...wrong.map((each) => ({ row: row.row, code, ...each }) as const));
    const id = `${row.meter}/${row.at}`;
    const first = seen.get(id);
    const twice = { row: row.row, field: 'at', value: row.at };
    if (first !== undefined)
      mistakes.push({
        ...twice,
        detail: `row ${first} is of the same meter and time`,
        code: 'row-twice',
        told: [String(first)],
      });
    seen.set(id, row.row);
    const other = standing(meter, row.at);
    if (other !== undefined && !says(other, row))
      conflicts.push({
        ...twice,
        detail: `${other.by} read ${other.body.wh} Wh at this very time`,
        code: 'read-already',
        told: [other.by, String(other.body.wh)],
      });
    checked.push({ meter, row });
  }
  if (unknown.length > 0) throw tableProblem(404, [...unknown, ...mistakes]);
  if (mistakes.length > 0) throw tableProblem(400, mistakes);
  if (conflicts.length > 0) throw tableProblem(409, conflicts);
  return checked;
}

function says(
  { by, body }: ReturnType<typeof recordsOf>[number],
  { by: person, wh, photoSha256 }: ReadingRow,
): boolean {
  return by === person && body.wh === wh && body.photoSha256 === photoSha256;
}

function recordsOf({ desk }: Pick<MeterParts, 'desk'>, meter: ConfiguredMeter) {
  return meterRecords(desk, 'meter-reading', meter);
}

/** What people read of meters, by its time. */
function standingReadings(parts: Pick<MeterParts, 'desk'>) {
  const byMeter = new Map<string, Map<number, ReturnType<typeof recordsOf>[number]>>();
  return (meter: ConfiguredMeter, at: number) => {
    const known =
      byMeter.get(meter.key) ?? new Map(recordsOf(parts, meter).map((each) => [each.at, each]));
    byMeter.set(meter.key, known);
    return known.get(at);
  };
}

function recordOf({ meter, row }: Checked, nowMs: number): OperatorRecord {
  const { site, asset: subject, quantity } = meter;
  const { at, by, wh, photoSha256 } = row;
  const photo = photoSha256 === undefined ? {} : { photoSha256 };
  return {
    site,
    kind: 'meter-reading',
    id: `${subject}_${quantity}_${at}`,
    subject,
    at,
    recordedAt: nowMs,
    by,
    body: { quantity, wh, ...photo },
  };
}
