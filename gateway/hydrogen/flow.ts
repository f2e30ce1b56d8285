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
import { evenSlopeKPerHour, likeness, slopeUncertaintyKPerHour } from './lag.ts';
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

/** kg/h drawn; the uncertainty is standard (k = 1). Where the state is `unknown` the numbers mean nothing. */
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
/** Fewer points than this are taken as they lie, more as evenly spaced, which they are but for gaps. */
const fewTimes = 5;
/** In so few points a change of flow hides from the comparison of halves, but not from the distance to the line. */
const fewPoints = 12;
const farOff = 4;
/** Windows tried next where the shortest are not straight: long enough for the pulses of a pump to average out. */
const pulsingMinutes = 30;
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
  const lines = new Lines(pack, points, spreadKg(pack, points));
  let best: Line | undefined;
  let first = points.length - 1;
  let leastMinutes = 0;
  for (const minutes of windowMinutes[pack.chain.instrument.kind]) {
    if (minutes < leastMinutes) continue;
    while (first > 0 && (points[first - 1]?.at ?? 0) >= newest.at - minutes * minuteMs) first -= 1;
    const reach = newest.at - (points[first]?.at ?? newest.at);
    const count = points.length - first;
    if (count < enough(pack) || reach < (minutes * minuteMs) / 2) continue;
    if (!lines.straight(first)) {
      // A draw by fits and starts has a mean over longer windows; one that just changed fails there, too.
      if (minutes >= pulsingMinutes) break;
      leastMinutes = pulsingMinutes;
      continue;
    }
    best = lines.over(first, points.length);
    if (-best.slope > 0 && best.u < goodEnough * -best.slope) {
      const flow = lines.flow(best);
      if (flow.state === 'steady') return flow;
    }
  }
  if (best !== undefined) return lines.flow(best);
  return leastMinutes === 0 ? unknownFlow : { ...unknownFlow, state: 'calculating' };
}

const unknownFlow: Flow = {
  state: 'unknown',
  kgPerHour: 0,
  uncertaintyKgPerHour: 0,
  windowMs: 0,
};

function enough({ chain }: PackGeometry): number {
  return chain.instrument.kind === 'needle' ? 2 : fewestPoints;
}

/** A straight line through the points from `first` up to before `end`: slope in kg/h, and what scatter and lag do to it. */
interface Line {
  readonly first: number;
  readonly end: number;
  readonly slope: number;
  readonly u: number;
}

/** Least squares over any stretch of the same points, from running sums. */
class Lines {
  readonly #pack: PackGeometry;
  readonly #points: readonly Point[];
  readonly #noiseKg: number;
  readonly #perKelvin: number;
  /** Sums up to each point of hours, kg, hours^2 and hours x kg, from the newest point: small numbers stay exact. */
  readonly #sums: Float64Array;

  constructor(pack: PackGeometry, points: readonly Point[], noiseKg: number) {
    this.#pack = pack;
    this.#points = points;
    this.#noiseKg = noiseKg;
    const newest = points.at(-1);
    if (newest === undefined) throw new RangeError('a line needs points');
    this.#perKelvin = Math.abs(massPerKelvin(pack, newest));
    const sums = new Float64Array(4 * (points.length + 1));
    for (const [index, { at, kg }] of points.entries()) {
      const hours = (at - newest.at) / hourMs;
      const away = kg - newest.kg;
      const to = 4 * (index + 1);
      sums[to] = sumAt(sums, to - 4) + hours;
      sums[to + 1] = sumAt(sums, to - 3) + away;
      sums[to + 2] = sumAt(sums, to - 2) + hours * hours;
      sums[to + 3] = sumAt(sums, to - 1) + hours * away;
    }
    this.#sums = sums;
  }

  over(first: number, end: number): Line {
    const count = end - first;
    const sum = (which: number) =>
      sumAt(this.#sums, 4 * end + which) - sumAt(this.#sums, 4 * first + which);
    const hours = sum(0);
    const spread = sum(2) - (hours * hours) / count;
    if (count < 2 || spread <= 0) return { first, end, slope: 0, u: Infinity };
    const slope = (sum(3) - (hours * sum(1)) / count) / spread;
    const lag = this.#perKelvin * this.#lagKPerHour(first, end);
    return { first, end, slope, u: Math.hypot(this.#noiseKg / Math.sqrt(spread), lag) };
  }

  #lagKPerHour(first: number, end: number): number {
    const { placement } = this.#pack.chain;
    const [a, b] = [this.#points[first], this.#points[end - 1]];
    if (a === undefined || b === undefined) return Infinity;
    if (end - first >= fewTimes) return evenSlopeKPerHour(placement, (b.at - a.at) / hourMs);
    const times = this.#points.slice(first, end).map(({ at }) => (at - a.at) / hourMs);
    return slopeUncertaintyKPerHour(placement, times);
  }

  /**
   * Whether one straight line explains a window: in a short one no point lies off it by more than scatter does, in any
   * other both halves agree on the slope within three standard uncertainties.
   */
  straight(first: number): boolean {
    const end = this.#points.length;
    if (end - first <= fewPoints && !this.#closeTo(this.over(first, end))) return false;
    const middle = first + Math.floor((end - first) / 2);
    if (middle - first < 3) return true;
    const [early, late] = [this.over(first, middle), this.over(middle, end)];
    return Math.abs(early.slope - late.slope) <= 3 * Math.hypot(early.u, late.u);
  }

  #closeTo({ first, end, slope }: Line): boolean {
    const window = this.#points.slice(first, end);
    const newest = window.at(-1);
    if (newest === undefined || window.length < 3) return true;
    const off = window.map(({ at, kg }) => kg - newest.kg - (slope * (at - newest.at)) / hourMs);
    const mean = off.reduce((sum, one) => sum + one, 0) / off.length;
    return off.every((one) => Math.abs(one - mean) <= farOff * this.#noiseKg);
  }

  /** The line as a flow, with what the instruments' constant errors do to it. */
  flow({ first, end, slope, u }: Line): Flow {
    const [from, to] = [this.#points[first], this.#points[end - 1]];
    if (from === undefined || to === undefined) return unknownFlow;
    const constant = { ...slopeBudget(this.#pack, from, to), reading: 0, gasDifference: 0 };
    const uncertaintyKgPerHour = Math.hypot(u, standardUncertainty(constant));
    const kgPerHour = -slope;
    const state = stateOf(kgPerHour, uncertaintyKgPerHour);
    return { state, kgPerHour, uncertaintyKgPerHour, windowMs: to.at - from.at };
  }
}

function sumAt(sums: Float64Array, index: number): number {
  return sums[index] ?? 0;
}

function stateOf(kgPerHour: number, uncertainty: number): FlowState {
  if (kgPerHour > 0 && uncertainty < goodEnough * kgPerHour) return 'steady';
  return kgPerHour > 2 * uncertainty ? 'calculating' : 'not-significant';
}

/** What the instruments' errors do to the slope between two points, kg/h: the change of the mass, per hour. */
export function slopeBudget(pack: PackGeometry, first: Point, last: Point): Budget {
  const hours = (last.at - first.at) / hourMs;
  const alike = likeness(pack.chain.placement, hours);
  const difference = change(massBudget(pack, first), massBudget(pack, last), alike);
  return times(difference, hours === 0 ? 0 : 1 / hours);
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
