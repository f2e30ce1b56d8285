import {
  massKg,
  minus,
  noError,
  standardUncertainty,
  times,
  type Budget,
  type PackGeometry,
} from './budget.ts';
import { hourMs, slopeBudget, type Flow, type Point } from './flow.ts';
import { inventoryBudgets } from './inventory.ts';
import { gaugeMpa } from './pressure.ts';
import { stopPressure } from './stop.ts';

/** Hours until the gauge reaches the stop pressure. */
export interface TimeToStop {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Consumption it goes on from, kg/h, and over how long that was seen. */
  readonly kgPerHour: number;
  readonly basisMs: number;
}

/** A consumption that may go on: its own uncertainty apart from what it shares with the mass that is left, kg/h. */
interface Pace {
  readonly kgPerHour: number;
  readonly random: number;
  readonly shared: Budget;
  readonly basisMs: number;
}

const longMs = 24 * hourMs;
const shortestMs = hourMs / 2;

/**
 * Two paces are looked at: the present flow, and the mean of up to a day, which knows the pauses of a batch process. The
 * estimate is the mean's where it is known, the range holds both with their uncertainties, the unevenness of the draw
 * so far, and that of the mass that is left. Instruments that read high now read high at the stop too: what flow and
 * remaining mass share is propagated so. Null when nothing significant is drawn.
 */
export function timeToStop(
  pack: PackGeometry,
  flow: Flow,
  history: readonly Point[],
  now: Point,
): TimeToStop | null {
  const leftKg = now.kg - massKg(pack, stopPressure(pack, now.temperatureC), now.temperatureC);
  const long = longPace(pack, history, now);
  const present = flow.state === 'steady' ? presentPace(flow) : undefined;
  const main = long ?? present;
  if (main === undefined) return null;
  if (leftKg <= 0) return { estimate: 0, low: 0, high: 0, ...basisOf(main) };
  const left = inventoryBudgets(pack, gaugeMpa(now.pressureMpa), now.temperatureC).usableBeforeStop;
  const ranges = [main, present ?? main].map((pace) => {
    const hours = leftKg / pace.kgPerHour;
    const u = relative(left, leftKg, pace);
    return { low: hours * Math.max(0, 1 - 2 * u), high: u < 0.5 ? hours / (1 - 2 * u) : Infinity };
  });
  const unevenHours = unevenKg(history, now, main) / main.kgPerHour;
  const low = Math.max(0, Math.min(...ranges.map((range) => range.low)) - unevenHours);
  const high = Math.max(...ranges.map((range) => range.high)) + unevenHours;
  if (!Number.isFinite(high)) return null;
  return { estimate: leftKg / main.kgPerHour, low, high, ...basisOf(main) };
}

function basisOf({ kgPerHour, basisMs }: Pace): Pick<TimeToStop, 'kgPerHour' | 'basisMs'> {
  return { kgPerHour, basisMs };
}

function presentPace({ kgPerHour, uncertaintyKgPerHour, windowMs }: Flow): Pace {
  return { kgPerHour, random: uncertaintyKgPerHour, shared: noError, basisMs: windowMs };
}

/** The mean since the oldest point within a day; empty where it is not significant. */
function longPace(pack: PackGeometry, history: readonly Point[], now: Point): Pace | undefined {
  const oldest = history.find(({ at }) => now.at - at <= longMs);
  if (oldest === undefined || now.at - oldest.at < shortestMs) return undefined;
  const hours = (now.at - oldest.at) / hourMs;
  const kgPerHour = (oldest.kg - now.kg) / hours;
  const { reading, gasDifference, ...constant } = slopeBudget(pack, [oldest, now]);
  const random = Math.hypot(reading, gasDifference);
  const shared = { ...constant, reading: 0, gasDifference: 0 };
  if (kgPerHour <= 2 * Math.hypot(random, standardUncertainty(shared))) return undefined;
  return { kgPerHour, random, shared: times(shared, -1), basisMs: now.at - oldest.at };
}

/** Relative standard uncertainty of mass left over pace. */
function relative(left: Budget, leftKg: number, pace: Pace): number {
  const difference = minus(times(left, 1 / leftKg), times(pace.shared, 1 / pace.kgPerHour));
  return Math.hypot(standardUncertainty(difference), pace.random / pace.kgPerHour);
}

/** How far the mass was from falling evenly, kg: a batch process draws by fits and starts. */
function unevenKg(history: readonly Point[], now: Point, pace: Pace): number {
  let most = 0;
  for (const { at, kg } of history) {
    if (now.at - at > pace.basisMs) continue;
    const even = now.kg + (pace.kgPerHour * (now.at - at)) / hourMs;
    most = Math.max(most, Math.abs(kg - even));
  }
  return most;
}
