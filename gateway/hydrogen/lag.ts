import { gasDifferenceK, type Placement } from './sensor-chain.ts';

/**
 * How the gas's difference from the thermometer moves. Known of it are its size (`gasDifferenceK`) and how fast it may
 * change: 0.2 K/h for a sensor on the wall, 1.2 K/h for one in the air (sun and wind; 75 g/h of phantom flow near full).
 * The least that has both is a smooth stationary process with correlation exp(-t^2 / 2 L^2), L = size / rate. For a
 * short window it gives the rate itself, for a long one less: a difference cannot drift away for ever.
 */
const rateKPerHour = { wall: 0.2, ambient: 1.2 } as const;

function lengthHours(placement: Placement): number {
  return gasDifferenceK(placement) / rateKPerHour[placement];
}

/** Correlation of the difference with itself after some hours, 0 to 1. */
export function likeness(placement: Placement, hours: number): number {
  const ratio = hours / lengthHours(placement);
  return Math.exp((-ratio * ratio) / 2);
}

/**
 * Standard uncertainty (K/h) that this puts into the slope of a straight line fitted to points at these times (hours,
 * rising). A few points are taken as they are; more than that as evenly spaced, which they are but for gaps.
 */
export function slopeUncertaintyKPerHour(placement: Placement, hours: readonly number[]): number {
  const minutes = Math.round(((hours.at(-1) ?? 0) - (hours[0] ?? 0)) * 60);
  if (hours.length < fewTimes || minutes === 0) return slopeOf(placement, hours);
  const known = evenSlopes[placement];
  const cached = known.get(minutes);
  if (cached !== undefined) return cached;
  const step = minutes / 60 / (evenTimes - 1);
  const even = Array.from({ length: evenTimes }, (_, index) => index * step);
  const slope = slopeOf(placement, even);
  if (known.size < mostKnown) known.set(minutes, slope);
  return slope;
}

const fewTimes = 5;
const evenTimes = 24;
/** By the length of the window in whole minutes: the same few lengths come up every minute. */
const evenSlopes = { wall: new Map<number, number>(), ambient: new Map<number, number>() };
const mostKnown = 20_000;

function slopeOf(placement: Placement, times: readonly number[]): number {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const spread = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
  if (spread === 0) return Infinity;
  let variance = 0;
  for (const a of times)
    for (const b of times) variance += (a - mean) * (b - mean) * likeness(placement, a - b);
  return (gasDifferenceK(placement) * Math.sqrt(Math.max(0, variance))) / spread;
}
