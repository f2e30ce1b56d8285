import { convertLoop } from '../../device/sensors/current-loop.ts';
import type { Measured } from '../../device/sensors/port.ts';
import { countsOf, inputVolts, voltsPerCount, type Converter } from './converter.ts';
import { uniformAt } from './noise.ts';
import type { Placement } from './placement.ts';
import { drawnThermometer, type Thermometer, type ThermometerClass } from './thermometer.ts';
import type { Transmitter } from './transmitter.ts';

/** Half-widths within which the errors of one loop lie. */
export interface LoopLimits {
  /** Zero in percent of span and, by itself, span error in percent of the value. */
  readonly classPercent: number;
  /** Percent of span per 10 K away from 20 degC. */
  readonly coefficientPercentPer10K: number;
  /** Of the loop's volts, live zero included. */
  readonly shuntPercent: number;
  readonly adcGainPercent: number;
  readonly adcOffsetCounts: number;
}

/** Half-widths of everything between a pack and its kilograms, as data sheets give them. */
export interface InstrumentClasses extends LoopLimits {
  readonly thermometer: ThermometerClass;
  readonly placement: Placement;
  readonly volumePercent: number;
}

/** A loop without any error. */
export const exactLoop: LoopLimits = {
  classPercent: 0,
  coefficientPercentPer10K: 0,
  shuntPercent: 0,
  adcGainPercent: 0,
  adcOffsetCounts: 0,
};

/** ADS1115 over its temperature range (SBAS444): gain 0.15 %, offset 3 counts of 125 uV. */
export const ads1115Limits = { adcGainPercent: 0.15, adcOffsetCounts: 3 } as const;

export interface Loop {
  readonly transmitter: Transmitter;
  readonly converter: Converter;
}

/** One pack's chain, its errors drawn. */
export interface Instruments {
  readonly pressure: Loop;
  readonly temperature: Loop;
  readonly thermometer: Thermometer;
  readonly placement: Placement;
}

/** What one loop is, before its errors are drawn. `stream` places its noise; see weather.ts. */
export interface LoopSetup {
  readonly stream: number;
  readonly range: readonly [low: number, high: number];
  readonly noise: number;
  readonly limits: LoopLimits;
}

export interface InstrumentSetup {
  readonly seed: number;
  readonly shuntOhm: number;
  readonly pressure: LoopSetup;
  readonly temperature: LoopSetup;
  /** undefined: an exact thermometer on the wall. */
  readonly thermometer:
    | { readonly class: ThermometerClass; readonly placement: Placement }
    | undefined;
}

/** Noise streams of the chain; the draws of a loop are 100 above its noise. */
export const noiseStream = { pressure: 10, temperature: 11 } as const;
const drawStream = { loop: 100, thermometer: 120, volume: 121, flowMeter: 124 } as const;

/** Uniform in -1 to 1: a rectangular distribution, where in its limits an error lies. */
function drawn(seed: number, stream: number, place: number): number {
  return 2 * uniformAt(seed, stream, place) - 1;
}

/** Draws every error of a chain once: independent of each other, the same for the same seed. */
export function drawInstruments(setup: InstrumentSetup): Instruments {
  const { seed, shuntOhm, thermometer } = setup;
  return {
    pressure: drawLoop(seed, shuntOhm, setup.pressure),
    temperature: drawLoop(seed, shuntOhm, setup.temperature),
    thermometer:
      thermometer === undefined
        ? { kind: 'exact' }
        : drawnThermometer(
            seed,
            thermometer.class,
            thermometer.placement,
            drawn(seed, drawStream.thermometer, 0),
          ),
    placement: thermometer?.placement ?? 'wall',
  };
}

function drawLoop(seed: number, shuntOhm: number, setup: LoopSetup): Loop {
  const { stream, range, noise, limits } = setup;
  const share = (place: number): number => drawn(seed, stream + drawStream.loop, place);
  return {
    transmitter: {
      seed,
      stream,
      low: range[0],
      high: range[1],
      noise,
      errors: {
        zero: (limits.classPercent / 100) * share(0),
        span: (limits.classPercent / 100) * share(1),
        driftPerK: (limits.coefficientPercentPer10K / 1000) * share(2),
      },
    },
    converter: {
      shuntOhm,
      errors: {
        shunt: (limits.shuntPercent / 100) * share(3),
        gain: (limits.adcGainPercent / 100) * share(4),
        offsetVolts: limits.adcOffsetCounts * voltsPerCount * share(5),
      },
    },
  };
}

/** True volume of a pack over its nominal one, for the seed of its chain. */
export function drawVolumeRatio(seed: number, volumePercent: number): number {
  return 1 + (volumePercent / 100) * drawn(seed, drawStream.volume, 0);
}

/** What a flow meter shows over what flows, for the seed of its chain; its class is in percent of the reading. */
export function drawFlowMeterRatio(seed: number, classPercent: number): number {
  return 1 + (classPercent / 100) * drawn(seed, drawStream.flowMeter, 0);
}

/** Counts of the converter when a loop carries `milliamps`. */
export function loopCounts({ converter }: Loop, milliamps: number): number {
  return countsOf(inputVolts(converter, milliamps));
}

/** What the device makes of counts, by its own conversion. */
export function measured({ transmitter, converter }: Loop, counts: number): Measured {
  const loop = {
    shuntOhm: converter.shuntOhm,
    range: [transmitter.low, transmitter.high],
  } as const;
  return convertLoop(counts * voltsPerCount, loop, counts);
}
