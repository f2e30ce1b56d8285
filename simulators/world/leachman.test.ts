import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { absolutePressureMpa, atmosphereMpa, densityKgM3 } from './leachman.ts';

const kelvin = (celsius: number): number => celsius + 273.15;

/** kg in 1,500 L by NIST 2008 (facts/hydrogen.md, "What the pack really holds" and "Vectors"): degC, MPa gauge, kg. */
const packTable = [
  [0, 5, 6.58201],
  [0, 19.6, 23.2218],
  [15, 10, 12.0028],
  [20, 1, 1.35742],
  [20, 10, 11.8062],
  [20, 19.6, 21.7681],
  [35, 19.6, 20.7957],
  [40, 10, 11.0814],
  [-20, 19.6, 24.8931],
] as const;

test.each(packTable)(
  'a pack at %f degC and %f MPa gauge holds %f kg within 0.003 %%',
  (celsius, gauge, kg) => {
    const held = 1.5 * densityKgM3(gauge + atmosphereMpa, kelvin(celsius));
    expect(Math.abs(held / kg - 1)).toBeLessThan(3e-5);
  },
);

/** The isochore of a full pack (facts/hydrogen.md): degC, MPa gauge. */
const isochore = [
  [-10, 16.63],
  [0, 17.29],
  [15, 18.28],
  [20, 18.61],
  [40, 19.93],
] as const;

test.each(isochore)('a full pack reads at %f degC %f MPa gauge', (celsius, gauge) => {
  const full = densityKgM3(19.6 + atmosphereMpa, kelvin(35));
  expect(absolutePressureMpa(full, kelvin(celsius)) - atmosphereMpa).toBeCloseTo(gauge, 2);
});

const pressure = fc.double({ min: 0.1, max: 40, noNaN: true });
const temperature = fc.double({ min: 233, max: 358, noNaN: true });

test('density and pressure are each other’s inverse, and more gas is more pressure', () => {
  fc.assert(
    fc.property(pressure, temperature, (mpa, atKelvin) => {
      const density = densityKgM3(mpa, atKelvin);
      expect(absolutePressureMpa(density, atKelvin)).toBeCloseTo(mpa, 9);
      expect(absolutePressureMpa(density * 1.001, atKelvin)).toBeGreaterThan(mpa);
      expect(absolutePressureMpa(density, atKelvin + 1)).toBeGreaterThan(mpa);
    }),
  );
});

test('outside its range the equation refuses and names the values', () => {
  expect(() => densityKgM3(-1, 300)).toThrow('-1 MPa absolute');
  expect(() => densityKgM3(1, Number.NaN)).toThrow('NaN K');
});
