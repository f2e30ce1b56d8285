import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { classesSchema, instrumentsOf, loopsSchema } from '../scenarios/instruments.ts';
import {
  drawVolumeRatio,
  loopCounts,
  measured,
  type Instruments,
  type Loop,
} from './instruments.ts';
import { shownC } from './thermometer.ts';
import { loopMilliamps } from './transmitter.ts';

const loops = loopsSchema.parse({ pressure: { noiseMpa: 0 }, temperature: { noiseC: 0 } });
const classes = classesSchema.parse({ thermometer: 'pt100-b', placement: 'wall' });
const chain = (seed: number): Instruments => instrumentsOf({ seed, loops, classes });

/** Every drawn factor of a seed as where in its limits it lies, -1 to 1. */
function factors(seed: number): number[] {
  const { pressure, thermometer } = chain(seed);
  const { zero, span, driftPerK } = pressure.transmitter.errors;
  const { shunt, gain, offsetVolts } = pressure.converter.errors;
  return [
    zero / 0.005,
    span / 0.005,
    driftPerK / 0.0002,
    shunt / 0.001,
    gain / 0.0015,
    offsetVolts / (3 * 125e-6),
    thermometer.kind === 'drawn' ? thermometer.share : Number.NaN,
    (drawVolumeRatio(seed, 1) - 1) / 0.01,
  ];
}
const seeds = Array.from({ length: 4000 }, (_, index) => 50_000 + index);
const drawn = seeds.map(factors);
const read = (loop: Loop, value: number, atC: number) =>
  measured(loop, loopCounts(loop, loopMilliamps(loop.transmitter, value, atC, 0)));
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const column = (index: number): number[] => drawn.map((row) => row[index] ?? Number.NaN);

test('every error is rectangular within its limits: mean 0, deviation 1/sqrt 3, a tenth in each tenth', () => {
  for (let index = 0; index < 8; index += 1) {
    const values = column(index);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1 + 1e-9);
    expect(Math.abs(mean(values))).toBeLessThan(0.04);
    const deviation = Math.sqrt(mean(values.map((value) => value * value)));
    expect(Math.abs(deviation * Math.sqrt(3) - 1)).toBeLessThan(0.03);
    for (let tenth = -5; tenth < 5; tenth += 1) {
      const inside = values.filter((value) => value >= tenth / 5 && value < (tenth + 1) / 5);
      // Five standard deviations of a binomial count.
      expect(Math.abs(inside.length - 400)).toBeLessThan(95);
    }
  }
});

test('errors are independent of each other', () => {
  for (let one = 0; one < 8; one += 1)
    for (let other = 0; other < one; other += 1) {
      const [a, b] = [column(one), column(other)];
      const correlation = 3 * mean(a.map((value, row) => value * (b[row] ?? Number.NaN)));
      expect(Math.abs(correlation)).toBeLessThan(0.08);
    }
});

test('the same seed is the same chain, another seed another', () => {
  expect(JSON.stringify(chain(7))).toBe(JSON.stringify(chain(7)));
  expect(JSON.stringify(chain(7))).not.toBe(JSON.stringify(chain(8)));
});

test('what the device reads is off by no more than all limits together', () => {
  const mpa = fc.double({ min: 0.5, max: 25, noNaN: true });
  const celsius = fc.double({ min: -10, max: 45, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), mpa, celsius, (seed, pressureMpa, wallC) => {
      const { pressure } = chain(seed);
      const { value, raw } = read(pressure, pressureMpa, wallC);
      const limitMpa =
        0.005 * 40 +
        0.005 * pressureMpa +
        0.002 * 40 * (Math.abs(wallC - 20) / 10) +
        (0.001 + 0.0015) * (pressureMpa + 10) +
        (3.5 * 125e-6 * 40) / 2.4;
      expect(Math.abs((value ?? Number.NaN) - pressureMpa)).toBeLessThan(1.01 * limitMpa);
      expect(Number.isInteger(raw)).toBe(true);
    }),
  );
});

test('a chain without errors reads within half a count, and its thermometer shows the wall', () => {
  const exact = instrumentsOf({ seed: 3, loops });
  fc.assert(
    fc.property(fc.double({ min: 0, max: 40, noNaN: true }), (pressureMpa) => {
      const { pressure } = exact;
      const { value } = read(pressure, pressureMpa, 35);
      expect(Math.abs((value ?? Number.NaN) - pressureMpa)).toBeLessThan(
        (125e-6 * 20) / 2.4 + 1e-6,
      );
    }),
  );
  expect(shownC(exact.thermometer, { gasC: 12, wallC: 14 }, 0)).toBe(14);
});

test('a scenario’s accuracyPercent is zero and span of one class and nothing else', () => {
  const inexact = loopsSchema.parse({ pressure: { accuracyPercent: 0.5 } });
  const { pressure, temperature } = instrumentsOf({ seed: 9, loops: inexact });
  const full = chain(9).pressure.transmitter.errors;
  expect(pressure.transmitter.errors).toEqual({ ...full, driftPerK: expect.closeTo(0, 12) });
  expect(Math.abs(pressure.converter.errors.gain)).toBe(0);
  expect(Math.abs(temperature.transmitter.errors.zero)).toBe(0);
});

test('a drawn thermometer stays within its class of the gas and its placement', () => {
  const limits = { 'pt100-a': 0.15 + 0.002 * 40, 'pt100-b': 0.3 + 0.005 * 40, ds18b20: 0.5 };
  for (const thermometer of ['pt100-a', 'pt100-b', 'ds18b20'] as const) {
    const shown = seeds.slice(0, 500).map((seed) => {
      const { thermometer: drawn } = instrumentsOf({
        seed,
        loops,
        classes: { ...classes, thermometer },
      });
      if (drawn.kind !== 'drawn') throw new Error('no thermometer was drawn');
      const still = { ...drawn, placement: { amplitude: 0, waves: [] } };
      return shownC(still, { gasC: 40, wallC: 0 }, 0) - 40;
    });
    const widest = Math.max(...shown.map(Math.abs));
    expect(widest).toBeLessThanOrEqual(limits[thermometer]);
    expect(widest).toBeGreaterThan(0.95 * limits[thermometer]);
  }
});
