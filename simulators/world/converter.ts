/** The shunt and the ADS1115 (full scale 4.096 V, 125 uV a count: SBAS444, table 3) behind a current loop. */
export interface Converter {
  /** What the shunt is taken for; its true value is `1 + shunt` times that. */
  readonly shuntOhm: number;
  readonly errors: ConverterErrors;
}

/** Shares but for `offsetVolts`. All 0 make an exact one. */
export interface ConverterErrors {
  readonly shunt: number;
  readonly gain: number;
  readonly offsetVolts: number;
}

export const voltsPerCount = 125e-6;
const lowestCount = -32_768;
const highestCount = 32_767;

/**
 * Volts that an exact ADS1115 must be given so that it counts what this one counts over this shunt. Shunt and gain act on
 * the whole loop, its live zero included.
 */
export function inputVolts({ shuntOhm, errors }: Converter, milliamps: number): number {
  const overShunt = (milliamps / 1000) * shuntOhm * (1 + errors.shunt);
  return overShunt * (1 + errors.gain) + errors.offsetVolts;
}

/** Two's complement counts of an exact ADS1115. */
export function countsOf(volts: number): number {
  return Math.min(highestCount, Math.max(lowestCount, Math.round(volts / voltsPerCount)));
}
