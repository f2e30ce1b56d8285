import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inventory, residualPressureMpa, stopPressure, type PackGeometry } from './inventory.ts';
import { gaugeMpa } from './pressure.ts';
import { standardUncertainties, worstChain } from './sensor-chain.ts';

const pack: PackGeometry = {
  openCylinders: 30,
  cylinderLitres: 50,
  chain: worstChain,
  stopReferenceC: 0,
};

const at = (mpa: number, celsius: number, geometry = pack) => {
  const result = inventory(geometry, gaugeMpa(mpa), celsius);
  if (result === undefined) throw new Error(`${mpa} MPa at ${celsius} degC is out of range`);
  return result;
};

/** facts/hydrogen.md: degC, MPa gauge, kg in the pack, kg above 1 MPa gauge; six digits as printed there. */
const vectors = [
  [0, 5.0, 6.58201, 5.12558],
  [0, 19.6, 23.2218, 21.7653],
  [15, 10.0, 12.0028, 10.622],
  [20, 1.0, 1.35742, 0],
  [20, 10.0, 11.8062, 10.4488],
  [20, 19.6, 21.7681, 20.4107],
  [35, 19.6, 20.7957, 19.5041],
  [40, 10.0, 11.0814, 9.81032],
  [-20, 19.6, 24.8931, 23.3219],
] as const;

test.each(vectors)('%d degC, %d MPa gauge', (celsius, mpa, total, usable) => {
  const { totalKg, usableKg } = at(mpa, celsius);
  expect(Number(totalKg.toPrecision(6))).toBe(total);
  expect(Number(usableKg.toPrecision(6))).toBe(usable);
});

test('a lawfully full pack holds 231 Nm3, not the notice’s 298', () => {
  expect(at(19.6, 35).normalCubicMetres).toBeCloseTo(20.7957 / 0.0898822, 2);
});

describe('stop pressure', () => {
  test.each([
    [20, 1.08],
    [35, 1.14],
  ])('at %d degC, before the uncertainty of the pressure', (celsius, expected) => {
    const u = standardUncertainties(pack.chain, residualPressureMpa, celsius).pressureMpa;
    expect((stopPressure(pack, celsius) - 2 * u).toFixed(2)).toBe(expected.toFixed(2));
  });

  test('a pack colder than the reference still stops at 1 MPa or more', () => {
    expect(stopPressure(pack, -15)).toBeGreaterThan(1);
  });

  test('usable before stop is never more than usable', () => {
    const { usableKg, usableBeforeStopKg } = at(5, 20);
    expect(usableBeforeStopKg).toBeLessThan(usableKg);
    expect(at(1.05, 20).usableBeforeStopKg).toBe(0);
  });
});

describe('uncertainty', () => {
  test('a good chain gives 0.16 kg for a full pack, the worst supported one 0.38 kg at 20 degC', () => {
    const good = at(19.6, 20, {
      ...pack,
      chain: {
        ...worstChain,
        transmitter: { classPercent: 0.25, spanMpa: 40, coefficientPercentPer10K: 0.1 },
        thermometer: 'pt100-b',
        placement: 'wall',
        volumePercent: 0.2,
      },
    });
    expect(good.expandedUncertaintyKg.toFixed(2)).toBe('0.16');
    expect(at(19.6, 20).expandedUncertaintyKg.toFixed(2)).toBe('0.38');
  });

  test('Monte Carlo over the same limits gives the same spread within 3 %', () => {
    const u = standardUncertainties(pack.chain, gaugeMpa(12), 28);
    const draw = normal(20_261_122);
    const masses = Array.from({ length: 40_000 }, () => {
      const volume = 1 + u.relativeVolume * draw();
      return (
        at(12 + u.pressureMpa * draw(), 28 + u.temperatureK * draw()).totalKg *
        volume *
        (1 + 0.0002 * draw())
      );
    });
    const mean = masses.reduce((sum, kg) => sum + kg, 0) / masses.length;
    const spread = Math.sqrt(
      masses.reduce((sum, kg) => sum + (kg - mean) ** 2, 0) / (masses.length - 1),
    );
    expect(Math.abs(at(12, 28).expandedUncertaintyKg / (2 * spread) - 1)).toBeLessThan(0.03);
  });
});

test('outside the equation there is no figure', () => {
  expect(inventory(pack, gaugeMpa(-0.2), 20)).toBeUndefined();
  expect(inventory(pack, gaugeMpa(75), 20)).toBeUndefined();
  expect(inventory(pack, gaugeMpa(10), -60)).toBeUndefined();
});

test('mass rises with pressure, falls with temperature and scales with open cylinders', () => {
  const mpa = fc.double({ min: 0.1, max: 25, noNaN: true });
  const celsius = fc.double({ min: -20, max: 60, noNaN: true });
  fc.assert(
    fc.property(mpa, celsius, fc.integer({ min: 1, max: 29 }), (p, t, open) => {
      const here = at(p, t).totalKg;
      expect(at(p + 0.01, t).totalKg).toBeGreaterThan(here);
      expect(at(p, t + 0.1).totalKg).toBeLessThan(here);
      expect(at(p, t, { ...pack, openCylinders: open }).totalKg).toBeCloseTo((here * open) / 30, 9);
    }),
  );
});

/** Seeded normal deviates (mulberry32 and Box-Muller), so that a failure repeats. */
function normal(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
