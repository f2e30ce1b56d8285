import { expect, test } from 'vitest';
import { firstWorld, parseScenario, worldSetup } from '../scenarios/scenario.ts';
import type { Snapshot } from '../world/snapshot.ts';
import { displayWh, gaugeMpaOf, stepWorld, truthOf } from '../world/world.ts';
import { startingPoint } from './starting-point.ts';

const scenario = parseScenario('', 'test');
const setup = worldSetup(scenario);
const nowMs = Date.parse('2026-06-21T12:00:00+09:00');
const hourMs = 3_600_000;
const nothing = { pressure: undefined, temperature: undefined, register: undefined };

/** A plant that ran for ten minutes, wrote the world down every minute, and ended an hour ago. */
const endedMs = nowMs - hourMs;
const book: readonly Snapshot[] = Array.from({ length: 11 }, (_, minute) => {
  const wallMs = endedMs - (10 - minute) * 60_000;
  const start = firstWorld(scenario, endedMs - 600_000);
  return { wallMs, speed: 1, state: stepWorld(setup, start, minute * 60_000) };
});
const ended = book.at(-1);
const display = (minute: number): number => {
  const state = book[minute]?.state;
  return state === undefined ? Number.NaN : displayWh(state);
};
const stored = (registerWh: number, at: number) => ({
  pressure: { at: endedMs - 1000, value: 18 },
  temperature: { at: endedMs - 1000, value: 20 },
  register: { at, value: registerWh },
});

test('the fuel cell’s counters go on from the world, and never below what was stored of them', () => {
  const of = (wh: number): number => {
    const { state } = startingPoint(
      scenario,
      book,
      { ...stored(1_000_000, endedMs), fuelCellWh: { at: endedMs, value: wh } },
      nowMs,
    );
    return truthOf(setup, state).fuelCell.generatedWh;
  };
  const grown = of(0);
  expect(grown).toBeGreaterThanOrEqual(2_345_678);
  expect(of(grown + 7)).toBe(grown + 7);
});

test('so do the registers at the grid connection', () => {
  const of = (wh: number) => {
    const { state } = startingPoint(
      scenario,
      book,
      {
        ...stored(1_000_000, endedMs),
        importedWh: { at: endedMs, value: wh },
        exportedWh: { at: endedMs, value: wh },
      },
      nowMs,
    );
    return truthOf(setup, state).grid;
  };
  const grown = of(0);
  expect(grown.importedWh).toBeGreaterThanOrEqual(3_456_789);
  expect(grown.exportedWh).toBeGreaterThanOrEqual(1_111_111);
  expect(of(9_999_999)).toMatchObject({ importedWh: 9_999_999, exportedWh: 9_999_999 });
});

test('nothing stored: the last 24 hours, with the scenario’s first world', () => {
  const { fromMs, state } = startingPoint(scenario, [], nothing, nowMs);
  expect(fromMs).toBe(nowMs - 24 * hourMs);
  expect(state).toEqual(firstWorld(scenario, fromMs));
});

test('nothing stored but a world written down: that world is where it goes on from', () => {
  const { fromMs, state } = startingPoint(scenario, book, nothing, nowMs);
  expect(fromMs).toBe(nowMs - 24 * hourMs);
  expect(state).toEqual(ended?.state);
});

test('it goes on where the plant ended, not where the last reading was stored', () => {
  const point = startingPoint(scenario, book, stored(display(9), endedMs - 60_000), nowMs);
  expect(point.fromMs).toBe(endedMs);
  expect(point.state).toEqual(ended?.state);
});

test('a device that missed pulses keeps its own count: what the world made since is added to it', () => {
  const missed = 12;
  const point = startingPoint(scenario, book, stored(display(9) - missed, endedMs - 60_000), nowMs);
  expect(displayWh(point.state)).toBe(display(10) - missed);
});

test('a register that is older than every world written down is never undercut', () => {
  const old = startingPoint(scenario, book, stored(display(0) - 5, endedMs - 5 * hourMs), nowMs);
  expect(displayWh(old.state)).toBe(display(10));
  const ahead = startingPoint(
    scenario,
    book,
    stored(display(10) + 40, endedMs - 5 * hourMs),
    nowMs,
  );
  expect(displayWh(ahead.state)).toBe(display(10) + 40);
});

test('a world that ran fast is followed at its own speed up to the stored register', () => {
  const speed = 60;
  const fast = book.map((snapshot, minute) => ({
    ...snapshot,
    speed,
    state: stepWorld(setup, firstWorld(scenario, endedMs), minute * 60_000 * speed),
  }));
  const atRegister = stepWorld(setup, firstWorld(scenario, endedMs), 9.5 * 60_000 * speed);
  const registered = displayWh(atRegister) - 100;
  const point = startingPoint(scenario, fast, stored(registered, endedMs - 30_000), nowMs);
  const sinceThen = displayWh(fast.at(-1)?.state ?? atRegister) - displayWh(atRegister);
  expect(displayWh(point.state)).toBe(registered + sinceThen);
});

test('no world written down: pack and register are taken up as last seen', () => {
  const point = startingPoint(scenario, [], stored(1_300_000, endedMs - 30_000), nowMs);
  expect(point.fromMs).toBe(endedMs - 1000);
  expect(gaugeMpaOf(setup, point.state)).toBeCloseTo(18, 6);
  expect(displayWh(point.state)).toBe(1_300_000);
});

test('after more than 31 days the last 31 are filled', () => {
  const oldMs = nowMs - 40 * 24 * hourMs;
  const long = { ...stored(5, oldMs), pressure: { at: oldMs, value: 5 } };
  expect(startingPoint(scenario, [], { ...long, temperature: undefined }, nowMs).fromMs).toBe(
    nowMs - 31 * 24 * hourMs,
  );
});
