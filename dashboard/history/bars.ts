import type { EnergyInterval } from '#gateway/contract';
import type { Bar } from './csv.ts';

/**
 * Intervals as bars. A longer interval's `wh` holds the amounts that lie wholly inside it; a half hour's holds none, so
 * what is unallocated there is named beside it and drawn as nothing: nobody knows when it was made.
 */
export function barsOf(intervals: readonly EnergyInterval[], nowMs: number): Bar[] {
  return intervals.map(
    ({ start, end, wh, unallocated, coveredSeconds, quality, revision }): Bar => ({
      start,
      end,
      wh,
      unallocatedWh: unallocated.reduce((sum, each) => sum + each.wh, 0),
      coveredPercent: percentOf(coveredSeconds, (Math.min(end, nowMs) - start) / 1000),
      quality,
      revision,
    }),
  );
}

/** Something of it was metered; otherwise its 0 Wh says nothing. */
export function isKnown({ wh, quality, coveredPercent }: Bar): boolean {
  return wh > 0 || coveredPercent > 0 || quality !== 'bad';
}

function percentOf(covered: number, whole: number): number {
  return whole <= 0 ? 100 : Math.min(100, Math.floor((covered / whole) * 100));
}
