/** What a calibration found: the reading showed `shownMpa` where the reference was `referenceMpa` (gauge). */
export interface CalibrationPoint {
  readonly shownMpa: number;
  readonly referenceMpa: number;
}

/** A calibration of a pack's whole pressure chain, from `fromMs` until the next one. */
export interface Calibration {
  readonly fromMs: number;
  /** After this its correction still applies, but no longer its uncertainty. */
  readonly validUntilMs: number;
  /** Two or more, rising in both columns. */
  readonly points: readonly CalibrationPoint[];
  /** k = 2, MPa, as the certificate states it. */
  readonly expandedUncertaintyMpa?: number;
}

/** What is wrong with the points, and where; undefined when they can be used. */
export function pointsMistake(
  points: readonly CalibrationPoint[],
): { readonly index: number; readonly detail: string } | undefined {
  if (points.length < 2)
    return { index: points.length, detail: 'a calibration needs two points or more' };
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before === undefined) continue;
    if (point.shownMpa <= before.shownMpa || point.referenceMpa <= before.referenceMpa)
      return {
        index,
        detail: `points must rise in both columns: ${point.shownMpa} MPa shown for ${point.referenceMpa} MPa does not lie above ${before.shownMpa} for ${before.referenceMpa}`,
      };
  }
  return undefined;
}

/** The calibration in force at a time, of a list sorted by `fromMs`. */
export function calibrationAt(
  calibrations: readonly Calibration[],
  atMs: number,
): Calibration | undefined {
  return calibrations.findLast(({ fromMs }) => fromMs <= atMs);
}

/**
 * Corrects a reading (MPa gauge): straight lines between the points; beyond the ends the correction stays that of the
 * nearest point, because a line through two close points leads anywhere.
 */
export function corrected({ points }: Calibration, shownMpa: number): number {
  const above = points.findIndex((point) => point.shownMpa > shownMpa);
  const low = above === -1 ? points.at(-1) : points[above - 1];
  const high = above === -1 ? undefined : points[above];
  if (low === undefined)
    return high === undefined ? shownMpa : shownMpa + high.referenceMpa - high.shownMpa;
  if (high === undefined) return shownMpa + low.referenceMpa - low.shownMpa;
  const part = (shownMpa - low.shownMpa) / (high.shownMpa - low.shownMpa);
  return low.referenceMpa + part * (high.referenceMpa - low.referenceMpa);
}
