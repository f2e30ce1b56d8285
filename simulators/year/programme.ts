import { halfHourMs, japanDate, type YearSpan } from './calendar.ts';
import { ratedW, yearSite } from './configuration.ts';
import type { HomePlan } from './plan.ts';

export const yearProjects = {
  pv: { id: 'year-pv', methodology: 'EN-R-002' },
  'fuel-cell': { id: 'year-fuel-cell', methodology: 'EN-S-007' },
} as const;

/** Which of the two there are. */
export function kindsOf(plans: readonly HomePlan[]): readonly HomePlan['kind'][] {
  return (['pv', 'fuel-cell'] as const).filter((kind) => plans.some((plan) => plan.kind === kind));
}

type Row = Readonly<Record<string, string | number>>;

/** The four tables that `kadoru-gateway programme import` reads, by file name. */
export function programmeTables(
  plans: readonly HomePlan[],
  year: YearSpan,
): Readonly<Record<string, string>> {
  return {
    'projects.csv': table(kindsOf(plans).map((kind) => projectRow(kind, year))),
    'members.csv': table(plans.map((plan) => memberRow(plan, year))),
    'devices.csv': table(plans.map((plan) => deviceRow(plan, year))),
    'meters.csv': table(
      plans.flatMap((plan) => itemsOf(plan).map((item) => meterRow(plan, year, item))),
    ),
  };
}

function projectRow(kind: HomePlan['kind'], year: YearSpan): Row {
  const { id, methodology } = yearProjects[kind];
  return {
    id,
    name: 'Simulated year',
    methodology,
    fuel: kind === 'pv' ? '' : 'town-gas',
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
    project: yearProjects[plan.kind].id,
    kind: 'household',
    applied_on: japanDate(year.from),
    admitted_on: japanDate(year.from),
    left_on: plan.endsAt?.why === 'left' ? endDate(plan, year) : '',
    value_owner: 'member',
  };
}

function deviceRow({ asset, member, kind, peakW }: HomePlan, year: YearSpan): Row {
  return {
    id: asset,
    member,
    kind,
    fuel: kind === 'pv' ? '' : 'town-gas',
    maker: 'Kadoru',
    model: 'year',
    serial: `${asset}-unit`,
    operation_started_on: japanDate(year.from),
    rated_w: ratedW(peakW),
    grid_charging_battery: 'no',
    shared_export: 'no',
  };
}

const quantities = { generated: 'generated', sold: 'exported', gas: 'gas', heat: 'heat' } as const;
type Item = keyof typeof quantities;

function itemsOf({ kind }: HomePlan): readonly Item[] {
  return kind === 'pv' ? ['generated', 'sold'] : ['generated', 'sold', 'gas', 'heat'];
}

function meterRow(plan: HomePlan, year: YearSpan, item: Item): Row {
  const { asset, member, endsAt } = plan;
  const runsOut = endsAt?.why === 'mark-expired' && item === 'generated';
  const lastDay = runsOut ? endsAt.tick * halfHourMs - 1 : year.to - year.from + 400 * 86_400_000;
  return {
    id: `${asset}-${item}`,
    member,
    device: asset,
    item,
    register: `${yearSite}/${asset}/${quantities[item]}`,
    serial: `${asset}-${item === 'generated' ? '1' : item}`,
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
