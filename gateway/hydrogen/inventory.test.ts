import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PackGeometry } from './budget.ts';
import { inventory } from './inventory.ts';
import { stopMarginMpa, stopPressure } from './stop.ts';
import { gaugeMpa } from './pressure.ts';
import { pressureErrors, worstChain, worstNeedle, worstTransmitter } from './sensor-chain.ts';

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
    const margin = stopMarginMpa(pack, celsius);
    expect((stopPressure(pack, celsius) - margin).toFixed(2)).toBe(expected.toFixed(2));
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
  test('a good chain gives 0.17 kg for a full pack, the worst supported one 0.40 kg at 20 degC', () => {
    const good = at(19.6, 20, {
      ...pack,
      chain: {
        ...worstChain,
        instrument: { ...worstTransmitter, classPercent: 0.25, coefficientPercentPer10K: 0.1 },
        thermometer: 'pt100-b',
        placement: 'wall',
        volumePercent: 0.2,
      },
    });
    expect(good.expandedUncertaintyKg.toFixed(2)).toBe('0.17');
    expect(at(19.6, 20).expandedUncertaintyKg.toFixed(2)).toBe('0.40');
  });

  /** Every source drawn within its data sheet's limits, spelled out here by themselves. */
  test.each([
    [12, 28],
    [19, 33],
    [3, -2],
  ])('Monte Carlo at %d MPa, %d degC: the same spread within 3 %', (mpa, celsius) => {
    const random = mulberry32(20_261_122);
    const within = (limit: number) => limit * (2 * random() - 1);
    const draws = Array.from({ length: 40_000 }, () => {
      const live = mpa + 10;
      const pressure =
        mpa +
        within(0.005 * 40) +
        within(0.005 * mpa) +
        within((0.002 * 40 * (celsius - 20)) / 10) +
        within(0.001 * live) +
        within(0.0015 * live) +
        within(((3 * 125e-6) / 2.4) * 40);
      const temperature = celsius + within(0.5) + within(2);
      const scale = (1 + within(0.01)) * (1 + within(0.0002 * Math.sqrt(3)));
      const { totalKg, residualKg } = at(pressure, temperature);
      return { total: totalKg * scale, usable: (totalKg - residualKg) * scale };
    });
    const stated = at(mpa, celsius);
    const spread = (of: (draw: (typeof draws)[number]) => number) => 2 * deviation(draws.map(of));
    const total = stated.expandedUncertaintyKg / spread((draw) => draw.total);
    const usable = stated.usableExpandedUncertaintyKg / spread((draw) => draw.usable);
    expect(Math.abs(total - 1)).toBeLessThan(0.03);
    expect(Math.abs(usable - 1)).toBeLessThan(0.03);
  });

  test('an eye on a needle is far less sure than a transmitter', () => {
    const manual: PackGeometry = {
      ...pack,
      chain: { ...worstChain, instrument: worstNeedle, thermometer: 'handheld' },
    };
    expect(at(10, 20, manual).expandedUncertaintyKg).toBeGreaterThan(
      1.5 * at(10, 20).expandedUncertaintyKg,
    );
    // facts/hydrogen.md: +-0.40 MPa, and +-0.60 in the lowest tenth.
    expect(pressureErrors(worstNeedle, gaugeMpa(10), 20).zero * Math.sqrt(3)).toBeCloseTo(0.4, 9);
    expect(pressureErrors(worstNeedle, gaugeMpa(2), 20).zero * Math.sqrt(3)).toBeCloseTo(0.6, 9);
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

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  );
}

/** Seeded, so that a failure repeats. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
