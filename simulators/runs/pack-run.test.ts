import { expect, test } from 'vitest';
import { densityKgM3 } from '../world/leachman.ts';
import { packRun, type PackRun } from './pack-run.ts';
import type { PackSample } from './sample.ts';

const hourMs = 3_600_000;
const fromMs = Date.parse('2026-06-21T00:00:00+09:00');
const later = (hours: number): number => fromMs + hours * hourMs;
const run = (more: Partial<PackRun> & { readonly hours?: number }): PackSample[] => {
  const { hours = 24, ...given } = more;
  return [...packRun({ seed: 11, fromMs, untilMs: later(hours), everyMs: 60_000, ...given })];
};
const batches = {
  kind: 'batches',
  fromMs,
  untilMs: later(10_000),
  nlPerMin: 200,
  onMinutes: 45,
  everyMinutes: 60,
} as const;
const at = (samples: readonly PackSample[], hours: number): PackSample => {
  const found = samples.find(({ atMs }) => atMs === later(hours));
  if (found === undefined) throw new Error(`no sample at ${hours} h`);
  return found;
};
const kgOf = (nlPerMin: number, hours: number): number => nlPerMin * hours * 0.06 * 0.0898822;

test('the same run gives the same bytes, another seed other ones', () => {
  const bytes = (seed: number): string =>
    JSON.stringify(run({ seed, classes: {}, meterPercent: 1, draws: [batches], hours: 3 }));
  expect(bytes(1)).toBe(bytes(1));
  expect(bytes(1)).not.toBe(bytes(2));
});

test('samples a second, ten seconds and a minute apart agree where they meet, over a day of draws and sun', () => {
  const ends = [1000, 10_000, 60_000].map((everyMs) => run({ everyMs, draws: [batches] }));
  const [fine = []] = ends;
  for (const coarse of ends.slice(1))
    for (const hours of [1, 6, 9.5, 12, 18, 24]) {
      const [a, b] = [at(fine, hours).truth, at(coarse, hours).truth];
      expect(Math.abs(b.hydrogenKg / a.hydrogenKg - 1)).toBeLessThan(1e-9);
      expect(Math.abs(b.pressureMpa / a.pressureMpa - 1)).toBeLessThan(1e-4);
      expect(Math.abs(b.gasC - a.gasC)).toBeLessThan(0.02);
      expect(Math.abs(b.wallC - a.wallC)).toBeLessThan(0.02);
    }
});

test('what is drawn is what the plan says, and mass balances', () => {
  const samples = run({ hours: 24, draws: [batches] });
  const [first, last] = [at(samples, 0).truth, at(samples, 24).truth];
  expect(last.drawnKg).toBeCloseTo(kgOf(200, 18), 9);
  expect(last.hydrogenKg).toBeCloseTo(first.hydrogenKg - last.drawnKg, 9);
  expect(at(samples, 0.5).truth.flowKgPerHour).toBeCloseTo(kgOf(200, 1), 12);
  expect(at(samples, 0.8).truth.flowKgPerHour).toBe(0);
});

test('an empty pack gives nothing more, and its meter says so', () => {
  const samples = run({ start: 0.5, meterPercent: 1, draws: [{ ...batches, kind: 'constant' }] });
  const { truth, flowNlPerMin } = at(samples, 24);
  expect(Math.abs(truth.pressureMpa)).toBeLessThan(0.03);
  expect([truth.flowKgPerHour, flowNlPerMin]).toEqual([0, 0]);
  expect(truth.hydrogenKg).toBeCloseTo(at(samples, 0).truth.hydrogenKg - truth.drawnKg, 12);
});

test('truth hangs together: mass is density times the true volume, which is within its class', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const [sample] = run({ seed, hours: 0, start: 9, classes: { volumePercent: 1 } });
    if (sample === undefined) throw new Error('no sample');
    const { volumeM3, hydrogenKg, pressureMpa, gasC, usableKg } = sample.truth;
    expect(pressureMpa).toBeCloseTo(9, 9);
    expect(Math.abs(volumeM3 / 1.5 - 1)).toBeLessThanOrEqual(0.01);
    expect(volumeM3).not.toBe(1.5);
    const kelvin = gasC + 273.15;
    expect(hydrogenKg).toBeCloseTo(volumeM3 * densityKgM3(pressureMpa + 0.101325, kelvin), 9);
    expect(usableKg).toBeCloseTo(hydrogenKg - volumeM3 * densityKgM3(1.101325, kelvin), 9);
  }
});

test('exact instruments show tap and wall; drawn ones are off, within their limits', () => {
  for (const { pressureMpa, temperatureC, truth } of run({ hours: 2 })) {
    expect(Math.abs((pressureMpa ?? Number.NaN) - truth.tapMpa)).toBeLessThan(0.007);
    expect(Math.abs((temperatureC ?? Number.NaN) - truth.wallC)).toBeLessThan(0.12);
  }
  const drawn = run({ hours: 2, classes: { thermometer: 'pt100-a', placement: 'wall' } });
  const errors = drawn.map(({ pressureMpa, truth }) => (pressureMpa ?? NaN) - truth.tapMpa);
  expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.45);
  expect(Math.min(...errors.map(Math.abs))).toBeGreaterThan(0.001);
});

test('a flow meter shows the flow and counts whole grams, both off by its one error', () => {
  const samples = run({ hours: 6, draws: [batches], meterPercent: 2 });
  const flowing = at(samples, 0.25);
  const ratio = (flowing.flowNlPerMin ?? Number.NaN) / 200;
  expect(Math.abs(ratio - 1)).toBeLessThanOrEqual(0.02);
  expect(ratio).not.toBe(1);
  for (const { drawnG, truth } of samples)
    expect(drawnG).toBe(Math.floor(truth.drawnKg * 1000 * ratio + 1e-9));
  expect(run({ hours: 0 })[0]).not.toHaveProperty('drawnG');
});

test('a swap: the line is vented, then another pack shows; equal, emptier or fuller as planned', () => {
  const swapped = (to: { timesOld: number } | { hydrogenKg: number }) =>
    run({
      hours: 6,
      start: 12,
      draws: [batches],
      planted: [{ kind: 'swap', atMs: later(2), minutes: 20, to }],
    });
  const equal = swapped({ timesOld: 1 });
  const before = at(equal, 2).truth.hydrogenKg;
  expect(at(equal, 2 + 5 / 60).truth).toMatchObject({
    line: 'vented',
    drawnKg: expect.closeTo(kgOf(200, 1.5), 9),
  });
  expect(Math.abs(at(equal, 2 + 5 / 60).pressureMpa ?? NaN)).toBeLessThan(0.01);
  expect(at(equal, 2 + 20 / 60).truth).toMatchObject({ exchanges: 1, hydrogenKg: before });
  expect(at(equal, 3).truth.hydrogenKg).toBeCloseTo(before - kgOf(200, 25 / 60), 9);
  const emptier = swapped({ hydrogenKg: 4 });
  expect(at(emptier, 2.5).truth.hydrogenKg).toBeLessThan(4);
  expect(at(emptier, 6).truth.drawnKg).toBeCloseTo(at(equal, 6).truth.drawnKg, 9);
});

test('an isolation takes seconds, draws nothing, and returns to the mass that was left or lost', () => {
  const isolated = (lostKg?: number) =>
    run({
      hours: 3,
      start: 15,
      everyMs: 1000,
      draws: [{ ...batches, kind: 'constant' }],
      planted: [
        { kind: 'isolation', fromMs: later(1), untilMs: later(2), ...(lostKg && { lostKg }) },
      ],
    });
  const samples = isolated();
  const seconds = (hours: number, s: number): PackSample => at(samples, hours + s / 3600);
  expect(seconds(1, 0).truth.tapMpa).toBeGreaterThan(13);
  expect(seconds(1, 5).truth.tapMpa).toBeGreaterThan(0.5);
  expect(seconds(1, 20).truth.tapMpa).toBeLessThan(0.001);
  expect(seconds(1, 1800).truth.flowKgPerHour).toBe(0);
  expect(at(samples, 2).truth.hydrogenKg).toBeCloseTo(at(samples, 1).truth.hydrogenKg, 12);
  const back = seconds(2, 30).truth;
  expect(Math.abs(back.tapMpa - back.pressureMpa)).toBeLessThan(1e-4);
  const lost = at(isolated(0.7), 2).truth;
  expect(lost.lostKg).toBe(0.7);
  expect(lost.hydrogenKg).toBeCloseTo(at(samples, 2).truth.hydrogenKg - 0.7, 9);
});

test('closed cylinders: the rest falls faster, and reopening equalises', () => {
  const samples = run({
    hours: 12,
    draws: [{ ...batches, kind: 'constant' }],
    planted: [{ kind: 'closed-cylinders', count: 6, fromMs: later(2), untilMs: later(10) }],
  });
  const closed = at(samples, 3).truth;
  expect(closed.volumeM3).toBeCloseTo(1.2, 12);
  expect(closed.closedKg).toBeCloseTo(at(samples, 2).truth.closedKg, 12);
  const open = at(samples, 10).truth;
  expect(open.pressureMpa).toBeGreaterThan(at(samples, 10 - 1 / 60).truth.pressureMpa + 1);
  const first = at(samples, 0).truth;
  const last = at(samples, 12).truth;
  expect(last).toMatchObject({ closedKg: 0, volumeM3: 1.5 });
  expect(last.hydrogenKg).toBeCloseTo(first.hydrogenKg - last.drawnKg, 9);
});

test('a stuck transmitter shows one value, noise and all, until it is mended', () => {
  const samples = run({
    hours: 8,
    draws: [batches],
    classes: {},
    planted: [{ kind: 'stuck-pressure', fromMs: later(1), untilMs: later(6) }],
  });
  const between = (from: number, until: number) =>
    new Set(
      samples
        .filter(({ atMs }) => atMs >= later(from) && atMs < later(until))
        .map(({ rawPressure }) => rawPressure),
    );
  expect(between(1, 6).size).toBe(1);
  expect(between(6, 8).size).toBeGreaterThan(20);
});

test('a slow loss leaves no trace on the meter', () => {
  const samples = run({
    meterPercent: 1,
    planted: [{ kind: 'slow-loss', nlPerMin: 2, fromMs: later(4) }],
  });
  const { truth, drawnG } = at(samples, 24);
  expect(truth.lostKg).toBeCloseTo(kgOf(2, 20), 9);
  expect(truth.hydrogenKg).toBeCloseTo(at(samples, 0).truth.hydrogenKg - truth.lostKg, 9);
  expect([drawnG, truth.flowKgPerHour]).toEqual([0, 0]);
});

test('behind a closed root valve the tap keeps its density while the pack is drawn', () => {
  const samples = run({
    hours: 20,
    draws: [batches],
    planted: [{ kind: 'root-valve-closed', fromMs: later(1), untilMs: later(19) }],
  });
  const densities = samples
    .filter(({ atMs }) => atMs >= later(1) && atMs < later(19))
    .map(({ truth }) => densityKgM3(truth.tapMpa + 0.101325, truth.wallC + 273.15));
  expect(Math.max(...densities) - Math.min(...densities)).toBeLessThan(1e-9);
  const end = at(samples, 20).truth;
  expect(at(samples, 18).truth.tapMpa - at(samples, 18).truth.pressureMpa).toBeGreaterThan(5);
  expect(end.tapMpa).toBeCloseTo(end.pressureMpa, 9);
});

test('a loop fault is null with the device’s reason, a gap is no sample at all', () => {
  const samples = run({
    hours: 4,
    planted: [
      { kind: 'loop-fault', loop: 'pressure', state: 'cut', fromMs: later(1), untilMs: later(2) },
      {
        kind: 'loop-fault',
        loop: 'temperature',
        state: 'short',
        fromMs: later(1),
        untilMs: later(2),
      },
      { kind: 'data-gap', fromMs: later(2.5), untilMs: later(3) },
    ],
  });
  expect(at(samples, 1.5)).toMatchObject({
    pressureMpa: null,
    whyPressure: 'loop-open',
    temperatureC: null,
    whyTemperature: 'loop-short',
  });
  expect(at(samples, 2).pressureMpa).not.toBeNull();
  expect(at(samples, 2)).not.toHaveProperty('whyPressure');
  expect(samples).toHaveLength(241 - 30);
});

test('what cannot be is refused', () => {
  expect(() => run({ everyMs: 500 })).toThrow('1000 to 60000, not 500');
  expect(() =>
    run({ planted: [{ kind: 'closed-cylinders', count: 30, fromMs: later(1) }] }),
  ).toThrow('30 of 30 open cylinders');
});
