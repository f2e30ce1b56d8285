import { type Conditions, Judge } from '../emissions/conditions.ts';
import { type Band, bandOf } from '../emissions/factor-rule.ts';
import { type FormulaItem, type JointSpan, jointSpans } from '../emissions/joint.ts';
import { type Stretch, stretches } from '../emissions/stretch.ts';
import type { Span } from '../store/port.ts';
import type { ClaimWalk } from './claim-walk.ts';
import type { WalkedRegister } from './register.ts';

/** A stretch as a claim lists it. */
export interface ClaimStretch extends Omit<Stretch, 'band'> {
  /** Null where it is in two. */
  readonly band: Band | null;
}

export interface FormulaWalk extends WalkedRegister {
  readonly item: FormulaItem;
}

/** Of a register, what stretches are made of: walked for a claim, or from stored half hours. */
export interface FormulaLine extends Pick<FormulaWalk, 'item' | 'readings'> {
  readonly meter: Pick<WalkedRegister['meter'], 'key'>;
  readonly walk: Pick<ClaimWalk, 'line'>;
}

/**
 * What a member's registers say together of a year: stretches that count and those that do not, one after the other from
 * 1 April to the next. Time of which not every register says something is in stretches of its own.
 */
export function memberStretches(
  walked: readonly FormulaLine[],
  conditions: Conditions,
  year: Span,
): ClaimStretch[] {
  const formula = walked.map(({ meter, item, walk }) => ({
    item,
    register: meter.key,
    line: walk.line(),
  }));
  const spans = jointSpans(formula).filter(({ from, to }) => to > year.from && from < year.to);
  const known = { from: spans[0]?.from ?? year.to, to: spans.at(-1)?.to ?? year.to };
  return [
    ...nothingKnown({ from: year.from, to: known.from }, conditions, walked, spans),
    ...stretches(spans, conditions).map((stretch) => asListed(stretch, conditions, year)),
    ...nothingKnown({ from: known.to, to: year.to }, conditions, walked, spans),
  ];
}

const nothing = {
  generatedWh: null,
  soldWh: null,
  auxiliaryWh: null,
  gasDm3: null,
  heatKj: null,
  elWh: null,
} as const;

/** In the words of the contract's bands, and within the year: what crosses its ends has an energy that is in no year. */
function asListed(stretch: Stretch, conditions: Conditions, year: Span): ClaimStretch {
  const { reason, detail, to } = stretch;
  const { factorRule, operationStartedOn } = conditions;
  const lastBand = bandOf(factorRule, operationStartedOn, to - 1);
  const listed = {
    ...stretch,
    band: lastBand === stretch.band ? lastBand : null,
    reason,
    detail: reason === 'open-event' ? detail.replaceAll(' ', '; ') : detail,
  };
  if (stretch.from >= year.from && stretch.to <= year.to) return listed;
  return {
    ...listed,
    ...nothing,
    from: Math.max(stretch.from, year.from),
    to: Math.min(stretch.to, year.to),
  };
}

/** Before the first and after the last instant at which all registers are known, cut where what holds changes. */
function nothingKnown(
  { from, to }: Span,
  conditions: Conditions,
  walked: readonly Pick<FormulaLine, 'meter' | 'readings'>[],
  spans: readonly JointSpan[],
): ClaimStretch[] {
  const judge = new Judge(conditions);
  const silent = walked.filter(({ readings }) => readings === 0).map(({ meter }) => meter.key);
  const reason = spans.length === 0 ? 'no-data' : 'gap-at-edge';
  const found: ClaimStretch[] = [];
  for (let at = from; at < to;) {
    const end = Math.min(to, judge.constantUntil(at));
    const { fiscalYear, band, obstacle } = judge.standing(at);
    const why = obstacle ?? { reason, detail: silent.join('; ') };
    found.push({
      fiscalYear,
      band,
      from: at,
      to: end,
      ...nothing,
      counted: false,
      reason: why.reason,
      detail: why.detail,
    });
    at = end;
  }
  return found;
}
