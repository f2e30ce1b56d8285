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
 * Standard uncertainty (K/h) that this puts into the slope of a straight line fitted to `hours`, the times of the
 * points. Exact for up to 24 points; of more, 24 evenly chosen ones stand for all.
 */
export function slopeUncertaintyKPerHour(placement: Placement, hours: readonly number[]): number {
  const times = hours.length <= mostTimes ? hours : thinned(hours);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const spread = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
  if (spread === 0) return Infinity;
  let variance = 0;
  for (const a of times)
    for (const b of times) variance += (a - mean) * (b - mean) * likeness(placement, a - b);
  return (gasDifferenceK(placement) * Math.sqrt(Math.max(0, variance))) / spread;
}

const mostTimes = 24;

function thinned(hours: readonly number[]): number[] {
  const step = (hours.length - 1) / (mostTimes - 1);
  return Array.from({ length: mostTimes }, (_, index) => hours[Math.round(index * step)] ?? 0);
}
