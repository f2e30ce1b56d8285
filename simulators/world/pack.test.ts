import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  closeCylinders,
  exchanged,
  gaugePressureMpa,
  hydrogenKgAt,
  kgPerNormalCubicMetre,
  openCylinders,
  openVolumeM3,
  packAtRest,
  stepPack,
  type PackState,
} from './pack.ts';

const setup = { openCylinders: 30, cylinderLitres: 50 };
const at = (mpa: number, celsius: number): PackState =>
  packAtRest(hydrogenKgAt(setup, mpa, celsius), celsius);
const sunny = { ambientC: 28, globalWPerM2: 700 };

const walk = (from: PackState, nlPerMin: number, seconds: number, dtSeconds: number): PackState => {
  let pack = from;
  for (let done = 0; done < seconds; done += dtSeconds)
    pack = stepPack(setup, pack, sunny, nlPerMin, dtSeconds);
  return pack;
};

test('a step of a minute ends where sixty of a second do, full and nearly empty, at the largest draw', () => {
  for (const [mpa, seconds] of [
    [19, 3 * 3600],
    [2, 900],
  ] as const) {
    const fine = walk(at(mpa, 20), 1000, seconds, 1);
    const coarse = walk(at(mpa, 20), 1000, seconds, 60);
    expect(coarse.hydrogenKg).toBeCloseTo(fine.hydrogenKg, 9);
    expect(Math.abs(coarse.gasC - fine.gasC)).toBeLessThan(0.02);
    expect(Math.abs(coarse.wallC - fine.wallC)).toBeLessThan(0.02);
    const ratio = gaugePressureMpa(setup, coarse) / gaugePressureMpa(setup, fine);
    expect(Math.abs(ratio - 1)).toBeLessThan(1e-4);
  }
});

/** The same physics by small explicit steps, written down again from the two heat balances. */
test('temperatures are those of the heat balances, integrated in small steps', () => {
  const draw = 500;
  let { hydrogenKg, gasC, wallC } = at(15, 20);
  const dt = 0.05;
  for (let done = 0; done < 1800 / dt; done += 1) {
    const outKgPerS = (draw / 60_000) * kgPerNormalCubicMetre;
    const absolutePa =
      (gaugePressureMpa(setup, { ...at(15, 20), hydrogenKg, gasC }) + 0.101325) * 1e6;
    const workW = (outKgPerS * absolutePa * 1.5) / hydrogenKg;
    const intoGasW = 30 * 50 * (wallC - gasC);
    const intoWallW = 30 * (12 * (28 - wallC) + 0.05 * 700) - intoGasW;
    gasC += ((intoGasW - workW) * dt) / (hydrogenKg * 10_160);
    wallC += (intoWallW * dt) / (30 * 55 * 470);
    hydrogenKg -= outKgPerS * dt;
  }
  const stepped = walk(at(15, 20), draw, 1800, 60);
  expect(Math.abs(stepped.gasC - gasC)).toBeLessThan(0.01);
  expect(Math.abs(stepped.wallC - wallC)).toBeLessThan(0.01);
  expect(stepped.hydrogenKg).toBeCloseTo(hydrogenKg, 6);
});

test('mass balances exactly over draws, losses, closed valves and exchanges', () => {
  const move = fc.oneof(
    fc.record({ draw: fc.nat(1500), dt: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ loss: fc.nat(50) }),
    fc.record({ close: fc.integer({ min: 1, max: 3 }) }),
    fc.constant('open' as const),
    fc.record({ swap: fc.double({ min: 1, max: 20, noNaN: true }) }),
  );
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const start = at(8, 15);
      let pack = start;
      for (const one of moves) {
        if (one === 'open') pack = openCylinders(pack);
        else if ('draw' in one) pack = stepPack(setup, pack, sunny, one.draw, one.dt);
        else if ('loss' in one) pack = { ...pack, lossNlPerMin: one.loss };
        else if ('swap' in one) pack = exchanged(pack, one.swap, 20);
        else if (pack.closedCylinders < 25) pack = closeCylinders(setup, pack, one.close);
      }
      const held = pack.hydrogenKg + pack.closedKg;
      const balance = start.hydrogenKg - pack.drawnKg - pack.lostKg + pack.exchangedKg;
      expect(held).toBeCloseTo(balance, 9);
      expect(gaugePressureMpa(setup, pack)).toBeGreaterThan(-0.02);
    }),
  );
});

test('what is drawn is exactly what was asked for, until the pack is down to the air', () => {
  const drawn = walk(at(10, 20), 100, 3600, 10);
  expect(drawn.drawnKg).toBeCloseTo(6 * kgPerNormalCubicMetre, 12);
  expect(drawn.lostKg).toBe(0);
  const empty = walk(at(0.5, 20), 1000, 7200, 60);
  expect(Math.abs(gaugePressureMpa(setup, empty))).toBeLessThan(0.02);
});

test('closing valves changes no pressure, only the volume; opening equalises at the same mass', () => {
  const pack = walk(at(12, 20), 0, 600, 60);
  const closed = closeCylinders(setup, pack, 6);
  expect(gaugePressureMpa(setup, closed)).toBeCloseTo(gaugePressureMpa(setup, pack), 12);
  expect(openVolumeM3(setup, closed)).toBeCloseTo(1.2, 12);
  const drawn = walk(closed, 300, 7200, 60);
  const reopened = openCylinders(drawn);
  expect(reopened.hydrogenKg).toBeCloseTo(pack.hydrogenKg - drawn.drawnKg, 12);
  expect(gaugePressureMpa(setup, reopened)).toBeGreaterThan(gaugePressureMpa(setup, drawn) + 0.3);
  expect(() => closeCylinders(setup, closed, 24)).toThrow('24 of 24 open cylinders');
});
