import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { densityKgM3 } from './leachman.ts';
import { gaugePressureMpa, hydrogenKgAt, packAtRest, stepPack } from './pack.ts';
import { act, type Rig, type RigAction } from './rig.ts';
import { openTap, tapPressureMpa } from './tap.ts';

const setup = { openCylinders: 30, cylinderLitres: 50 };
const startMs = Date.parse('2026-06-21T00:00:00Z');
const rigAt = (mpa: number, celsius: number): Rig => ({
  pack: packAtRest(hydrogenKgAt(setup, mpa, celsius), celsius),
  tap: openTap,
});
const then = (rig: Rig, action: RigAction, atMs = startMs): Rig =>
  act(setup, rig, action, { atMs, ambientC: 20 });
const shows = ({ pack, tap }: Rig, atMs: number): number => tapPressureMpa(setup, pack, tap, atMs);

test('an isolated line falls to nothing within 5 to 20 s and comes back to the same mass', () => {
  const isolated = then(rigAt(10, 20), { kind: 'isolate' });
  expect(shows(isolated, startMs)).toBeCloseTo(10, 9);
  expect(shows(isolated, startMs + 5000)).toBeGreaterThan(0.1);
  expect(shows(isolated, startMs + 20_000)).toBeLessThan(0.001);
  expect(then(isolated, { kind: 'isolate' }, startMs + 60_000)).toEqual(isolated);
  const back = then(isolated, { kind: 'reopen' }, startMs + 600_000);
  expect(shows(back, startMs + 600_000)).toBeLessThan(0.001);
  expect(shows(back, startMs + 640_000)).toBeCloseTo(10, 6);
  expect(back.pack).toEqual(isolated.pack);
});

test('a root valve that closes holds an isochore: the tap follows temperature, not the draw', () => {
  const closed = then(rigAt(15, 20), { kind: 'root-valve', open: false });
  const trapped = densityKgM3(15 + 0.101325, 293.15);
  const drawn = {
    ...closed,
    pack: stepPack(setup, closed.pack, { ambientC: 20, globalWPerM2: 0 }, 1000, 3600),
  };
  fc.assert(
    fc.property(fc.double({ min: -20, max: 60, noNaN: true }), (wallC) => {
      const tap = shows({ ...drawn, pack: { ...drawn.pack, wallC } }, startMs + 3_600_000);
      expect(densityKgM3(tap + 0.101325, wallC + 273.15)).toBeCloseTo(trapped, 9);
    }),
  );
  const opened = then(drawn, { kind: 'root-valve', open: true });
  expect(shows(opened, startMs + 3_600_000)).toBeCloseTo(gaugePressureMpa(setup, opened.pack), 9);
});

test('an exchange is counted, and gas that is lost is no gas that was drawn', () => {
  const swapped = then(rigAt(3, 20), { kind: 'exchange', hydrogenKg: 12 });
  expect(swapped.pack).toMatchObject({ hydrogenKg: 12, exchanges: 1, gasC: 20 });
  const poorer = then(swapped, { kind: 'lose', hydrogenKg: 2 });
  expect(poorer.pack).toMatchObject({ hydrogenKg: 10, lostKg: 2, drawnKg: 0 });
  expect(() => then(poorer, { kind: 'lose', hydrogenKg: 11 })).toThrow('11 kg cannot be lost');
});

test('a leak leaves past the meter', () => {
  const leaking = then(rigAt(10, 20), { kind: 'leak', nlPerMin: 10 });
  const after = stepPack(setup, leaking.pack, { ambientC: 20, globalWPerM2: 0 }, 0, 60);
  expect(after.lostKg).toBeCloseTo(0.01 * 0.0898822, 12);
  expect(after.drawnKg).toBe(0);
});
