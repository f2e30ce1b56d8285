import { Hono } from 'hono';
import { type Activity, type CalculatedEnergy, routes } from '#gateway/contract';
import { intervalStart } from '../../energy/calendar.ts';
import type { Span } from '../../store/port.ts';
import { csvLine, japanTime } from '../csv.ts';
import type { Env } from '../env.ts';
import type { AppParts } from '../parts.ts';
import { readQuery } from '../query.ts';
import { amountsOf, fiscalYearOf, fiscalYearSpan } from './amounts.ts';
import { csvMedia, type Exports, fileHeaders } from '../exports.ts';
import { etagOf, isKnown, keptHeaders, sealsOf } from './fresh.ts';
import { ProjectCalculation } from './project-calculation.ts';
import { findProject, type Measured, metersOf, overlapOf } from './selection.ts';

type ActivityParts = Pick<
  AppParts,
  'store' | 'desk' | 'meters' | 'meterBoard' | 'fuelCells' | 'pull' | 'clock'
>;

/** A fiscal year, member by member. */
export function projectActivityRoutes(parts: ActivityParts, exports: Exports): Hono<Env> {
  const { desk, clock } = parts;
  return new Hono<Env>().get(routes.projectActivity.path, async (c) => {
    const query = readQuery(c.req.url, routes.projectActivity.query);
    const project = findProject(desk, c.req.param('id'));
    const meters = metersOf(project, query.member);
    const { fiscalYear = fiscalYearOf(clock.wallMs()), format } = query;
    const year = fiscalYearSpan(fiscalYear);
    // Of the half hour that runs nothing is stored: what is missing of it is not missing yet.
    const until = Math.min(year.to, intervalStart('30m', clock.wallMs()));
    const soFar = { from: year.from, to: Math.max(year.from, until) };
    const etag = etagOf(c, parts, meters, soFar.to);
    const headers = keptHeaders(etag);
    if (isKnown(c, etag)) return c.body(null, 304, headers);
    const calculation = new ProjectCalculation(parts, project, fiscalYear);
    const rows = activities(parts, calculation, meters, fiscalYear, soFar);
    if (format === 'csv') {
      const name = `${project.project.id}_activity_fy${fiscalYear}.csv`;
      return exports.stream(c, rows, csvForm, { ...headers, ...fileHeaders(name, csvMedia) });
    }
    const items = await exports.counted(async () => {
      const done: Activity[] = [];
      for await (const row of rows) done.push(row);
      return done;
    });
    return c.json({ items, ...sealsOf(c) }, 200, headers);
  });
}

/** One row for each member whose window touches the span. */
async function* activities(
  { store }: Pick<ActivityParts, 'store'>,
  calculation: ProjectCalculation,
  meters: readonly Measured[],
  fiscalYear: number,
  soFar: Span,
): AsyncGenerator<Activity, void, undefined> {
  const members = new Map(meters.map(({ member }) => [member.id, member]));
  for (const { id, window } of members.values()) {
    const { from, to } = overlapOf(window, soFar);
    if (from >= to) continue;
    const own = meters.filter(({ member }) => member.id === id);
    const items = await amountsOf(store, own, soFar);
    const planned = calculation.members.find((each) => each.member.id === id);
    const energy = planned === undefined ? null : await calculation.energy(planned, soFar);
    yield { member: id, fiscalYear, from, to, items, energy };
  }
}

const itemColumns = [
  'wh',
  'unallocatedWh',
  'coveredSeconds',
  'missingSeconds',
  'openEvents',
] as const;
const itemNames = ['generated', 'sold', 'auxiliary'] as const;

const energyColumns = ['elWh', 'coveredSeconds', 'missingSeconds'] as const;

function uncountedText({ reason, seconds, elWh }: CalculatedEnergy['uncounted'][number]): string {
  return `${reason} ${seconds} s ${elWh} Wh`;
}

/** Nothing where no meter is of an item. */
const csvForm = {
  header: csvLine([
    'member',
    'fiscalYear',
    'from',
    'to',
    ...itemNames.flatMap((item) => itemColumns.map((column) => `${item}_${column}`)),
    ...energyColumns,
    'uncounted',
  ]),
  line: ({ member, fiscalYear, from, to, items, energy }: Activity): string =>
    csvLine([
      member,
      fiscalYear,
      japanTime(from),
      japanTime(to),
      ...itemNames.flatMap((item) => itemColumns.map((column) => items[item]?.[column] ?? null)),
      ...energyColumns.map((column) => energy?.[column] ?? null),
      energy?.uncounted.map(uncountedText).join('; ') ?? null,
    ]),
};
