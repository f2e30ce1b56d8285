import { normalAt } from './noise.ts';

/** Errors of one transmitter, shares of the span but for `span`, a share of the value. All 0 make an exact one. */
export interface TransmitterErrors {
  readonly zero: number;
  readonly span: number;
  /** Per kelvin that the transmitter is away from 20 degC. */
  readonly driftPerK: number;
}

/** A 4-20 mA transmitter. `noise` is one standard deviation, in the unit measured. */
export interface Transmitter {
  readonly seed: number;
  /** Noise stream: different for every transmitter of a world. */
  readonly stream: number;
  readonly low: number;
  readonly high: number;
  readonly errors: TransmitterErrors;
  readonly noise: number;
}

/** Saturation after NAMUR NE 43. */
const lowestMilliamps = 3.8;
const highestMilliamps = 20.5;
/** The measured value is refreshed ten times a second, like a common transmitter's. */
const refreshMs = 100;
/** Where a data sheet's temperature coefficient counts from. */
const referenceC = 20;

/** Loop current for a value at a time; `atMs` only places the noise, `transmitterC` is what its electronics feel. */
export function loopMilliamps(
  transmitter: Transmitter,
  value: number,
  transmitterC: number,
  atMs: number,
): number {
  const { seed, stream, low, high, errors, noise } = transmitter;
  const noisy = value + noise * normalAt(seed, stream, Math.floor(atMs / refreshMs));
  const drift = errors.driftPerK * (transmitterC - referenceC);
  const share = ((noisy - low) / (high - low)) * (1 + errors.span) + errors.zero + drift;
  return Math.min(highestMilliamps, Math.max(lowestMilliamps, 4 + 16 * share));
}
