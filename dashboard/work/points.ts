import { numberOf } from './fields.ts';

/** A row of the table of calibration points, as typed. */
export interface PointRow {
  readonly shownMpa: string;
  readonly referenceMpa: string;
}

export const emptyRow: PointRow = { shownMpa: '', referenceMpa: '' };

interface Point {
  readonly shownMpa: number;
  readonly referenceMpa: number;
}

export type PointsReading =
  | { readonly kind: 'points'; readonly points: readonly Point[] }
  | { readonly kind: 'wrong'; readonly rows: Readonly<Record<number, PointsMistake>> };

type PointsMistake = 'half' | 'not-a-number';

/** Rows left empty at the end are not meant; one in between would shift what the gateway says about the others. */
export function readPoints(rows: readonly PointRow[]): PointsReading {
  const last = rows.findLastIndex((row) => typed(row.shownMpa) || typed(row.referenceMpa));
  const wrong: Record<number, PointsMistake> = {};
  const points: Point[] = [];
  for (const [index, row] of rows.slice(0, last + 1).entries()) {
    const [shownMpa, referenceMpa] = [numberOf(row.shownMpa), numberOf(row.referenceMpa)];
    if (!typed(row.shownMpa) || !typed(row.referenceMpa)) wrong[index] = 'half';
    else if (shownMpa === undefined || referenceMpa === undefined) wrong[index] = 'not-a-number';
    else points.push({ shownMpa, referenceMpa });
  }
  return Object.keys(wrong).length === 0
    ? { kind: 'points', points }
    : { kind: 'wrong', rows: wrong };
}

const typed = (text: string): boolean => text.trim() !== '';
