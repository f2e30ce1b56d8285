import { pointsMistake, type CalibrationPoint } from '../../hydrogen/calibration.ts';
import { insideRange } from '../../hydrogen/nist2008.ts';
import { gaugeMpa, toAbsolute } from '../../hydrogen/pressure.ts';
import type { Mistake } from '../refusal.ts';
import { certificateTime, forwards, plannedTime } from './times.ts';

/** A correction of more than this share of the reading is a slip of units or columns, not a drift; beside it, in MPa. */
const largestCorrection = { share: 0.2, mpa: 2 };

interface CalibrationRequest {
  readonly from: number;
  readonly validUntil: number;
  readonly points: readonly CalibrationPoint[];
}

export function calibrationMistakes(
  { from, validUntil, points }: CalibrationRequest,
  nowMs: number,
): Mistake[] {
  const mistake = pointsMistake(points);
  const unusable =
    mistake === undefined
      ? []
      : [{ field: `points.${mistake.index}`, value: points[mistake.index], ...mistake }];
  return [
    ...plannedTime('from', from, nowMs),
    ...certificateTime('validUntil', validUntil, nowMs),
    ...forwards(['from', from], ['validUntil', validUntil]),
    ...unusable.map(({ field, value, detail }) => ({ field, value, detail })),
    ...points.flatMap(pointMistakes),
  ];
}

function pointMistakes({ shownMpa, referenceMpa }: CalibrationPoint, index: number): Mistake[] {
  const outside = (mpa: number) => !insideRange(toAbsolute(gaugeMpa(mpa)), 293);
  const range = 'is outside the range of the equation of state (gauge, at most 70 MPa absolute)';
  const field = `points.${index}`;
  const mistakes: Mistake[] = [];
  if (outside(shownMpa))
    mistakes.push({ field: `${field}.shownMpa`, value: shownMpa, detail: range });
  if (outside(referenceMpa))
    mistakes.push({ field: `${field}.referenceMpa`, value: referenceMpa, detail: range });
  const most = Math.max(largestCorrection.mpa, largestCorrection.share * Math.abs(shownMpa));
  if (mistakes.length === 0 && Math.abs(referenceMpa - shownMpa) > most)
    mistakes.push({
      field: `${field}.referenceMpa`,
      value: referenceMpa,
      detail: `differs from the ${shownMpa} MPa shown by more than any drift: units, or columns exchanged?`,
    });
  return mistakes;
}
