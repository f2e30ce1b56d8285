import { parseReading, type Frame } from '#device/contract';
import { expect, test } from 'vitest';
import { instrumentsOf } from '../scenarios/instruments.ts';
import { firstWorld, parseScenario, worldSetup } from '../scenarios/scenario.ts';
import { displayWh, gaugeMpaOf, stepWorld } from '../world/world.ts';
import { framesUntil, moveTo, type Course } from './frames.ts';

const scenario = parseScenario('loops: { pressure: { noiseMpa: 0 } }', 'test');
const sampler = {
  setup: worldSetup(scenario),
  instruments: instrumentsOf(scenario),
  stream: 'fill-test',
  pack: 'pack-1',
  meter: 'pv-1',
  fuelCell: { id: 'fc-1', serial: 'FC-1' },
  gridMeter: { id: 'grid-1', serial: 1 },
  soldMeter: 'sold-1',
};
const fromMs = Date.parse('2026-06-21T09:00:03.500+09:00');
const begin = (): Course => ({
  point: { fromMs, state: firstWorld(scenario, fromMs) },
  meterReadAt: undefined,
});
const valueOf = (frame: Frame | undefined, channel: string): number => {
  const value = frame?.readings[channel]?.value;
  if (typeof value !== 'number') throw new Error(`${channel} has no value at ${frame?.at}`);
  return value;
};

const course = begin();
const frames = [...framesUntil(sampler, course, () => fromMs + 2 * 3_600_000, 1)];
const metered = frames.filter((frame) => 'pv-1/generated' in frame.readings);

test('the pack every 20 s, the meter every 60 s, on whole multiples, in one unbroken sequence', () => {
  expect(frames.map(({ seq }) => seq)).toEqual(
    Array.from({ length: 360 }, (_, index) => index + 1),
  );
  expect(frames[0]?.at).toBe(Date.parse('2026-06-21T09:00:20+09:00'));
  for (const [index, frame] of frames.entries()) {
    expect(frame.at).toBe((frames[0]?.at ?? 0) + index * 20_000);
    expect('pv-1/generated' in frame.readings).toBe(frame.at % 60_000 === 0);
    expect('pv-1/power' in frame.readings).toBe(frame.at % 60_000 === 0);
  }
  expect(course.meterReadAt?.fromMs).toBe(metered.at(-1)?.at);
});

test('every reading passes the wire contract', () => {
  for (const { readings } of frames)
    for (const [id, reading] of Object.entries(readings))
      expect(parseReading(id, reading)).toHaveProperty('reading');
});

test('the pressure is the world’s within half a count of the converter, and says its counts', () => {
  for (const frame of [frames[0], frames[150], frames[359]]) {
    if (frame === undefined) throw new Error('a frame is missing');
    const state = stepWorld(sampler.setup, begin().point.state, frame.at - fromMs);
    // One count of 125 uV over 150 ohm, 16 mA for 40 MPa.
    const countMpa = ((125e-6 / 150) * 1000 * 40) / 16;
    const shown = valueOf(frame, 'pack-1/pressure');
    expect(Math.abs(shown - gaugeMpaOf(sampler.setup, state))).toBeLessThan(countMpa / 2 + 1e-6);
    expect(frame.readings['pack-1/pressure']?.raw).toBe(
      Math.round((0.6 + (shown / 40) * 2.4) / 125e-6),
    );
  }
});

test('the register never falls, and mean power times time is what it gained', () => {
  const register = metered.map((frame) => valueOf(frame, 'pv-1/generated'));
  expect(register).toEqual(register.toSorted((a, b) => a - b));
  const gained = (register.at(-1) ?? 0) - (register[0] ?? 0);
  const fromPower = metered
    .slice(1)
    .reduce((sum, frame) => sum + valueOf(frame, 'pv-1/power') / 60, 0);
  expect(gained).toBeGreaterThan(100);
  expect(Math.abs(gained - fromPower)).toBeLessThan(1.5);
});

test('the fuel cell is read with the meter: its counters never fall, and gas follows energy', () => {
  for (const quantity of ['generated', 'gas'] as const) {
    const counted = metered.map((frame) => valueOf(frame, `fc-1/${quantity}`));
    expect(counted).toEqual(counted.toSorted((a, b) => a - b));
  }
  const [first, last] = [metered[0], metered.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a meter is read');
  const gained = (channel: string): number => valueOf(last, channel) - valueOf(first, channel);
  // At least 200 W for an hour and 58 minutes.
  expect(gained('fc-1/generated')).toBeGreaterThan(390);
  // 0.36 of 45 MJ/Nm3, metered at 15 degC and 2 kPa: 0.23 dm3 a Wh.
  expect(gained('fc-1/gas') / gained('fc-1/generated')).toBeCloseTo(0.23, 2);
});

test('the meter at the grid connection: what was taken less what was given is demand less generation', () => {
  const counted = (quantity: string): number[] =>
    metered.map((frame) => valueOf(frame, `grid-1/${quantity}`));
  for (const quantity of ['imported', 'exported'])
    expect(counted(quantity)).toEqual(counted(quantity).toSorted((a, b) => a - b));
  const sold = metered.map((frame) => valueOf(frame, 'sold-1/exported'));
  expect(sold).toEqual(sold.toSorted((a, b) => a - b));
  expect(sold.at(-1)).toBeGreaterThan(100);
  const gained = (channel: string): number =>
    valueOf(metered.at(-1) ?? frames[0], channel) - valueOf(metered[0] ?? frames[0], channel);
  const fromPower = counted('power')
    .slice(1)
    .reduce((sum, watts) => sum + watts / 60, 0);
  const net = gained('grid-1/imported') - gained('grid-1/exported');
  // Power is read once a minute, the sun is not constant.
  expect(Math.abs(net - fromPower)).toBeLessThan(60);
  const generated = gained('pv-1/generated') + gained('fc-1/generated');
  // A summer morning for two hours: what always runs, and a little more (exactly: simulators/world/grid.test.ts).
  expect(net + generated).toBeGreaterThan(300);
  expect(net + generated).toBeLessThan(1_500);
});

test('only the first frame of a stream says what the channels are', () => {
  expect(frames.filter(({ events }) => events !== undefined)).toEqual([frames[0]]);
  expect(frames[0]?.events?.[0]?.kind).toBe('meta');
});

test('in two parts it is the same fill', () => {
  const parts = begin();
  const early = [...framesUntil(sampler, parts, () => fromMs + 3_600_000, 1)];
  const late = [...framesUntil(sampler, parts, () => fromMs + 2 * 3_600_000, early.length + 1)];
  const pressures = [...early, ...late].map((frame) => valueOf(frame, 'pack-1/pressure'));
  expect(pressures).toEqual(frames.map((frame) => valueOf(frame, 'pack-1/pressure')));
  moveTo(sampler, parts, fromMs + 7_300_000);
  expect(displayWh(parts.point.state)).toBe(
    displayWh(stepWorld(sampler.setup, begin().point.state, 7_300_000)),
  );
});
