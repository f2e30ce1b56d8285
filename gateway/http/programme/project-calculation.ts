import type { CalculatedEnergy, CalculationBand, MemberCalculation } from '#gateway/contract';
import { reconciled } from '../../claims/calculate.ts';
import { BandFactors, bandNames, calculated } from '../../claims/calculation.ts';
import {
  type ClaimStretch,
  type FormulaLine,
  memberStretches,
} from '../../claims/member-energy.ts';
import { ClaimQuestionError, type ClaimObstacle } from '../../claims/obstacle.ts';
import { type ClaimPlan, conditionsOf, planClaim, type PlannedMember } from '../../claims/plan.ts';
import type { ConfiguredMeter } from '../../derive/meter.ts';
import { noAccount } from '../../derive/meter-walk.ts';
import { storedLine } from '../../derive/reduction-window.ts';
import { secondsIn } from '../../energy/interval.ts';
import { dayMs } from '../../energy/japan-day.ts';
import { formatExact } from '../../emissions/exact.ts';
import { type Band, bands } from '../../emissions/factor-rule.ts';
import { programmeOf, type ProjectPart } from '../../programme/programme.ts';
import { factorTable } from '../../programme/factor-table.ts';
import { meterStatementsOf } from '../../records/meter-statements.ts';
import type { Span } from '../../store/port.ts';
import type { AppParts } from '../parts.ts';
import { HttpProblem } from '../problem.ts';
import { amountsOf } from './amounts.ts';
import { metersOf, overlapOf } from './selection.ts';

type CalculationParts = Pick<AppParts, 'store' | 'desk' | 'meters' | 'meterBoard' | 'fuelCells'>;

/** Of times that do not count, so many are named; all of them are in the sums. */
const mostUncounted = 1_000;

/** How far around a year the register's line is read: mostly a day, after an outage across its end longer. */
const reachDays = [1, 8, 64, 512];

/**
 * A project's fiscal year as a claim calculates it (`claims/`: the same plan, conditions, stretches and multiplication),
 * from stored half hours instead of readings, and only inside the members' windows: of other time nothing is shown.
 */
export class ProjectCalculation {
  readonly #parts: CalculationParts;
  readonly #part: ProjectPart;
  readonly #plan: ClaimPlan;
  readonly #inPlan: readonly ClaimObstacle[];

  /** Throws `HttpProblem` (409) for a methodology that this program does not know. */
  constructor(parts: CalculationParts, part: ProjectPart, fiscalYear: number) {
    const programme = programmeOf(parts.desk);
    this.#parts = parts;
    this.#part = part;
    try {
      const { plan, obstacles } = planClaim({
        part,
        confirmations: programme.confirmations,
        factors: factorTable(programme).filter((row) => row.class === 'published'),
        configured: new Map(parts.meters.map((meter) => [meter.key, meter])),
        fuelCells: parts.fuelCells,
        fiscalYear,
        fixture: false,
      });
      this.#plan = plan;
      this.#inPlan = obstacles;
    } catch (error) {
      if (error instanceof ClaimQuestionError) throw new HttpProblem(409, error.message);
      throw error;
    }
  }

  /** Members whose window touches the year, ordered by id. */
  get members(): readonly PlannedMember[] {
    return this.#plan.members;
  }

  /** A member's year as far as it is over. */
  async of(planned: PlannedMember, soFar: Span): Promise<MemberCalculation> {
    const { id, window } = planned.member;
    const span = overlapOf(window, soFar);
    const stretches = await this.stretches(planned, span);
    const own = metersOf(this.#part, id);
    return {
      member: id,
      fiscalYear: this.#plan.fiscalYear,
      ...span,
      energy: energyOf(stretches, span),
      bands: this.#bands(id, stretches),
      items: await amountsOf(this.#parts.store, own, soFar),
      uncounted: stretches
        .filter(({ counted }) => !counted)
        .slice(0, mostUncounted)
        .map(uncounted),
      provisional: this.#provisional(planned),
    };
  }

  async energy(planned: PlannedMember, soFar: Span): Promise<CalculatedEnergy> {
    const span = overlapOf(planned.member.window, soFar);
    return energyOf(await this.stretches(planned, span), span);
  }

  /** One after the other over a span, without a hole. */
  async stretches(planned: PlannedMember, span: Span): Promise<ClaimStretch[]> {
    if (span.from >= span.to) return [];
    const lines: FormulaLine[] = [];
    for (const { item, meter } of planned.registers)
      lines.push({ item, ...(await lineAround(this.#parts, meter, span)) });
    const agreed = await reconciled(this.#parts, planned, this.#plan);
    const conditions = conditionsOf(planned, this.#plan, new Set(agreed.keys()));
    return memberStretches(lines, conditions, span);
  }

  #bands(member: string, stretches: readonly ClaimStretch[]): CalculationBand[] {
    const factors = new BandFactors(this.#plan);
    const done = new Map(
      calculated(member, stretches, factors).map((each) => [each.band, each] as const),
    );
    return bands.flatMap((band): CalculationBand[] => {
      const counted = stretches.filter((each) => each.counted && each.band === band);
      if (counted.length === 0) return [];
      const each = done.get(band);
      const shown = { band: bandNames[band], provisional: this.#doubts(band) };
      if (each === undefined) {
        const elWh = counted.reduce((sum, stretch) => sum + (stretch.elWh ?? 0), 0);
        return [{ ...shown, elWh, ...nothing }];
      }
      const { elWh, factor, source, baselineKg, projectKg, reductionKg } = each;
      return [
        {
          ...shown,
          elWh,
          factor: formatExact(factor),
          source,
          baselineKg: formatExact(baselineKg),
          projectKg: formatExact(projectKg),
          reductionKg: formatExact(reductionKg),
        },
      ];
    });
  }

  /** What keeps a claim from taking the factor of a band. */
  #doubts(band: Band) {
    const factors = new BandFactors(this.#plan);
    factors.of(band);
    return factors.obstacles.map(({ what, detail }) => ({ reason: what, detail }));
  }

  /** What keeps a claim from taking the member at all. */
  #provisional({ member }: PlannedMember) {
    const others = this.#plan.members.filter((each) => each.member.id !== member.id);
    const ofOthers = others.map((each) => `member ${each.member.id},`);
    return this.#inPlan
      .filter(({ where }) => !ofOthers.some((other) => where.startsWith(other)))
      .map(({ what, where, detail }) => ({ reason: what, detail: `${where}: ${detail}` }));
  }
}

const nothing = {
  factor: null,
  source: null,
  baselineKg: null,
  projectKg: null,
  reductionKg: null,
} as const;

function uncounted(stretch: ClaimStretch): MemberCalculation['uncounted'][number] {
  const { from, to, band, generatedWh, soldWh, auxiliaryWh, elWh, reason, detail } = stretch;
  const shownBand = band === null ? null : bandNames[band];
  const energy = { generatedWh, soldWh, auxiliaryWh, elWh };
  return { from, to, band: shownBand, ...energy, reason: reason ?? 'no-data', detail };
}

/** What counts, and by reason what does not. */
function energyOf(stretches: readonly ClaimStretch[], { from, to }: Span): CalculatedEnergy {
  const sums = { elWh: 0, generatedWh: 0, soldWh: 0, auxiliaryWh: 0, coveredSeconds: 0 };
  const reasons = new Map<string, CalculatedEnergy['uncounted'][number]>();
  for (const stretch of stretches) {
    const { counted, generatedWh, soldWh, auxiliaryWh, elWh } = stretch;
    const seconds = secondsIn(stretch.from, stretch.to);
    if (counted) {
      sums.elWh += elWh ?? 0;
      sums.generatedWh += generatedWh ?? 0;
      sums.soldWh += soldWh ?? 0;
      sums.auxiliaryWh += auxiliaryWh ?? 0;
      sums.coveredSeconds += seconds;
      continue;
    }
    const reason = stretch.reason ?? 'no-data';
    const before = reasons.get(reason) ?? { reason, stretches: 0, seconds: 0, elWh: 0 };
    reasons.set(reason, {
      reason,
      stretches: before.stretches + 1,
      seconds: before.seconds + seconds,
      elWh: before.elWh + (elWh ?? 0),
    });
  }
  const missingSeconds = secondsIn(from, to) - sums.coveredSeconds;
  return { ...sums, missingSeconds, uncounted: [...reasons.values()] };
}

/** A register's line with a boundary on either side of a span, where it has one. */
async function lineAround(
  { store, desk, meterBoard }: CalculationParts,
  meter: ConfiguredMeter,
  { from, to }: Span,
): Promise<Omit<FormulaLine, 'item'>> {
  const parts = {
    store,
    accountOf: ({ key }: ConfiguredMeter) => meterBoard.accountOf(key) ?? noAccount,
    statements: (of: ConfiguredMeter) => meterStatementsOf(desk, of),
  };
  for (const days of reachDays) {
    const reach = { from: Math.max(0, from - days * dayMs), to: to + days * dayMs };
    const { halfHours, line } = await storedLine(parts, meter, reach);
    const [first, last] = [halfHours[0], halfHours.at(-1)];
    const found = { meter, walk: { line: () => line }, readings: halfHours.length };
    if (first === undefined || last === undefined) return found;
    const begun = first.start > reach.from || line.boundaries.some(({ at }) => at <= from);
    const ended = last.end < reach.to || line.boundaries.some(({ at }) => at >= to);
    if ((begun && ended) || days === reachDays.at(-1)) return found;
  }
  throw new Error('the last reach is taken as it is');
}
