import type { RecordBody } from '../records/kinds.ts';
import type { TableKind } from './columns.ts';
import { doubleCounting } from './double-counting.ts';
import { daysBetween, yearsLater } from './japan-date.ts';

type Named<Kind extends TableKind> = RecordBody<Kind> & { readonly id: string };

/** What a programme would consist of. */
export interface Enrolled {
  readonly projects: readonly Named<'project'>[];
  readonly members: readonly Named<'member'>[];
  readonly devices: readonly Named<'device'>[];
  readonly meters: readonly Named<'meter'>[];
}

/** `wrong` keeps a table from being recorded; `warning` is said and lets it pass. */
export interface Finding {
  readonly weight: 'wrong' | 'warning';
  readonly kind: TableKind;
  readonly id: string;
  /** The body's field. */
  readonly field: string;
  readonly detail: string;
}

/** Warned about before a mark ends (facts/jcredit.md, "Evidence"). */
const markWarningDays = 90;
/** First operation lies no earlier than this before the application (facts/jcredit.md). */
const operationYears = 2;
/** A business earns only with a payback of so many years or more (the same). */
const paybackYears = 3;

const kindOfMethodology = new Map([
  ['EN-R-002', 'pv'],
  ['EN-S-007', 'fuel-cell'],
  ['EN-S-006', 'led'],
  ['EN-S-004', 'air-conditioner'],
]);

/** Everything that speaks against enrolling what is there, and what somebody should look at. Pure; `today` is a Japan date. */
export function enrolmentFindings(
  enrolled: Enrolled,
  today: string,
  registers: ReadonlySet<string>,
): Finding[] {
  return [
    ...enrolled.projects.flatMap(projectFindings),
    ...enrolled.members.flatMap((member) => memberFindings(member, enrolled)),
    ...enrolled.devices.flatMap((device) => deviceFindings(device, enrolled)),
    ...enrolled.meters.flatMap((meter) => meterFindings(meter, enrolled, today, registers)),
    ...mixedClasses(enrolled),
    ...doubleCounting(enrolled),
  ];
}

/** Days by which a device was applied for in time; below 0 it was too late. */
export function daysLeft(
  { operationStartedOn }: Pick<RecordBody<'device'>, 'operationStartedOn'>,
  { appliedOn }: Pick<RecordBody<'member'>, 'appliedOn'>,
): number {
  return daysBetween(appliedOn, yearsLater(operationStartedOn, operationYears));
}

function of(kind: TableKind, id: string, weight: Finding['weight'] = 'wrong') {
  return (field: string, detail: string): Finding => ({ weight, kind, id, field, detail });
}

function projectFindings({ id, from, to, methodology, fuel }: Named<'project'>): Finding[] {
  const wrong = of('project', id);
  const found: Finding[] = [];
  if (from >= to) found.push(wrong('to', `is not after "from", ${from}`));
  if (!kindOfMethodology.has(methodology))
    found.push(
      wrong('methodology', `is none of those known: ${[...kindOfMethodology.keys()].join(', ')}`),
    );
  if (methodology === 'EN-S-007' && fuel === undefined)
    found.push(wrong('fuel', 'is needed: town-gas and lpg units go in separate lists'));
  return found;
}

function memberFindings(member: Named<'member'>, { projects }: Enrolled): Finding[] {
  const { id, kind, admittedOn, leftOn, payback } = member;
  const wrong = of('member', id);
  const found: Finding[] = [];
  if (!projects.some((each) => each.id === member.project))
    found.push(wrong('project', `no such project; ${known(projects)}`));
  if (leftOn !== undefined && leftOn < admittedOn)
    found.push(wrong('leftOn', `is before the admission on ${admittedOn}`));
  if (kind === 'business' && payback === undefined)
    found.push(
      wrong(
        'payback.investmentYen',
        `a business shows a payback of ${paybackYears} years or more: fill in investment, subsidy and saving`,
      ),
    );
  if (kind === 'business' && payback !== undefined) {
    const paid = payback.investmentYen - payback.subsidyYen;
    if (paid < paybackYears * payback.savingYenPerYear)
      found.push(
        wrong(
          'payback.savingYenPerYear',
          `${paid} yen are paid back in less than ${paybackYears} years: this installation earns no credits, leave the member out`,
        ),
      );
  }
  return found;
}

function deviceFindings(device: Named<'device'>, { members, projects }: Enrolled): Finding[] {
  const { id, kind, fuel } = device;
  const wrong = of('device', id);
  const warning = of('device', id, 'warning');
  const found: Finding[] = [];
  if (device.gridChargingBattery)
    found.push(warning('gridChargingBattery', 'no credit until a rule for it is set'));
  if (device.sharedExport)
    found.push(warning('sharedExport', 'no credit until a rule for it is set'));
  const member = members.find((each) => each.id === device.member);
  if (member === undefined) return [...found, wrong('member', `no such member; ${known(members)}`)];
  const left = daysLeft(device, member);
  if (left < 0)
    found.push(
      wrong(
        'operationStartedOn',
        `began more than ${operationYears} years before the application on ${member.appliedOn}: ${-left} days too early`,
      ),
    );
  const project = projects.find((each) => each.id === member.project);
  if (project === undefined) return found;
  const fits = kindOfMethodology.get(project.methodology);
  if (fits !== undefined && fits !== kind)
    found.push(wrong('kind', `${project.methodology} of project ${project.id} is for ${fits}`));
  if (kind === 'fuel-cell' && fuel !== project.fuel)
    found.push(
      wrong(
        'fuel',
        `project ${project.id} is for ${project.fuel ?? 'no fuel'}: fuels are never mixed in a list`,
      ),
    );
  return found;
}

function meterFindings(
  meter: Named<'meter'>,
  { members, devices }: Enrolled,
  today: string,
  registers: ReadonlySet<string>,
): Finding[] {
  const { id, evidence, register, from, to } = meter;
  const wrong = of('meter', id);
  const warning = of('meter', id, 'warning');
  const found: Finding[] = [];
  if (to !== undefined && to <= from) found.push(wrong('to', `is not after "from", ${from}`));
  if (!members.some((each) => each.id === meter.member))
    found.push(wrong('member', `no such member; ${known(members)}`));
  const device = devices.find((each) => each.id === meter.device);
  if (device === undefined) found.push(wrong('device', `no such device; ${known(devices)}`));
  else if (device.member !== meter.member)
    found.push(wrong('device', `belongs to ${device.member}, the meter to ${meter.member}`));
  if (!registers.has(register))
    found.push(
      warning('register', 'is no meter of the configuration: nothing is derived of it yet'),
    );
  if (evidence === undefined)
    found.push(warning('evidence.kind', 'without evidence this meter earns nothing'));
  if (evidence?.kind !== 'specified') return found;
  const days = daysBetween(today, evidence.markExpires);
  if (days <= markWarningDays)
    found.push(
      warning(
        'evidence.markExpires',
        days > 0 ? `the mark ends in ${days} days` : `the mark ended ${-days} days ago`,
      ),
    );
  return found;
}

/** Activity data of one item have one class in a project (facts/jcredit.md, "Evidence"). */
function mixedClasses({ meters, members }: Enrolled): Finding[] {
  const projectOf = new Map(members.map(({ id, project }) => [id, project]));
  const first = new Map<string, Named<'meter'>>();
  return meters.flatMap((meter) => {
    const list = `${projectOf.get(meter.member) ?? ''} ${meter.item}`;
    const before = first.get(list) ?? meter;
    first.set(list, before);
    if (before.class === meter.class) return [];
    const detail = `${before.id} measures "${meter.item}" in class ${before.class}: classes are never mixed in a list`;
    return [of('meter', meter.id)('class', detail)];
  });
}

function known(all: readonly { readonly id: string }[]): string {
  if (all.length === 0) return 'there is none';
  const more = all.length > 10 ? ` and ${all.length - 10} more` : '';
  return `known: ${all
    .slice(0, 10)
    .map(({ id }) => id)
    .join(', ')}${more}`;
}
