import fc from 'fast-check';
import { expect, test } from 'vitest';
import { density } from '../../gateway/hydrogen/nist2008.ts';
import { absoluteMpa, kelvin } from '../../gateway/hydrogen/pressure.ts';
import { densityKgM3 } from '../../simulators/world/leachman.ts';

/** Two equations of state by two hands: the gateway's (NIST 2008) and the simulated world's (Leachman 2009). */
const mpa = fc.double({ min: 1, max: 20, noNaN: true });
const celsius = fc.double({ min: -20, max: 60, noNaN: true });

test('the densities agree to 0.003 % over 1-20 MPa absolute and -20..60 degC', () => {
  fc.assert(
    fc.property(mpa, celsius, (p, t) => {
      const ours = density(absoluteMpa(p), kelvin(t));
      expect(Math.abs(ours / densityKgM3(p, kelvin(t)) - 1)).toBeLessThan(3e-5);
    }),
  );
});

test('at the corners and edges of the box, too', () => {
  for (const p of [1, 2, 5, 10, 15, 20])
    for (const t of [-20, 0, 20, 40, 60]) {
      const ours = density(absoluteMpa(p), kelvin(t));
      expect(Math.abs(ours / densityKgM3(p, kelvin(t)) - 1)).toBeLessThan(3e-5);
    }
});
