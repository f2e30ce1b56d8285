import { normalAt, uniformAt } from './noise.ts';

/**
 * A 4-20 mA transmitter. `accuracyPercent` is its class: offset and span error, each drawn once from the seed within
 * plus or minus that share of the span; 0 makes an exact one. `noise` is one standard deviation, in the unit measured.
 */
export interface Transmitter {
  readonly seed: number;
  /** Noise stream: different for every transmitter of a world. */
  readonly stream: number;
  readonly low: number;
  readonly high: number;
  readonly accuracyPercent: number;
  readonly noise: number;
}

/** Saturation after NAMUR NE 43. */
const lowestMilliamps = 3.8;
const highestMilliamps = 20.5;
/** The measured value is refreshed ten times a second, like a common transmitter's. */
const refreshMs = 100;

const signed = (uniform: number): number => 2 * uniform - 1;

/** Loop current for a value at a time; `atMs` only places the noise. */
export function loopMilliamps(transmitter: Transmitter, value: number, atMs: number): number {
  const { seed, stream, low, high, accuracyPercent, noise } = transmitter;
  const span = high - low;
  const offset = (accuracyPercent / 100) * signed(uniformAt(seed, stream + 100, 0));
  const gain = (accuracyPercent / 100) * signed(uniformAt(seed, stream + 100, 1));
  const noisy = value + noise * normalAt(seed, stream, Math.floor(atMs / refreshMs));
  const share = ((noisy - low) / span) * (1 + gain) + offset;
  return Math.min(highestMilliamps, Math.max(lowestMilliamps, 4 + 16 * share));
}

export function shuntVolts(milliamps: number, shuntOhm: number): number {
  return (milliamps / 1000) * shuntOhm;
}
