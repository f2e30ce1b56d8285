import type { GaugeMpa } from './pressure.ts';

/**
 * How a pack is measured. Limits are half-widths as data sheets give them; they become uncertainties as u = a / sqrt 3
 * (rectangular, GUM 4.3.7).
 */
export interface SensorChain {
  readonly instrument: Transmitter | Needle;
  readonly thermometer: ThermometerClass;
  readonly placement: Placement;
  readonly volumePercent: number;
}

/** A 4-20 mA transmitter read through a shunt by an ADS1115. */
export interface Transmitter {
  readonly kind: 'transmitter';
  /** Accuracy class in percent: of the span for the zero, of the value for the span. */
  readonly classPercent: number;
  readonly spanMpa: number;
  /** Shift with temperature, percent of span per 10 K away from 20 degC. */
  readonly coefficientPercentPer10K: number;
  /** Tolerance of the shunt that turns the loop current into a voltage. */
  readonly shuntPercent: number;
  /** Expanded uncertainty (k = 2) of a calibration of the whole chain that is in force: it takes the place of class,
   * shunt and converter. */
  readonly calibratedMpa?: number;
}

/** A Bourdon gauge read by a person. */
export interface Needle {
  readonly kind: 'needle';
  /** Accuracy class, percent of span (JIS B 7505-1); in the lowest tenth of the range half as much again. */
  readonly classPercent: number;
  readonly spanMpa: number;
  /** What the eye may miss, MPa: half a division. */
  readonly readingMpa: number;
}

/** IEC 60751 class A and B resistance thermometers, the DS18B20 (data sheet, -10 to 85 degC), and one held in the hand. */
const thermometerLimitK = {
  'pt100-a': (celsius: number) => 0.15 + 0.002 * Math.abs(celsius),
  'pt100-b': (celsius: number) => 0.3 + 0.005 * Math.abs(celsius),
  ds18b20: (celsius: number) => (celsius < -10 || celsius > 85 ? 2 : 0.5),
  handheld: () => 1,
};
export type ThermometerClass = keyof typeof thermometerLimitK;

/** How far the gas may be from what the thermometer feels: a sensor on a cylinder wall, or one in the air beside it. */
const gasDifferenceLimitK = { wall: 1, ambient: 2 };
export type Placement = keyof typeof gasDifferenceLimitK;

/** Standard uncertainty of the gas's difference from the thermometer, K. */
export function gasDifferenceK(placement: Placement): number {
  return gasDifferenceLimitK[placement] / Math.sqrt(3);
}

/** The worst supported of each, taken (and shown as assumed) where a configuration does not say. */
export const worstTransmitter: Transmitter = {
  kind: 'transmitter',
  classPercent: 0.5,
  spanMpa: 40,
  coefficientPercentPer10K: 0.2,
  shuntPercent: 0.1,
};
export const worstChain: SensorChain = {
  instrument: worstTransmitter,
  thermometer: 'ds18b20',
  placement: 'ambient',
  volumePercent: 1,
};
/** facts/hydrogen.md: class 1.6 on 0-25 MPa; divisions of 0.5 MPa are usual. */
export const worstNeedle: Needle = {
  kind: 'needle',
  classPercent: 1.6,
  spanMpa: 25,
  readingMpa: 0.25,
};

/** ADS1115 data sheet (SBAS444): gain error at most 0.15 % over temperature, offset at most 3 LSB of 125 uV; a shunt of
 * 150 ohm gives 2.4 V over the span. */
const adc = { gainPercent: 0.15, offsetVolts: 3 * 125e-6, stepVolts: 125e-6, fullLoopVolts: 2.4 };

/**
 * Standard uncertainties of a reading by their source, MPa. Signed: one drawn error moves the reading up or down by
 * this much, so that the same error at two operating points can be compared.
 */
export interface PressureErrors {
  readonly zero: number;
  readonly span: number;
  readonly temperatureCoefficient: number;
  readonly shunt: number;
  readonly adcGain: number;
  readonly adcOffset: number;
  /** Drawn anew with every look at a needle. */
  readonly reading: number;
}

export function pressureErrors(
  instrument: SensorChain['instrument'],
  pressure: GaugeMpa,
  temperatureC: number,
): PressureErrors {
  const u = (limitMpa: number) => limitMpa / Math.sqrt(3);
  const none = { zero: 0, span: 0, temperatureCoefficient: 0, shunt: 0, adcGain: 0, adcOffset: 0 };
  const { classPercent, spanMpa } = instrument;
  if (instrument.kind === 'needle') {
    const limitMpa = (classPercent / 100) * spanMpa * (pressure < spanMpa / 10 ? 1.5 : 1);
    return { ...none, zero: u(limitMpa), reading: u(instrument.readingMpa) };
  }
  const drift = ((instrument.coefficientPercentPer10K / 100) * spanMpa * (temperatureC - 20)) / 10;
  const temperatureCoefficient = u(drift);
  if (instrument.calibratedMpa !== undefined)
    return { ...none, zero: instrument.calibratedMpa / 2, temperatureCoefficient, reading: 0 };
  // Shunt and converter scale the whole loop current, live zero included: 4 mA are a quarter of the span.
  const liveMpa = pressure + spanMpa / 4;
  return {
    zero: u((classPercent / 100) * spanMpa),
    span: u((classPercent / 100) * pressure),
    temperatureCoefficient,
    shunt: u((instrument.shuntPercent / 100) * liveMpa),
    adcGain: u((adc.gainPercent / 100) * liveMpa),
    adcOffset: u((adc.offsetVolts / adc.fullLoopVolts) * spanMpa),
    reading: 0,
  };
}

/** Smallest step a reading can take, MPa: no spread of readings shows less than this. */
export function resolutionMpa(instrument: SensorChain['instrument']): number {
  if (instrument.kind === 'needle') return instrument.readingMpa;
  return (adc.stepVolts / adc.fullLoopVolts) * instrument.spanMpa;
}

/** Half-width that a reading of this instrument stays within, MPa: what two instruments are compared by. */
export function toleranceMpa(
  instrument: SensorChain['instrument'],
  pressure: GaugeMpa,
  temperatureC: number,
): number {
  return Math.sqrt(3) * standardPressureMpa(instrument, pressure, temperatureC);
}

/** k = 1 uncertainty of a pressure reading, MPa. */
export function standardPressureMpa(
  instrument: SensorChain['instrument'],
  pressure: GaugeMpa,
  temperatureC: number,
): number {
  return Math.hypot(...Object.values(pressureErrors(instrument, pressure, temperatureC)));
}

/** k = 1 uncertainty of the thermometer itself, K. */
export function standardThermometerK(thermometer: ThermometerClass, temperatureC: number): number {
  return thermometerLimitK[thermometer](temperatureC) / Math.sqrt(3);
}
