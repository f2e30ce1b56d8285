import type { z } from 'zod';
import { classesSchema, instrumentsOf, loopsSchema } from '../scenarios/instruments.ts';
import { drawFlowMeterRatio, drawVolumeRatio } from '../world/instruments.ts';
import { fullPackKg, hydrogenKgAt, packAtRest } from '../world/pack.ts';
import type { Place } from '../world/sun.ts';
import { advance, begin, minuteWeather, type Bench } from './course.ts';
import type { Draw } from './draws.ts';
import { timetable, type Planted } from './planted.ts';
import { sampleOf, type PackSample } from './sample.ts';

/** One pack, its weather, its instruments and what is done to it, from one time to another: plain data. */
export interface PackRun {
  /** Draws the errors of the instruments, and the weather where `weatherSeed` does not. */
  readonly seed: number;
  readonly weatherSeed?: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Whole milliseconds, 1 s to 60 s. */
  readonly everyMs: number;
  /** Gauge pressure in MPa at the air's temperature, or a lawful full pack. @default 'full' */
  readonly start?: number | 'full';
  readonly draws?: readonly Draw[];
  readonly planted?: readonly Planted[];
  /** A flow meter of this class, percent of its reading: an error drawn once. Left out: no flow meter. */
  readonly meterPercent?: number;
  /** Left out: exact instruments, with the thermometer on the wall. */
  readonly classes?: z.input<typeof classesSchema>;
  readonly loops?: z.input<typeof loopsSchema>;
  /** Nominal ones: the true volume is drawn from the classes. @default 30 of 50 L */
  readonly cylinders?: { readonly count: number; readonly litres: number };
  readonly place?: Place;
}

const shortestEveryMs = 1000;
const longestEveryMs = 60_000;
/** Keihinjima. */
const home: Place = { latitudeDeg: 35.63, longitudeDeg: 139.76 };

/**
 * Samples of a run, at `fromMs` and every `everyMs` after it: the same run gives the same bytes. Throws a RangeError for an
 * interval outside its limits, and where something planted cannot happen.
 */
export function* packRun(run: PackRun): Generator<PackSample, void, undefined> {
  const { fromMs, untilMs, everyMs, seed, meterPercent } = run;
  if (!Number.isInteger(everyMs) || everyMs < shortestEveryMs || everyMs > longestEveryMs)
    throw new RangeError(`everyMs must be whole, 1000 to 60000, not ${everyMs}`);
  const bench = benchOf(run);
  const meterRatio =
    meterPercent === undefined ? undefined : drawFlowMeterRatio(seed, meterPercent);
  const { ambientC } = bench.weather(fromMs);
  const { start = 'full' } = run;
  const startKg =
    start === 'full' ? fullPackKg(bench.cylinders) : hydrogenKgAt(bench.cylinders, start, ambientC);
  let course = begin(bench, packAtRest(startKg, ambientC), fromMs);
  for (let atMs = fromMs; atMs <= untilMs; atMs += everyMs) {
    course = advance(bench, course, atMs);
    if (course.sampling) yield sampleOf(bench, course, meterRatio);
  }
}

function benchOf(run: PackRun): Bench {
  const { seed, draws = [], planted = [], cylinders = { count: 30, litres: 50 } } = run;
  const classes = run.classes && classesSchema.parse(run.classes);
  const volumeRatio = drawVolumeRatio(seed, classes?.volumePercent ?? 0);
  return {
    cylinders: {
      openCylinders: cylinders.count,
      cylinderLitres: cylinders.litres * volumeRatio,
    },
    weather: minuteWeather({ seed: run.weatherSeed ?? seed, place: run.place ?? home }),
    instruments: instrumentsOf({ seed, loops: loopsSchema.parse(run.loops ?? {}), classes }),
    draws,
    timetable: timetable(planted),
  };
}
