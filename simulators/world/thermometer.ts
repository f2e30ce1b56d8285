import { placementError, slowErrorAt, type Placement, type SlowError } from './placement.ts';

export type ThermometerClass = 'pt100-a' | 'pt100-b' | 'ds18b20';

/** IEC 60751 classes A and B; the DS18B20's data sheet. Half-widths in kelvin at a temperature in degC. */
const limitK: Readonly<Record<ThermometerClass, (celsius: number) => number>> = {
  'pt100-a': (celsius) => 0.15 + 0.002 * Math.abs(celsius),
  'pt100-b': (celsius) => 0.3 + 0.005 * Math.abs(celsius),
  ds18b20: () => 0.5,
};

/**
 * What stands for the gas temperature: `exact` shows the wall as it is; `drawn` is off by `share` of its class, and the
 * gas is where the placement's own error says.
 */
export type Thermometer =
  | { readonly kind: 'exact' }
  | {
      readonly kind: 'drawn';
      readonly class: ThermometerClass;
      readonly share: number;
      readonly placement: SlowError;
    };

export interface Temperatures {
  readonly gasC: number;
  readonly wallC: number;
}

/** A thermometer of a class: `share` is where in its limits it lies, -1 to 1. */
export function drawnThermometer(
  seed: number,
  className: ThermometerClass,
  placement: Placement,
  share: number,
): Thermometer {
  return { kind: 'drawn', class: className, share, placement: placementError(seed, placement) };
}

/** degC that it shows, without noise, at a time of the world's clock. */
export function shownC(
  thermometer: Thermometer,
  { gasC, wallC }: Temperatures,
  worldMs: number,
): number {
  if (thermometer.kind === 'exact') return wallC;
  const feltC = gasC + slowErrorAt(thermometer.placement, worldMs);
  return feltC + thermometer.share * limitK[thermometer.class](feltC);
}
