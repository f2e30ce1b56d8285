import type { Point } from '../../hydrogen/flow.ts';
import { meteredAmount } from '../../hydrogen/ledger/drawn.ts';
import type { HourPoint, LedgerState } from '../../hydrogen/ledger/state.ts';
import { compareDraw, type DrawVerdict, idleLoss } from '../../hydrogen/watch.ts';
import type { DeclaredDraw, Judgement, PackSituation } from './situation.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Mass that fell over whole days in which nothing was seen or said to be drawn. This is no gas detector. */
export function massBalance({ geometry, ledger, draws }: PackSituation): Judgement {
  const hours = ledger.hours.map((hour, index) => {
    const before = ledger.hours[index - 1]?.at ?? hour.at;
    const declared = draws.some(({ from, to }) => from < hour.at && to > before);
    return declared ? { ...hour, drawing: true } : hour;
  });
  const loss = idleLoss(geometry, hours);
  const unit = 'kg/d';
  if (loss === 'not-observable')
    return { standing: 'unobservable', unit, detail: 'No whole day without a draw yet.' };
  if (loss === undefined)
    return { standing: 'off', unit, detail: 'The mass of the idle pack is steady.' };
  const { kgPerDay, expandedUncertaintyKgPerDay, days } = loss;
  return {
    standing: 'on',
    value: kgPerDay,
    threshold: expandedUncertaintyKgPerDay,
    unit,
    detail: `Mass balance anomaly: ${kgPerDay.toFixed(2)} +- ${expandedUncertaintyKgPerDay.toFixed(2)} kg a day are missing over ${days} idle day(s). This is no gas detector.`,
  };
}

/** A draw that can be compared with the fall of the mass: metered or declared. */
interface Comparable {
  readonly from: Point;
  readonly to: Point;
  readonly expected: { readonly kg: number; readonly expandedUncertaintyKg: number };
}

/** No fall at all during a draw: the gauge's root valve is closed (trapped gas follows temperature like the pack's). */
export function rootValve(situation: PackSituation): Judgement {
  const verdict = compared(situation);
  if (verdict === undefined || verdict.kind === 'not-observable') return notComparable;
  const found = verdict.kind === 'no-fall';
  return {
    standing: found ? 'on' : 'off',
    value: found ? verdict.fellKg : null,
    threshold: found ? verdict.expectedKg : null,
    unit: 'kg',
    detail: found
      ? `${verdict.expectedKg.toFixed(2)} kg were drawn and the gauge did not fall: its root valve may be closed.`
      : 'The gauge follows the draw.',
  };
}

/** The mass falls faster than the draw: the volume is smaller than assumed. */
export function closedCylinders(situation: PackSituation): Judgement {
  const verdict = compared(situation);
  if (verdict === undefined || verdict.kind === 'not-observable') return notComparable;
  const { openCylinders } = situation.geometry;
  if (verdict.kind !== 'cylinders')
    return { standing: 'off', detail: 'The fall of the mass fits the draw.' };
  return {
    standing: 'on',
    value: verdict.openCylinders,
    threshold: openCylinders,
    unit: 'cylinders',
    detail: `The gauge falls as if ${verdict.openCylinders} +- ${verdict.expanded.toFixed(1)} of ${openCylinders} cylinders were open.`,
  };
}

const notComparable: Judgement = {
  standing: 'unobservable',
  detail: 'Not observable: no metered or declared draw to compare with.',
};

function compared(situation: PackSituation): DrawVerdict | undefined {
  const { ledger, pack, draws, geometry, nowMs } = situation;
  const draw =
    metered(ledger, pack.config.flowMeter?.classPercent) ?? declared(ledger, draws, nowMs);
  return draw === undefined ? undefined : compareDraw(geometry, draw.from, draw.to, draw.expected);
}

/** What a meter counted since the oldest hour of the segment. */
function metered(ledger: LedgerState, classPercent: number | undefined): Comparable | undefined {
  const { segment, hours } = ledger;
  const first: HourPoint | undefined = hours[0];
  if (classPercent === undefined || segment === null || segment.meteredG === null) return undefined;
  if (first === undefined || first.meteredG === null) return undefined;
  const expected = meteredAmount(segment.meteredG - first.meteredG, classPercent);
  return { from: first, to: segment.last, expected };
}

/** The newest declared draw of the last day, as far as it has gone. */
function declared(
  ledger: LedgerState,
  draws: readonly DeclaredDraw[],
  nowMs: number,
): Comparable | undefined {
  const draw = draws.findLast(({ from, to }) => from < nowMs && nowMs - to < dayMs);
  if (draw === undefined) return undefined;
  const points = [...ledger.hours, ...ledger.points].toSorted((a, b) => a.at - b.at);
  const from = points.findLast(({ at }) => at <= draw.from);
  const to = points.find(({ at }) => at >= draw.to) ?? points.at(-1);
  if (from === undefined || to === undefined || to.at <= draw.from) return undefined;
  const part = Math.min(1, (to.at - draw.from) / (draw.to - draw.from));
  // What is said before it is over is said less surely: half of the part that is to come.
  const expandedUncertaintyKg =
    draw.expandedUncertaintyKg * part + (part < 1 ? draw.expectedKg * part * 0.5 : 0);
  return { from, to, expected: { kg: draw.expectedKg * part, expandedUncertaintyKg } };
}
