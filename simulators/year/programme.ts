import { halfHourMs, japanDate, type YearSpan } from './calendar.ts';
import { ratedW, yearSite } from './configuration.ts';
import type { HomePlan } from './plan.ts';

export const yearProject = 'year-pv';

type Row = Readonly<Record<string, string | number>>;

/** The four tables that `kadoru-gateway programme import` reads, by file name. */
export function programmeTables(
  plans: readonly HomePlan[],
  year: YearSpan,
): Readonly<Record<string, string>> {
  return {
    'projects.csv': table([projectRow(year)]),
    'members.csv': table(plans.map((plan) => memberRow(plan, year))),
    'devices.csv': table(plans.map((plan) => deviceRow(plan, year))),
    'meters.csv': table(
      plans.flatMap((plan) => [meterRow(plan, year, 'generated'), meterRow(plan, year, 'sold')]),
    ),
  };
}

function projectRow(year: YearSpan): Row {
  return {
    id: yearProject,
    name: 'Simulated year',
    methodology: 'EN-R-002',
    factor_rule: 'all-source',
    factor_year: 'of-reduction',
    factor_year_document: 'simulated plan',
    factor_year_page: 1,
    auxiliary: 'incidental',
    auxiliary_document: 'simulated plan',
    auxiliary_page: 2,
    applied_on: japanDate(year.from),
    from: japanDate(year.from),
    to: japanDate(year.to),
    payment: 'success-fee',
    share: '0.70',
  };
}

function memberRow(plan: HomePlan, year: YearSpan): Row {
  return {
    id: plan.member,
    project: yearProject,
    kind: 'household',
    applied_on: japanDate(year.from),
    admitted_on: japanDate(year.from),
    left_on: plan.endsAt?.why === 'left' ? endDate(plan, year) : '',
    value_owner: 'member',
  };
}

function deviceRow({ asset, member, peakW }: HomePlan, year: YearSpan): Row {
  return {
    id: asset,
    member,
    kind: 'pv',
    maker: 'Kadoru',
    model: 'year',
    serial: `${asset}-array`,
    operation_started_on: japanDate(year.from),
    rated_w: ratedW(peakW),
    grid_charging_battery: 'no',
    shared_export: 'no',
  };
}

function meterRow(plan: HomePlan, year: YearSpan, item: 'generated' | 'sold'): Row {
  const { asset, member, endsAt } = plan;
  const runsOut = endsAt?.why === 'mark-expired' && item === 'generated';
  const lastDay = runsOut ? endsAt.tick * halfHourMs - 1 : year.to - year.from + 400 * 86_400_000;
  return {
    id: `${asset}-${item}`,
    member,
    device: asset,
    item,
    register: `${yearSite}/${asset}/${item === 'sold' ? 'exported' : item}`,
    serial: `${asset}-${item === 'sold' ? 's' : '1'}`,
    class: 'B',
    evidence: 'specified',
    mark_expires: japanDate(year.from + lastDay),
    pulses: 'no',
    from: japanDate(year.from),
  };
}

/** The first day on which nothing counts; empty where there is none. */
export function endDate({ endsAt }: HomePlan, year: YearSpan): string {
  return endsAt === undefined ? '' : japanDate(year.from + endsAt.tick * halfHourMs);
}

/** No cell needs quotes. */
function table(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => names.map((name) => row[name]).join(','));
  return [names.join(','), ...lines].map((line) => `${line}\n`).join('');
}
