import type { Pack } from '#gateway/contract';
import { isLost } from '../plant/standing.ts';

/** One point of the trend; a null is a time without a trustworthy value. Times are epoch milliseconds. */
export interface TrendPoint {
  readonly at: number;
  readonly pressureMpa: number | null;
  readonly totalKg: number | null;
}

/** Live points are kept this far apart: finer than a pixel of the 24 h chart. */
export const tailSpacingMs = 5_000;

/** An hour of live points. History is read every minute, so the bound is met only while that fails for an hour; the
 * oldest then leave, and the chart shows the hole. */
export const longestTail = 720;

/** A device clock may lead the gateway's a little; a point further ahead has no place on the axis. */
const toleratedLeadMs = 60_000;

/** Adds what a pack says at the gateway's time `at`, unless the tail already has something as new. */
export function appendTail(
  tail: readonly TrendPoint[],
  pack: Pick<Pack, 'measuredAt' | 'pressureMpa' | 'quality' | 'why' | 'hydrogen'>,
  at: number,
): readonly TrendPoint[] {
  const point = pointOf(pack, at);
  const last = tail.at(-1);
  if (point.at > at + toleratedLeadMs) return tail;
  if (last !== undefined && !isNews(last, point)) return tail;
  return [...tail.slice(-(longestTail - 1)), point];
}

function pointOf(pack: Parameters<typeof appendTail>[1], at: number): TrendPoint {
  const { measuredAt, pressureMpa, hydrogen } = pack;
  return isLost(pack) || pressureMpa === null || measuredAt === null
    ? { at, pressureMpa: null, totalKg: null }
    : { at: measuredAt, pressureMpa, totalKg: hydrogen?.totalKg ?? null };
}

/** A fault and its end are kept at once, whatever the spacing. */
function isNews(last: TrendPoint, point: TrendPoint): boolean {
  if (point.at <= last.at) return false;
  const turned = (last.pressureMpa === null) !== (point.pressureMpa === null);
  return turned || point.at - last.at >= tailSpacingMs;
}
