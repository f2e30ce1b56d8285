import {
  change,
  massBudget,
  massPerKelvin,
  massPerMpa,
  standardUncertainty,
  times,
  type Budget,
  type PackGeometry,
} from './budget.ts';
import { likeness, slopeUncertaintyKPerHour } from './lag.ts';
import type { SensorChain } from './sensor-chain.ts';
import { resolutionMpa } from './sensor-chain.ts';

/** What a pack was over about a minute (or at one look at a needle): means of its good readings. */
export interface Point {
  readonly at: number;
  readonly pressureMpa: number;
  readonly temperatureC: number;
  readonly kg: number;
}

/** `calculating`: something is drawn, not yet known well enough for a number. `unknown`: nothing to go by. */
export type FlowState = 'steady' | 'calculating' | 'not-significant' | 'unknown';

/** kg/h drawn; the uncertainty is standard (k = 1). */
export interface Flow {
  readonly state: FlowState;
  readonly kgPerHour: number;
  readonly uncertaintyKgPerHour: number;
  /** Length of the window it was read from. */
  readonly windowMs: number;
}

export const hourMs = 3_600_000;
const minuteMs = 60_000;

/** A number is shown once its standard uncertainty is below this share of it. */
export const goodEnough = 0.1;
const fewestPoints = 5;
/** Windows tried, shortest first. A needle is looked at a few times a day, so its windows reach over a week. */
const windowMinutes = {
  transmitter: [5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360],
  needle: [120, 240, 480, 720, 1440, 2880, 5760, 10_080],
} as const;

/** How long points are of use for a flow. */
export function longestWindowMs({ instrument }: SensorChain): number {
  return (windowMinutes[instrument.kind].at(-1) ?? 0) * minuteMs;
}

/**
 * Flow out of the pack at the newest point: the slope of the mass, never of the pressure, over the shortest window that
 * says it well enough. The window grows while one straight line explains it: a change of flow inside ends the growth,
 * so that an old flow does not linger. Points are in order of time, all of one segment.
 */
export function flowAt(pack: PackGeometry, points: readonly Point[]): Flow {
  const newest = points.at(-1);
  if (newest === undefined) return unknownFlow;
  const noiseKg = spreadKg(pack, points);
  let best = unknownFlow;
  for (const minutes of windowMinutes[pack.chain.instrument.kind]) {
    const window = within(points, newest.at - minutes * minuteMs);
    const reach = newest.at - (window[0]?.at ?? newest.at);
    if (window.length < enough(pack) || reach < (minutes * minuteMs) / 2) continue;
    if (!straight(pack, window, noiseKg)) break;
    best = fit(pack, window, noiseKg);
    if (best.state === 'steady') break;
  }
  return best;
}

const unknownFlow: Flow = {
  state: 'unknown',
  kgPerHour: 0,
  uncertaintyKgPerHour: Infinity,
  windowMs: 0,
};

function enough({ chain }: PackGeometry): number {
  return chain.instrument.kind === 'needle' ? 2 : fewestPoints;
}

function within(points: readonly Point[], fromMs: number): readonly Point[] {
  let first = points.length;
  while (first > 0 && (points[first - 1]?.at ?? 0) >= fromMs) first -= 1;
  return points.slice(first);
}

/** Slope of the mass and its standard uncertainty, each in kg/h, positive out of the pack. */
export function fit(pack: PackGeometry, window: readonly Point[], noiseKg: number): Flow {
  const { slope, spread } = line(window);
  const kgPerHour = -slope;
  const uncertaintyKgPerHour = Math.hypot(
    noiseKg / Math.sqrt(spread),
    lagKgPerHour(pack, window),
    standardUncertainty({ ...slopeBudget(pack, window), reading: 0, gasDifference: 0 }),
  );
  const state = stateOf(kgPerHour, uncertaintyKgPerHour);
  const windowMs = (window.at(-1)?.at ?? 0) - (window[0]?.at ?? 0);
  return { state, kgPerHour, uncertaintyKgPerHour, windowMs };
}

function stateOf(kgPerHour: number, uncertainty: number): FlowState {
  if (kgPerHour > 0 && uncertainty < goodEnough * kgPerHour) return 'steady';
  return kgPerHour > 2 * uncertainty ? 'calculating' : 'not-significant';
}

/** Least squares over time in hours: slope, and the sum of squared distances from the mean time. */
function line(window: readonly Point[]): { slope: number; spread: number } {
  const count = window.length;
  const origin = window[0]?.at ?? 0;
  let hours = 0;
  let kg = 0;
  for (const point of window) {
    hours += (point.at - origin) / hourMs;
    kg += point.kg;
  }
  hours /= count;
  kg /= count;
  let spread = 0;
  let product = 0;
  for (const point of window) {
    const away = (point.at - origin) / hourMs - hours;
    spread += away * away;
    product += away * (point.kg - kg);
  }
  return { slope: spread === 0 ? 0 : product / spread, spread };
}

function lagKgPerHour(pack: PackGeometry, window: readonly Point[]): number {
  const newest = window.at(-1);
  if (newest === undefined) return Infinity;
  const hours = window.map(({ at }) => (at - newest.at) / hourMs);
  const perKelvin = Math.abs(massPerKelvin(pack, newest));
  return perKelvin * slopeUncertaintyKPerHour(pack.chain.placement, hours);
}

/** What the instruments' constant errors do to a slope, kg/h: the change of the mass over the window, per hour. */
export function slopeBudget(pack: PackGeometry, window: readonly Point[]): Budget {
  const [first, last] = [window[0], window.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('a slope needs two points');
  const hours = (last.at - first.at) / hourMs;
  const alike = likeness(pack.chain.placement, hours);
  const difference = change(massBudget(pack, first), massBudget(pack, last), alike);
  return times(difference, hours === 0 ? 0 : 1 / hours);
}

/** Whether both halves of a window agree on the slope within three standard uncertainties. */
function straight(pack: PackGeometry, window: readonly Point[], noiseKg: number): boolean {
  const middle = Math.floor(window.length / 2);
  if (middle < 3) return true;
  const halves = [window.slice(0, middle), window.slice(middle)].map((half) => {
    const { slope, spread } = line(half);
    return { slope, u: Math.hypot(noiseKg / Math.sqrt(spread), lagKgPerHour(pack, half)) };
  });
  const [early, late] = halves;
  if (early === undefined || late === undefined) return true;
  return Math.abs(early.slope - late.slope) <= 3 * Math.hypot(early.u, late.u);
}

const noisePoints = 60;

/**
 * Random part of a point's mass, kg: from how far points lie off the line between their neighbours, which no steady flow
 * changes. A change of flow makes a few large ones: the median does not see them. Never below what the converter's step
 * hides (uniform, GUM 4.3.7) or an eye misses.
 */
function spreadKg(pack: PackGeometry, points: readonly Point[]): number {
  const recent = points.slice(-noisePoints);
  const newest = recent.at(-1);
  if (newest === undefined) return Infinity;
  const { instrument } = pack.chain;
  const leastKg = (massPerMpa(pack, newest) * resolutionMpa(instrument)) / Math.sqrt(12);
  if (instrument.kind === 'needle') return Math.hypot(leastKg * 2);
  const off: number[] = [];
  for (let index = 1; index + 1 < recent.length; index += 1) {
    const [before, here, after] = [recent[index - 1], recent[index], recent[index + 1]];
    if (before === undefined || here === undefined || after === undefined) continue;
    if (after.at - before.at > 4 * minuteMs || after.at === before.at) continue;
    const part = (here.at - before.at) / (after.at - before.at);
    off.push(Math.abs(here.kg - before.kg - part * (after.kg - before.kg)));
  }
  if (off.length < 3) return leastKg * 3;
  const median = off.toSorted((a, b) => a - b)[Math.floor(off.length / 2)] ?? 0;
  // Normal noise: the median of |x| is 0.6745 sigma, and a point off its neighbours' line has variance 1.5 sigma^2.
  return Math.max(leastKg, median / 0.6745 / Math.sqrt(1.5));
}
