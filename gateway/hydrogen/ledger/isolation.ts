import {
  massBudget,
  massPerMpa,
  standardUncertainty,
  change,
  type PackGeometry,
} from '../budget.ts';
import { hourMs, type Point } from '../flow.ts';
import { kgPerNormalCubicMetre } from '../inventory.ts';
import { likeness } from '../lag.ts';
import { resolutionMpa } from '../sensor-chain.ts';
import type { Isolation, LedgerSetup } from './state.ts';

const anchorReachMs = 120_000;
const anchorEveryMs = 5000;
/** A line that stands open to the air shows less; what shows more may be a pack again. */
const emptyLineMpa = 0.2;
const settlesMs = 20_000;
const settlesCount = 3;
const leastMarginKg = 0.05;

/** What two readings of the same mass may differ by without meaning anything, kg. */
export function marginKg(pack: PackGeometry, at: Point): number {
  return Math.max(leastMarginKg, 4 * massPerMpa(pack, at) * resolutionMpa(pack.chain.instrument));
}

/** Expanded uncertainty (k = 2) of the change between two points, plus the margin, kg. */
export function sameWithinKg(pack: PackGeometry, a: Point, b: Point): number {
  const alike = likeness(pack.chain.placement, (a.at - b.at) / hourMs);
  const budget = change(massBudget(pack, a), massBudget(pack, b), alike);
  return 2 * standardUncertainty(budget) + marginKg(pack, a);
}

export function keepAnchor(anchors: readonly Point[], point: Point): readonly Point[] {
  const newest = anchors.at(-1);
  if (newest !== undefined && point.at - newest.at < anchorEveryMs) return anchors;
  const recent = anchors.filter(({ at }) => point.at - at <= anchorReachMs);
  return [...recent, point];
}

/** The most that can be drawn in a time, kg. */
export function largestDrawKg({ largestDrawNlPerMin }: LedgerSetup, overMs: number): number {
  return (((largestDrawNlPerMin / 1000) * kgPerNormalCubicMetre) / 60_000) * overMs;
}

/** The newest point from which the mass fell faster than the largest draw can take it. */
export function fallenFrom(
  setup: LedgerSetup,
  anchors: readonly Point[],
  point: Point,
): Point | undefined {
  // Cheap first: most readings lie where the last ones did.
  if (!anchors.some(({ kg }) => kg - point.kg > leastMarginKg)) return undefined;
  return anchors.findLast(
    (anchor) =>
      anchor.kg - point.kg >
      largestDrawKg(setup, point.at - anchor.at) + marginKg(setup.pack, anchor),
  );
}

export function isolated(before: Point, point: Point): Isolation {
  return { since: point.at, before, lowestMpa: point.pressureMpa, settling: null };
}

/** Takes in a reading during an isolation; `settled` once it has stayed at one mass that is not an empty line's. */
export function watchReturn(
  pack: PackGeometry,
  isolation: Isolation,
  point: Point,
): { readonly isolation: Isolation; readonly settled: boolean } {
  const lowestMpa = Math.min(isolation.lowestMpa, point.pressureMpa);
  const { settling } = isolation;
  if (point.pressureMpa < emptyLineMpa)
    return { isolation: { ...isolation, lowestMpa, settling: null }, settled: false };
  const stays = settling !== null && Math.abs(point.kg - settling.kg) <= marginKg(pack, point);
  const next = stays
    ? { ...settling, count: settling.count + 1 }
    : { from: point.at, kg: point.kg, count: 1 };
  const settled = next.count >= settlesCount && point.at - next.from >= settlesMs;
  return { isolation: { ...isolation, lowestMpa, settling: next }, settled };
}

export function wasVented({ lowestMpa }: Isolation): boolean {
  return lowestMpa < emptyLineMpa;
}
