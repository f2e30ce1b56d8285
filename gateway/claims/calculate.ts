import type { FuelCellConfig } from '../config/reduction.ts';
import type { ConfiguredMeter } from '../derive/meter.ts';
import { daysByMeter } from '../derive/stale.ts';
import type { Conditions } from '../emissions/conditions.ts';
import { dateOf } from '../emissions/fiscal-year.ts';
import { enrolmentFindings } from '../programme/enrolment.ts';
import {
  type Programme,
  programmeOf,
  projectPart,
  type ProjectPart,
} from '../programme/programme.ts';
import type { RecordDesk } from '../records/desk.ts';
import { factorTable } from '../programme/factor-table.ts';
import { meterRecords, meterStatementsOf } from '../records/meter-statements.ts';
import { showMeterReading } from '../records/shown/meter-readings.ts';
import { BandFactors, type CalculatedBand, calculated } from './calculation.ts';
import { registerEvidence, type RegisterEvidence } from './evidence.ts';
import { fromTo } from './instant.ts';
import type { StandingClaim } from './life.ts';
import { type ClaimStretch, type FormulaWalk, memberStretches } from './member-energy.ts';
import { ClaimQuestionError, type ClaimObstacle } from './obstacle.ts';
import { type ClaimPlan, conditionsOf, planClaim, type PlannedMember } from './plan.ts';
import { type ClaimStore, walkRegister } from './register.ts';
import { stretchObstacles, type Acknowledgement } from './stretch-obstacles.ts';

export interface ClaimSources {
  readonly store: ClaimStore;
  readonly desk: RecordDesk;
  readonly meters: readonly ConfiguredMeter[];
  /** What is configured of fuel cells, by `{site}/{generator}`. */
  readonly fuelCells: ReadonlyMap<string, FuelCellConfig>;
  /** Claims frozen so far. */
  readonly claims: readonly StandingClaim[];
}

export interface ClaimQuestion {
  readonly project: string;
  readonly fiscalYear: number;
  readonly fixture: boolean;
  readonly acknowledged: readonly Acknowledgement[];
  /** The claim that this one takes the place of: what it claimed may be claimed again. */
  readonly corrects: StandingClaim | undefined;
  readonly atMs: number;
}

/** One member, done. */
export interface MemberResult {
  readonly planned: PlannedMember;
  readonly stretches: readonly ClaimStretch[];
  readonly bands: readonly CalculatedBand[];
  /** By register. */
  readonly evidence: ReadonlyMap<string, RegisterEvidence>;
  /** Of registers of pulses: when a display agreed. */
  readonly reconciledOn: ReadonlyMap<string, string>;
}

export interface ClaimResult {
  readonly plan: ClaimPlan;
  readonly factors: BandFactors;
  readonly obstacles: readonly ClaimObstacle[];
  readonly readings: number;
}

/**
 * Calculates a claim member by member; each result is handed on and let go, so that memory is that of one member. What
 * is in the way of freezing is gathered, not thrown. Rejects with ClaimQuestionError for what does not exist.
 */
export async function calculateClaim(
  sources: ClaimSources,
  question: ClaimQuestion,
  done: (result: MemberResult, plan: ClaimPlan) => Promise<void>,
): Promise<ClaimResult> {
  const programme = programmeOf(sources.desk);
  const part = projectPart(programme, question.project);
  if (part === undefined)
    throw new ClaimQuestionError(
      `--project ${question.project}: there is no such project; there are: ${programme.projects.map(({ id }) => id).join(', ') || 'none'}`,
    );
  const configured = new Map(sources.meters.map((meter) => [meter.key, meter]));
  const { confirmations } = programme;
  const wanted = question.fixture ? 'fixture' : 'published';
  const factorRows = factorTable(programme).filter((row) => row.class === wanted);
  const { plan, obstacles: inPlan } = planClaim({
    part,
    confirmations,
    factors: factorRows,
    configured,
    fuelCells: sources.fuelCells,
    ...question,
  });
  const obstacles: ClaimObstacle[] = [
    ...inPlan,
    ...enrolmentObstacles(programme, part, configured, question.atMs),
    ...alreadyClaimed(plan, sources.claims, question),
  ];
  const factors = new BandFactors(plan);
  const derivedUntil = await derivedUntilOf(sources.store);
  let readings = 0;
  for (const planned of plan.members) {
    const result = await calculateMember(sources, plan, planned, factors, derivedUntil);
    obstacles.push(
      ...result.obstacles,
      ...stretchObstacles(planned, result, question.acknowledged),
    );
    readings += result.readings;
    await done(result, plan);
  }
  return { plan, factors, obstacles: [...obstacles, ...factors.obstacles], readings };
}

function enrolmentObstacles(
  programme: Programme,
  part: ProjectPart,
  configured: ReadonlyMap<string, ConfiguredMeter>,
  atMs: number,
): ClaimObstacle[] {
  const own = {
    project: new Set([part.project.id]),
    member: new Set(part.members.map(({ id }) => id)),
    device: new Set(part.devices.map(({ id }) => id)),
    meter: new Set(part.meters.map(({ id }) => id)),
  };
  return enrolmentFindings(programme, dateOf(atMs), new Set(configured.keys()))
    .filter(({ weight, kind, id }) => weight === 'wrong' && own[kind].has(id))
    .map(({ kind, id, field, detail }) => ({
      what: 'enrolment',
      where: `${kind} ${id}, ${field}`,
      detail,
      wayOut: 'correct the table and import it again: kadoru-gateway programme import',
    }));
}

function alreadyClaimed(
  plan: ClaimPlan,
  claims: readonly StandingClaim[],
  { corrects, fixture }: ClaimQuestion,
): ClaimObstacle[] {
  const claimed = claims.filter(
    ({ frozen, correctedBy }) =>
      !frozen.fixture &&
      !fixture &&
      correctedBy === undefined &&
      frozen.claim !== corrects?.frozen.claim,
  );
  const spans = claimed.flatMap(({ frozen }) =>
    frozen.spans.map((span) => ({ ...span, claim: frozen.claim })),
  );
  return plan.members.flatMap(({ member, registers }) =>
    registers.flatMap(({ register }) =>
      spans
        .filter((span) => span.register === register)
        .map((span) => ({
          ...span,
          from: Math.max(span.from, member.window.from, plan.year.from),
          to: Math.min(span.to, member.window.to, plan.year.to),
        }))
        .filter(({ from, to }) => to > from)
        .map((span): ClaimObstacle => ({
          what: 'already-claimed',
          where: `member ${member.id}, ${register}, ${fromTo(span)}`,
          detail: `claim ${span.claim} claims it`,
          wayOut: `correct that one: kadoru-gateway claims correct --claim ${span.claim}`,
        })),
    ),
  );
}

/** By register, the midnight from which derivation has still to look at it. */
async function derivedUntilOf(store: ClaimStore): Promise<ReadonlyMap<string, number>> {
  const marks = daysByMeter(await store.stale(Number.MAX_SAFE_INTEGER));
  return new Map([...marks].map(([key, days]) => [key, Math.min(...days.keys())]));
}

async function calculateMember(
  { store, desk }: ClaimSources,
  plan: ClaimPlan,
  planned: PlannedMember,
  factors: BandFactors,
  derivedUntil: ReadonlyMap<string, number>,
): Promise<
  MemberResult & { obstacles: ClaimObstacle[]; readings: number; conditions: Conditions }
> {
  const { year } = plan;
  // Side by side: the store reads for one register while another is accounted.
  const walked: FormulaWalk[] = await Promise.all(
    planned.registers.map(async ({ item, register, meter }) => {
      const said = meterStatementsOf(desk, meter);
      const until = derivedUntil.get(register) ?? Infinity;
      return { item, ...(await walkRegister(store, meter, said, year, until)) };
    }),
  );
  const reconciledOn = await reconciled({ store, desk }, planned, plan);
  const conditions = conditionsOf(planned, plan, new Set(reconciledOn.keys()));
  const stretches = memberStretches(walked, conditions, year);
  const note = plan.fixture ? '試験用' : '';
  const evidence = new Map(
    await Promise.all(
      walked.map(
        async (each) =>
          [each.meter.key, await registerEvidence(store, each, stretches, year, note)] as const,
      ),
    ),
  );
  return {
    planned,
    conditions,
    stretches,
    bands: calculated(planned.member.id, stretches, factors),
    evidence,
    reconciledOn,
    obstacles: [...evidence.values()].flatMap(({ obstacles }) => obstacles),
    readings: walked.reduce((sum, { readings }) => sum + readings, 0),
  };
}

/** Registers of sold pulses with which a display agreed in the year, and when it last did. */
export async function reconciled(
  {
    store,
    desk,
  }: { readonly store: Pick<ClaimStore, 'readings' | 'lastBefore'>; readonly desk: RecordDesk },
  { registers, meters }: PlannedMember,
  { year }: Pick<ClaimPlan, 'year'>,
): Promise<Map<string, string>> {
  const agreed = new Map<string, string>();
  for (const { register, meter, item } of registers) {
    const pulses = meters.some((each) => each.register === register && each.pulses);
    if (!pulses || item !== 'sold') continue;
    const said = meterStatementsOf(desk, meter);
    for (const record of meterRecords(desk, 'meter-reading', meter)) {
      if (record.at < year.from || record.at >= year.to) continue;
      const { metered } = await showMeterReading(store, meter, said, record);
      if (metered?.agrees === true) agreed.set(register, dateOf(record.at));
    }
  }
  return agreed;
}
