import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compressibility, density, molarDensity, pressureAtDensity } from './nist2008.ts';
import { absoluteMpa, gaugeMpa, kelvin, toAbsolute } from './pressure.ts';

/** The paper's table of check values. */
const published = [
  [200, 1, 1.0067545, 0.59732645],
  [300, 10, 1.05985282, 3.78267048],
  [400, 50, 1.24304763, 12.09449023],
  [500, 200, 1.74461629, 27.57562673],
  [200, 200, 2.85953449, 42.06006952],
] as const;

test.each(published)('check value at %d K, %d MPa', (temperatureK, mpa, z, molPerLitre) => {
  expect(Math.abs(compressibility(absoluteMpa(mpa), temperatureK) - z)).toBeLessThan(1e-8);
  expect(Math.abs(molarDensity(absoluteMpa(mpa), temperatureK) - molPerLitre)).toBeLessThan(1e-8);
});

/** facts/hydrogen.md: degC, MPa gauge, Z, kg/m3. */
const vectors = [
  [0, 5.0, 1.031916, 4.38801],
  [0, 19.6, 1.129589, 15.4812],
  [15, 10.0, 1.062177, 8.0019],
  [20, 1.0, 1.006546, 0.904944],
  [20, 10.0, 1.061452, 7.87079],
  [20, 19.6, 1.122809, 14.5121],
  [35, 19.6, 1.118101, 13.8638],
  [40, 10.0, 1.058653, 7.38758],
  [-20, 19.6, 1.137, 16.5954],
] as const;

test.each(vectors)('vector at %d degC, %d MPa gauge', (celsius, mpa, z, kgPerM3) => {
  const pressure = toAbsolute(gaugeMpa(mpa));
  expect(compressibility(pressure, kelvin(celsius)).toFixed(6)).toBe(z.toFixed(6));
  expect(Number(density(pressure, kelvin(celsius)).toPrecision(6))).toBe(kgPerM3);
});

const mpa = fc.double({ min: 1, max: 20, noNaN: true });
const celsius = fc.double({ min: -20, max: 60, noNaN: true });

test('the isochore inverts the density', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.05, max: 60, noNaN: true }), celsius, (p, t) => {
      const back = pressureAtDensity(density(absoluteMpa(p), kelvin(t)), kelvin(t));
      expect(Math.abs(back / p - 1)).toBeLessThan(1e-9);
    }),
  );
});

test('density rises with pressure and falls with temperature', () => {
  fc.assert(
    fc.property(mpa, celsius, (p, t) => {
      const here = density(absoluteMpa(p), kelvin(t));
      expect(density(absoluteMpa(p + 0.001), kelvin(t))).toBeGreaterThan(here);
      expect(density(absoluteMpa(p), kelvin(t + 0.01))).toBeLessThan(here);
    }),
  );
});
