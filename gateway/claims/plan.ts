import type { FuelCellConfig, FuelCellSettings } from '../config/reduction.ts';
import type { ConfiguredMeter } from '../derive/meter.ts';
import type { Conditions } from '../emissions/conditions.ts';
import { evidenceObstacles } from '../emissions/evidence.ts';
import type { FactorRow } from '../emissions/factor.ts';
import { dateMs, fiscalYearSpan } from '../emissions/fiscal-year.ts';
import type { FormulaItem } from '../emissions/joint.ts';
import { methodologies, type Methodology } from '../emissions/methodology.ts';
import { always, type Obstacle } from '../emissions/reason.ts';
import type {
  Confirmation,
  Device,
  Member,
  ProgrammeMeter,
  Project,
  ProjectPart,
} from '../programme/programme.ts';
import type { Span } from '../store/port.ts';
import { settingsOf } from './burnt.ts';
import { ClaimQuestionError, type ClaimObstacle } from './obstacle.ts';

/** A register of a member's formula, with the meters that it was, one after the other. */
export interface PlannedRegister {
  readonly item: FormulaItem;
  readonly register: string;
  readonly meter: ConfiguredMeter;
  readonly meters: readonly ProgrammeMeter[];
}

export interface PlannedMember {
  readonly member: Member;
  readonly devices: readonly Device[];
  readonly meters: readonly ProgrammeMeter[];
  readonly registers: readonly PlannedRegister[];
  readonly operationStartedOn: string;
}

/** What a claim is to be made of, before a reading is looked at. */
export interface ClaimPlan {
  readonly project: Project;
  readonly fiscalYear: number;
  readonly year: Span;
  readonly fixture: boolean;
  readonly methodology: Methodology;
  readonly confirmation: Confirmation | undefined;
  readonly members: readonly PlannedMember[];
  /** Of fuel cells: their settings in the year, the same of all. */
  readonly burns: FuelCellSettings | undefined;
  /** Of one class, the last row of a year and symbol standing. */
  readonly factors: readonly FactorRow[];
}

export interface PlanParts {
  readonly part: ProjectPart;
  readonly confirmations: readonly Confirmation[];
  readonly factors: readonly FactorRow[];
  readonly configured: ReadonlyMap<string, ConfiguredMeter>;
  /** By `{site}/{generator}`. */
  readonly fuelCells: ReadonlyMap<string, FuelCellConfig>;
  readonly fiscalYear: number;
  readonly fixture: boolean;
}

/** Pure. What is in the way is told beside the plan, so that a draft can go on with what there is. */
export function planClaim(parts: PlanParts): {
  readonly plan: ClaimPlan;
  readonly obstacles: readonly ClaimObstacle[];
} {
  const { part, fiscalYear, fixture, factors, configured } = parts;
  const { project } = part;
  const year = fiscalYearSpan(fiscalYear);
  const methodology = Object.values(methodologies).find(({ id }) => id === project.methodology);
  if (methodology === undefined)
    throw new ClaimQuestionError(
      `project ${project.id}: unknown methodology ${project.methodology}`,
    );
  const obstacles: ClaimObstacle[] = [];
  const confirmation = parts.confirmations.find((each) => each.methodology === methodology.id);
  obstacles.push(...methodologyObstacles(project, methodology, confirmation, fixture));
  if (dateMs(project.from) >= year.to || dateMs(project.to) <= year.from)
    obstacles.push({
      what: 'project-period',
      where: `project ${project.id}`,
      detail: `fiscal year ${fiscalYear} is outside ${project.from} to ${project.to}`,
      wayOut: 'claim a year of its period, or correct the project',
    });
  const members = part.members
    .filter(({ window }) => window.from < year.to && window.to > year.from)
    .map((member) => plannedMember(member, part, methodology, configured));
  obstacles.push(...members.flatMap((member) => memberObstacles(member, project, configured)));
  if (members.length === 0)
    obstacles.push({
      what: 'no-member',
      where: `project ${project.id}`,
      detail: `no member has a window in fiscal year ${fiscalYear}`,
      wayOut: 'import the members, or claim another year',
    });
  const { burns, obstacles: inSettings } = settingsOf(
    members,
    project,
    parts.fuelCells,
    fiscalYear,
  );
  obstacles.push(...inSettings);
  const asked = { project, fiscalYear, year, fixture, methodology, confirmation };
  return { plan: { ...asked, members, burns, factors }, obstacles };
}

function methodologyObstacles(
  project: Project,
  { id, formula }: Methodology,
  confirmation: Confirmation | undefined,
  fixture: boolean,
): ClaimObstacle[] {
  const found: ClaimObstacle[] = [];
  const where = `methodology ${id}`;
  if (confirmation === undefined && !fixture)
    found.push({
      what: 'methodology-unconfirmed',
      where,
      detail: 'nobody has said in which document, version and page its formula stands',
      wayOut: 'read it, then kadoru-gateway methodology confirm',
    });
  if (formula === null)
    found.push({
      what: 'no-formula',
      where,
      detail: `its formula is not confirmed: project ${project.id} earns nothing yet`,
      wayOut: 'claim projects of EN-R-002 or EN-S-007',
    });
  return found;
}

function plannedMember(
  member: Member,
  part: ProjectPart,
  { kinds, formula }: Methodology,
  configured: ReadonlyMap<string, ConfiguredMeter>,
): PlannedMember {
  const devices = part.devices.filter(
    (device) => device.member === member.id && kinds.includes(device.kind),
  );
  const ids = new Set(devices.map(({ id }) => id));
  const meters = part.meters.filter((meter) => meter.member === member.id && ids.has(meter.device));
  const started = devices.map(({ operationStartedOn }) => operationStartedOn).toSorted();
  const subtracted = part.project.auxiliary.treatment === 'subtracted';
  const items: readonly FormulaItem[] = [
    ...(formula?.required ?? ['generated', 'sold']),
    ...(subtracted ? ['auxiliary' as const] : []),
  ];
  const registers = items.flatMap((item) => {
    const ofItem = meters.filter((meter) => meter.item === item);
    return [...new Set(ofItem.map(({ register }) => register))].toSorted().flatMap((register) => {
      const meter = configured.get(register);
      const own = ofItem
        .filter((each) => each.register === register)
        .toSorted((a, b) => (a.from < b.from ? -1 : 1));
      return meter === undefined ? [] : { item, register, meter, meters: own };
    });
  });
  return { member, devices, meters, registers, operationStartedOn: started.at(-1) ?? '9999-12-31' };
}

function memberObstacles(
  { member, devices, meters }: PlannedMember,
  project: Project,
  configured: ReadonlyMap<string, ConfiguredMeter>,
): ClaimObstacle[] {
  const found: ClaimObstacle[] = [];
  for (const { id, register } of meters)
    if (!configured.has(register))
      found.push({
        what: 'register-unknown',
        where: `member ${member.id}, meter ${id}`,
        detail: `register ${register} is not in the gateway’s configuration`,
        wayOut: 'add it there, or correct the meter',
      });
  const started = new Set(devices.map(({ operationStartedOn }) => operationStartedOn));
  if (project.factorRule === 'transitional' && started.size > 1)
    found.push({
      what: 'operation-starts',
      where: `member ${member.id}`,
      detail: `its devices began to operate on different days: ${[...started].join(', ')}`,
      wayOut: 'enrol them as members of their own: each has factors of its own',
    });
  return found;
}

/** Under what the spans of a member are judged. `reconciled`: registers of pulses that a display agreed with that year. */
export function conditionsOf(
  { member, devices, registers, meters, operationStartedOn }: PlannedMember,
  { project, methodology, year }: Pick<ClaimPlan, 'project' | 'methodology' | 'year'>,
  reconciled: ReadonlySet<string>,
): Conditions {
  const flags = devices.flatMap((device) => [
    ...(device.gridChargingBattery ? [always('grid-charging-battery', device.id)] : []),
    ...(device.sharedExport ? [always('shared-export', device.id)] : []),
  ]);
  const formula: Obstacle[] =
    methodology.formula === null ? [always('formula-unconfirmed', methodology.id)] : [];
  const missing = (methodology.formula?.required ?? [])
    .filter((item) => !registers.some((register) => register.item === item))
    .map(lacking);
  const evidence = meters.flatMap((meter) => {
    const pulses = meter.pulses && meter.item === 'sold';
    const agreed = reconciled.has(meter.register) ? [year] : [];
    return evidenceObstacles({
      meter: meter.id,
      evidence: meter.evidence,
      class: meter.class,
      reconciled: pulses ? agreed : undefined,
    }).flatMap((obstacle) => within(obstacle, meter));
  });
  return {
    factorRule: project.factorRule,
    operationStartedOn,
    window: member.window,
    obstacles: [...flags, ...formula, ...missing, ...evidence, ...registers.flatMap(unmetered)],
  };
}

/** Nothing stands in for a register: a fuel or heat from rated efficiency would be class C. */
function lacking(item: FormulaItem): Obstacle {
  if (item === 'gas') return always('no-gas', 'no register of gas');
  if (item === 'heat') return always('no-heat', 'no register of heat');
  if (item === 'sold') return always('sold-unknown', 'no register of sold energy');
  return always('no-data', `no register of ${item} energy`);
}

/** What speaks against a meter does so while it is there. */
function within(obstacle: Obstacle, meter: Pick<ProgrammeMeter, 'from' | 'to'>): Obstacle[] {
  const from = Math.max(obstacle.from, dateMs(meter.from));
  const to = Math.min(obstacle.to, meter.to === undefined ? Infinity : dateMs(meter.to));
  return from < to ? [{ ...obstacle, from, to }] : [];
}

/** Times of a register of which no record says what meter it was. */
function unmetered({ register, meters }: PlannedRegister): Obstacle[] {
  const found: Obstacle[] = [];
  let next = -Infinity;
  for (const { from, to } of meters) {
    const fromMs = dateMs(from);
    if (fromMs > next)
      found.push({ from: next, to: fromMs, reason: 'no-evidence', detail: register });
    next = Math.max(next, to === undefined ? Infinity : dateMs(to));
  }
  if (next < Infinity)
    found.push({ from: next, to: Infinity, reason: 'no-evidence', detail: register });
  return found;
}
