import type { GaugeMpa } from './pressure.ts';

/** How a pack is measured. Limits are half-widths as data sheets give them; they become uncertainties as u = a / sqrt 3
 * (rectangular, GUM 4.3.7). */
export interface SensorChain {
  readonly transmitter: {
    /** Accuracy class in percent of span. */
    readonly classPercent: number;
    readonly spanMpa: number;
    /** Zero and span shift with temperature, percent of span per 10 K away from 20 degC. */
    readonly coefficientPercentPer10K: number;
  };
  /** Tolerance of the shunt that turns the loop current into a voltage. */
  readonly shuntPercent: number;
  readonly thermometer: ThermometerClass;
  readonly placement: Placement;
  readonly volumePercent: number;
}

/** IEC 60751 class A and B resistance thermometers, and the DS18B20 (data sheet, -10 to 85 degC). */
const thermometerLimitK = {
  'pt100-a': (celsius: number) => 0.15 + 0.002 * Math.abs(celsius),
  'pt100-b': (celsius: number) => 0.3 + 0.005 * Math.abs(celsius),
  ds18b20: (celsius: number) => (celsius < -10 || celsius > 85 ? 2 : 0.5),
};
export type ThermometerClass = keyof typeof thermometerLimitK;

/** How far the gas may be from what the thermometer feels: a sensor on a cylinder wall, or one in the air beside it. */
const gasDifferenceLimitK = { wall: 1, ambient: 2 };
export type Placement = keyof typeof gasDifferenceLimitK;

/** The worst supported of each, taken (and shown as assumed) where a configuration does not say. */
export const worstChain: SensorChain = {
  transmitter: { classPercent: 0.5, spanMpa: 40, coefficientPercentPer10K: 0.2 },
  shuntPercent: 0.1,
  thermometer: 'ds18b20',
  placement: 'ambient',
  volumePercent: 1,
};

/** ADS1115 data sheet (SBAS444): gain error at most 0.15 % over temperature, offset at most 3 LSB of 125 uV. */
const adc = { gainPercent: 0.15, offsetVolts: 3 * 125e-6, fullLoopVolts: 2.4 };

export interface StandardUncertainties {
  readonly pressureMpa: number;
  readonly temperatureK: number;
  readonly relativeVolume: number;
}

/** k = 1 uncertainties of what the mass is computed from, at this operating point. */
export function standardUncertainties(
  chain: SensorChain,
  pressure: GaugeMpa,
  temperatureC: number,
): StandardUncertainties {
  const { classPercent, spanMpa, coefficientPercentPer10K } = chain.transmitter;
  const driftPercent = (coefficientPercentPer10K * Math.abs(temperatureC - 20)) / 10;
  // Shunt and converter scale the whole loop current, live zero included: 4 mA are a quarter of the span.
  const liveMpa = pressure + spanMpa / 4;
  const limitsMpa = [
    (classPercent / 100) * spanMpa,
    (driftPercent / 100) * spanMpa,
    (chain.shuntPercent / 100) * liveMpa,
    (adc.gainPercent / 100) * liveMpa,
    (adc.offsetVolts / adc.fullLoopVolts) * spanMpa,
  ];
  return {
    pressureMpa: Math.hypot(...limitsMpa) / Math.sqrt(3),
    temperatureK:
      Math.hypot(
        thermometerLimitK[chain.thermometer](temperatureC),
        gasDifferenceLimitK[chain.placement],
      ) / Math.sqrt(3),
    relativeVolume: chain.volumePercent / 100 / Math.sqrt(3),
  };
}
