import { expect, test } from 'vitest';
import { allocate } from './allocate.ts';
import { account, eachMinute, midnight, minuteMs, reading, totalWh } from './testing-register.ts';

/** What users of other systems complain about (shared facts, peers: totals that jump), each as a case. */
const home = { kind: 'meta', at: midnight - 1, ratedW: 5_000 } as const;

test("Home Assistant: a replacement meter's start value is booked as generation", () => {
  const { spans, events } = account(eachMinute(90_000, 90_050, 41_000, 41_040, 41_090));
  expect(totalWh({ spans })).toBe(50 + 40 + 50);
  expect(events).toMatchObject([{ kind: 'fall', before: 90_050, after: 41_000, resolution: null }]);
});

test('Home Assistant core #140300, frontend #28177: a fall below 10 % taken as a new start at 0', () => {
  const { spans, events } = account(eachMinute(1_000, 1_050, 980, 1_060, 1_100));
  expect(totalWh({ spans })).toBe(100);
  expect(events).toMatchObject([{ kind: 'fall', resolution: { kind: 'rejoined' } }]);
});

test('emoncms: a step over 60 kW is dropped and the base moved, so that the energy is lost', () => {
  const twelve = [reading(0, 0), reading(1, 1_100), reading(13 * 60, 31_100)];
  const { spans, events } = account([home, ...twelve]);
  expect(totalWh({ spans })).toBe(31_100);
  expect(events).toEqual([]);
  const spike = account([home, ...eachMinute(1_000, 1_080, 9_001_080, 1_240, 1_300)]);
  expect(totalWh(spike)).toBe(300);
  expect(spike.events).toMatchObject([
    { kind: 'implausible-rise', before: 1_080, after: 9_001_080, resolution: { kind: 'rejoined' } },
  ]);
});

test('emoncms #1795: interpolates across a blackout', () => {
  const { spans } = account([
    reading(0, 0),
    reading(1, 60),
    reading(241, 9_060),
    reading(242, 9_120),
  ]);
  const range = { from: midnight, to: midnight + 300 * minuteMs };
  const halves = allocate(spans, '30m', range);
  const gap = { from: midnight + minuteMs, to: midnight + 241 * minuteMs, wh: 9_000 };
  expect(halves.map(({ wh }) => wh)).toEqual([60, 0, 0, 0, 0, 0, 0, 0, 60, 0]);
  expect(halves.map(({ unallocated }) => unallocated)).toEqual([
    ...Array.from({ length: 9 }, () => [gap]),
    [],
  ]);
  expect(allocate(spans, '1d', range)).toMatchObject([{ wh: 9_120, unallocated: [gap] }]);
});

test('evcc: a fall is ignored silently', () => {
  const { events } = account(eachMinute(5_000, 4_000, 4_010));
  expect(events).toMatchObject([
    { id: `keihin.pv-1.generated.${midnight + minuteMs}`, at: midnight + minuteMs, kind: 'fall' },
  ]);
});

test('evcc #29654: a lifetime register booked as a session, because the base was 0 at the start', () => {
  expect(totalWh(account(eachMinute(12_345_678, 12_345_700)))).toBe(22);
  const { spans, events } = account(eachMinute(0, 0, 12_345_678, 12_345_700, 12_345_730));
  expect(totalWh({ spans })).toBe(52);
  expect(events).toMatchObject([{ kind: 'implausible-rise', before: 0, resolution: null }]);
});

test("Victron dbus-fronius #18: a wake-up zero's return booked as production", () => {
  const night = [reading(0, 8_000_000), reading(1, 8_000_003)];
  const morning = [0, 0, 0, 8_000_003, 8_000_008].map((wh, index) => reading(600 + index, wh));
  for (const about of [[], [home]]) {
    const { spans, events } = account([...about, ...night, ...morning]);
    expect(totalWh({ spans })).toBe(8);
    expect(events).toMatchObject([{ kind: 'fall', after: 0, resolution: { kind: 'rejoined' } }]);
  }
});

test('the same with a meter that counts from its wake-up zero for a while', () => {
  expect(totalWh(account(eachMinute(8_000, 0, 1, 2, 8_003, 8_010)))).toBe(10);
});

test('ioBroker sourceanalytix #594: a roll-over is a loss', () => {
  const meta = { kind: 'meta', at: midnight - 1, wrapAt: 1_000_000 } as const;
  const { spans, events } = account([meta, ...eachMinute(999_900, 999_990, 40, 100)]);
  expect(totalWh({ spans })).toBe(200);
  expect(events).toMatchObject([
    { kind: 'wrap', before: 999_990, after: 40, resolution: { kind: 'wrap', by: 'rule' } },
  ]);
});

test('influxdb #2074, OpenEMS #2360: days cut at the midnight of the plant, or of Greenwich', () => {
  const { spans } = account([reading(-4, 100), reading(-2, 120), reading(2, 160), reading(4, 165)]);
  const days = allocate(spans, '1d', { from: midnight - 1, to: midnight + 1 });
  expect(days.map(({ start, wh }) => [new Date(start).toISOString(), wh])).toEqual([
    ['2026-03-30T15:00:00.000Z', 40],
    ['2026-03-31T15:00:00.000Z', 25],
  ]);
});
