import { normalAt, uniformAt } from './noise.ts';

/** Where a thermometer sits: on a cylinder's wall, or in the air beside it. */
export type Placement = 'wall' | 'ambient';

const hourMs = 3_600_000;

/**
 * How the gas differs from what the thermometer feels: standard deviations of the difference (limits of 1 and 2 K,
 * rectangular) and of its rate (0.2 and 1.2 K/h), as in the facts on hydrogen, "Derived quantities".
 */
const spread = {
  wall: { kelvin: 1 / Math.sqrt(3), kelvinPerHour: 0.2 },
  ambient: { kelvin: 2 / Math.sqrt(3), kelvinPerHour: 1.2 },
} as const;

/** A sum of cosines over time: radians per millisecond and radians. */
export interface SlowError {
  readonly amplitude: number;
  readonly waves: readonly { readonly perMs: number; readonly phase: number }[];
}

const waveCount = 32;
/** Noise streams of their own: see weather.ts. */
const frequencyStream = 122;
const phaseStream = 123;

/**
 * The placement's difference for a seed: a stationary Gaussian process with a squared-exponential covariance, whose length
 * `u / rate` gives it exactly the two standard deviations above over all seeds. Drawn as random Fourier features (Rahimi
 * and Recht 2007): normal frequencies, uniform phases, equal amplitudes.
 */
export function placementError(seed: number, placement: Placement): SlowError {
  const { kelvin, kelvinPerHour } = spread[placement];
  const lengthMs = (kelvin / kelvinPerHour) * hourMs;
  return {
    amplitude: kelvin * Math.sqrt(2 / waveCount),
    waves: Array.from({ length: waveCount }, (_, wave) => ({
      perMs: normalAt(seed, frequencyStream, wave) / lengthMs,
      phase: 2 * Math.PI * uniformAt(seed, phaseStream, wave),
    })),
  };
}

/** Kelvin at a time. */
export function slowErrorAt({ amplitude, waves }: SlowError, atMs: number): number {
  let sum = 0;
  for (const { perMs, phase } of waves) sum += Math.cos(perMs * atMs + phase);
  return amplitude * sum;
}
