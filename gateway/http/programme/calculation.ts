import { Hono } from 'hono';
import { type MemberCalculation, routes } from '#gateway/contract';
import { intervalStart } from '../../energy/calendar.ts';
import type { PlannedMember } from '../../claims/plan.ts';
import type { Span } from '../../store/port.ts';
import { csvLine, japanTime } from '../csv.ts';
import type { Env } from '../env.ts';
import type { AppParts } from '../parts.ts';
import { badField } from '../problem.ts';
import { readQuery } from '../query.ts';
import { fiscalYearOf, fiscalYearSpan } from './amounts.ts';
import { csvMedia, type Exports, fileHeaders } from '../exports.ts';
import { etagOf, isKnown, keptHeaders, sealsOf } from './fresh.ts';
import { ProjectCalculation } from './project-calculation.ts';
import { findProject, metersOf } from './selection.ts';

type CalculationParts = Pick<
  AppParts,
  'store' | 'desk' | 'meters' | 'meterBoard' | 'fuelCells' | 'pull' | 'clock'
>;

/** A fiscal year, member by member, from metered energy to kilograms of CO2: what a claim would say of it now. */
export function projectCalculationRoutes(parts: CalculationParts, exports: Exports): Hono<Env> {
  const { desk, clock } = parts;
  return new Hono<Env>().get(routes.projectCalculation.path, async (c) => {
    const query = readQuery(c.req.url, routes.projectCalculation.query);
    const project = findProject(desk, c.req.param('id'));
    const meters = metersOf(project, query.member);
    const { fiscalYear = fiscalYearOf(clock.wallMs()), format, limit, page } = query;
    const year = fiscalYearSpan(fiscalYear);
    const until = Math.min(year.to, intervalStart('30m', clock.wallMs()));
    const soFar = { from: year.from, to: Math.max(year.from, until) };
    if (page !== undefined && !project.members.some(({ id }) => id === page))
      throw badField('page', page, 'is no `next` of a page before');
    const etag = etagOf(c, parts, meters, soFar.to);
    const headers = keptHeaders(etag);
    if (isKnown(c, etag)) return c.body(null, 304, headers);
    const calculation = new ProjectCalculation(parts, project, fiscalYear);
    const members = calculation.members.filter(
      ({ member: { id, window } }) =>
        (query.member === undefined || id === query.member) &&
        (page === undefined || id > page) &&
        window.from < soFar.to &&
        window.to > soFar.from,
    );
    if (format === 'csv') {
      const name = `${project.project.id}_calculation_fy${fiscalYear}.csv`;
      const rows = calculations(calculation, members, soFar);
      return exports.stream(c, rows, csvForm, { ...headers, ...fileHeaders(name, csvMedia) });
    }
    const some = members.slice(0, limit);
    const items = await exports.counted(async () => {
      const done: MemberCalculation[] = [];
      for await (const row of calculations(calculation, some, soFar)) done.push(row);
      return done;
    });
    const last = some.at(-1);
    const more = members.length > some.length && last !== undefined;
    const next = more ? { next: last.member.id } : sealsOf(c);
    return c.json({ items, ...next }, 200, headers);
  });
}

async function* calculations(
  calculation: ProjectCalculation,
  members: readonly PlannedMember[],
  soFar: Span,
): AsyncGenerator<MemberCalculation, void, undefined> {
  for (const planned of members) yield await calculation.of(planned, soFar);
}

const itemNames = ['generated', 'sold', 'auxiliary'] as const;
const itemColumns = ['unallocatedWh', 'missingSeconds', 'openEvents'] as const;

/** A line for each band; one without a band for a member of whom nothing counts. `uncounted` as `from/to reason detail elWh`. */
const csvForm = {
  header: csvLine([
    'member',
    'fiscalYear',
    'band',
    'from',
    'to',
    'elWh',
    'factor',
    'source',
    'baselineKg',
    'projectKg',
    'reductionKg',
    'provisional',
    'coveredSeconds',
    'missingSeconds',
    ...itemNames.flatMap((item) => itemColumns.map((column) => `${item}_${column}`)),
    'uncounted',
  ]),
  line: (row: MemberCalculation): string =>
    (row.bands.length === 0 ? [undefined] : row.bands).map((band) => bandLine(row, band)).join(''),
};

function bandLine(row: MemberCalculation, band: MemberCalculation['bands'][number] | undefined) {
  const { member, fiscalYear, from, to, energy, items, uncounted } = row;
  const doubts = [...row.provisional, ...(band?.provisional ?? [])];
  return csvLine([
    member,
    fiscalYear,
    band?.band ?? null,
    japanTime(from),
    japanTime(to),
    band?.elWh ?? 0,
    band?.factor ?? null,
    band?.source ?? null,
    band?.baselineKg ?? null,
    band?.projectKg ?? null,
    band?.reductionKg ?? null,
    doubts.map(({ reason, detail }) => `${reason} ${detail}`).join('; '),
    energy.coveredSeconds,
    energy.missingSeconds,
    ...itemNames.flatMap((item) => itemColumns.map((column) => items[item]?.[column] ?? null)),
    uncounted.map(uncountedText).join('; '),
  ]);
}

function uncountedText(stretch: MemberCalculation['uncounted'][number]): string {
  const { from, to, reason, detail, elWh } = stretch;
  const energy = elWh === null ? '' : `${elWh} Wh`;
  const said = [`${japanTime(from)}/${japanTime(to)}`, reason, detail, energy];
  return said.filter((text) => text !== '').join(' ');
}
