import { z } from 'zod';
import {
  ads1115Limits,
  drawInstruments,
  exactLoop,
  noiseStream,
  type InstrumentClasses,
  type Instruments,
  type LoopLimits,
} from '../world/instruments.ts';

const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, { error: 'a range is [low, high] with low < high' });
const accuracyPercent = z.number().min(0).max(10).default(0);

/** Two current loops; `accuracyPercent` is the one error they have where no `classes` are given. */
export const loopsSchema = z.strictObject({
  shuntOhm: z.number().positive().max(500).default(150),
  pressure: z
    .strictObject({
      rangeMpa: range.default([0, 40]),
      accuracyPercent,
      noiseMpa: z.number().min(0).max(1).default(0.001),
    })
    .prefault({}),
  temperature: z
    .strictObject({
      rangeC: range.default([-40, 85]),
      accuracyPercent,
      noiseC: z.number().min(0).max(5).default(0.02),
    })
    .prefault({}),
});

/** Limits from which the seed draws a whole inexact chain; what is not said is the worst that is common. */
export const classesSchema = z.strictObject({
  classPercent: z.number().min(0).max(10).default(0.5),
  coefficientPercentPer10K: z.number().min(0).max(2).default(0.2),
  shuntPercent: z.number().min(0).max(5).default(0.1),
  adcGainPercent: z.number().min(0).max(5).default(ads1115Limits.adcGainPercent),
  adcOffsetCounts: z.number().min(0).max(100).default(ads1115Limits.adcOffsetCounts),
  thermometer: z.enum(['pt100-a', 'pt100-b', 'ds18b20']).default('ds18b20'),
  placement: z.enum(['wall', 'ambient']).default('ambient'),
  volumePercent: z.number().min(0).max(5).default(1),
});

interface Measuring {
  readonly seed: number;
  readonly loops: z.infer<typeof loopsSchema>;
  readonly classes?: InstrumentClasses | undefined;
}

/**
 * The chain a scenario describes. With classes, the thermometer's class is that of the temperature as it arrives: its loop
 * adds nothing but noise and the converter's steps.
 */
export function instrumentsOf({ seed, loops, classes }: Measuring): Instruments {
  const { pressure, temperature, shuntOhm } = loops;
  const ofClass = (classPercent: number): LoopLimits => ({ ...exactLoop, classPercent });
  return drawInstruments({
    seed,
    shuntOhm,
    pressure: {
      stream: noiseStream.pressure,
      range: pressure.rangeMpa,
      noise: pressure.noiseMpa,
      limits: classes ?? ofClass(pressure.accuracyPercent),
    },
    temperature: {
      stream: noiseStream.temperature,
      range: temperature.rangeC,
      noise: temperature.noiseC,
      limits: classes === undefined ? ofClass(temperature.accuracyPercent) : exactLoop,
    },
    thermometer: classes && { class: classes.thermometer, placement: classes.placement },
  });
}
