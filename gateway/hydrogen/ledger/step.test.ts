import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PackGeometry } from '../budget.ts';
import { worstChain } from '../sensor-chain.ts';
import { closeMinute, step } from './step.ts';
import {
  emptyLedger,
  type LedgerEvent,
  type LedgerSetup,
  type LedgerState,
  type PackSample,
} from './state.ts';

const pack: PackGeometry = {
  openCylinders: 30,
  cylinderLitres: 50,
  chain: { ...worstChain, placement: 'wall' },
  stopReferenceC: 0,
};
const setup: LedgerSetup = { pack, largestDrawNlPerMin: 1000, calibratedAt: null };
const startMs = Date.UTC(2026, 5, 1);
const sample = (seconds: number, change: Partial<PackSample> = {}): PackSample => ({
  at: startMs + seconds * 1000,
  pressureMpa: 10,
  temperatureC: 20,
  flowNlPerMin: null,
  drawnG: null,
  ...change,
});

function walk(samples: readonly PackSample[], from: LedgerState = emptyLedger) {
  const events: LedgerEvent[] = [];
  let state = from;
  for (const each of samples) {
    const stepped = step(setup, state, each);
    state = stepped.state;
    events.push(...stepped.events);
  }
  return { state, events, kinds: events.map(({ kind }) => kind) };
}
const every = (count: number, seconds: number, pressureAt: (index: number) => number) =>
  Array.from({ length: count }, (_, index) =>
    sample(index * seconds, { pressureMpa: pressureAt(index) }),
  );

describe('isolation', () => {
  const vented = [
    ...every(120, 1, () => 10),
    ...[8, 5, 2, 0.3, 0, 0, 0].map((mpa, index) => sample(120 + index, { pressureMpa: mpa })),
  ];

  test('a fall faster than the largest draw is isolation at the first reading of it', () => {
    const { state, kinds } = walk(vented);
    expect(kinds).toEqual(['segment', 'isolated']);
    expect(state.isolation).toMatchObject({ since: startMs + 120_000, lowestMpa: 0 });
    expect(state.isolation?.before.pressureMpa).toBe(10);
    expect(state.flow.state).toBe('unknown');
  });

  test('the same mass again goes on with the segment, another one begins a new one', () => {
    const back = (mpa: number) =>
      Array.from({ length: 30 }, (_, index) => sample(600 + index, { pressureMpa: mpa }));
    const same = walk([...vented, ...back(10.01)]);
    expect(same.kinds).toEqual(['segment', 'isolated', 'returned']);
    expect(same.events.at(-1)).toMatchObject({ vented: true });
    const other = walk([...vented, ...back(7)]);
    expect(other.events.at(-1)).toMatchObject({ kind: 'segment', segment: { kind: 'return' } });
  });

  test('a line that fills slowly does not count as the pack', () => {
    const rising = Array.from({ length: 60 }, (_, index) =>
      sample(600 + index, { pressureMpa: 0.1 * index }),
    );
    expect(walk([...vented, ...rising]).kinds).toEqual(['segment', 'isolated']);
  });

  test('the largest draw itself is a draw', () => {
    // 1,000 NL/min is 1.5 g/s; at 10 MPa that is 1.35 kPa/s.
    const { kinds } = walk(every(600, 1, (index) => 10 - index * 0.00135));
    expect(kinds).toEqual(['segment']);
  });
});

test('a rise begins a new segment whose start is the mass it ends at', () => {
  const full = [
    ...every(30, 60, () => 5),
    ...Array.from({ length: 20 }, (_, index) =>
      sample(1800 + index * 60, { pressureMpa: Math.min(15, 5.5 + index) }),
    ),
  ];
  const { state, events } = walk(full);
  // Told again, under the same time, while it was filling.
  const times = new Set(events.map(({ at }) => at));
  expect(times.size).toBe(2);
  expect(state.segment?.kind).toBe('rise');
  expect(times).toContain(state.segment?.at);
  expect(state.segment?.start.pressureMpa).toBe(15);
  expect(state.segment?.before?.pressureMpa).toBe(5);
});

describe('another number of open cylinders', () => {
  const fewer = { ...setup, pack: { ...pack, openCylinders: 21 } };

  test.each([
    ['in the middle of a minute', 30],
    ['after its minute has ended', 90],
  ])('stated %s is another segment, and no fall', (_, seconds) => {
    const { state } = walk(every(10, 1, () => 10));
    const before = state.segment?.start.kg ?? 0;
    const { state: closed, events } = closeMinute(fewer, state, startMs + seconds * 1000);
    expect(events).toEqual([]);
    const first = step(fewer, closed, sample(seconds));
    const { segment, isolation } = first.state;
    expect(first.events).toMatchObject([{ kind: 'segment', segment: { kind: 'cylinders' } }]);
    expect(segment).toMatchObject({ at: startMs + seconds * 1000, openCylinders: 21 });
    expect(segment?.start.kg).toBeCloseTo((before * 21) / 30, 9);
    expect(segment?.before?.kg).toBeCloseTo(before, 9);
    expect(isolation).toBeNull();
    const next = step(fewer, first.state, sample(seconds + 60));
    expect(next.events).toEqual([]);
    expect(next.state.isolation).toBeNull();
  });
});

test('readings corrected otherwise begin another segment: what a calibration found was not drawn, and is no fall', () => {
  const { state } = walk(every(10, 1, () => 10));
  const since = startMs + 10 * 60_000;
  const recalibrated = { ...setup, calibratedAt: since };
  const first = step(recalibrated, state, sample(600, { pressureMpa: 9.8 }));
  expect(first.state.isolation).toBeNull();
  const segment = {
    kind: 'calibration',
    at: since,
    calibratedAt: since,
    before: { pressureMpa: 10 },
  };
  expect(first.events).toMatchObject([{ kind: 'segment', segment }]);
  const next = step(recalibrated, first.state, sample(660, { pressureMpa: 9.8 }));
  expect([next.events, next.state.isolation]).toEqual([[], null]);
});

test('a meter’s grams are counted from the start of the segment; a register that fell counts nothing across it', () => {
  const grams = [1000, 1000, 1010, 1030, 5, 9];
  const { state } = walk(grams.map((drawnG, index) => sample(index * 60, { drawnG })));
  expect(state.segment?.meteredG).toBe(34);
});

test('a register that reads wrong once counts nothing, and one that went on unread counts all', () => {
  const counted = (readings: readonly (readonly [minute: number, grams: number])[]) =>
    walk(readings.map(([minute, drawnG]) => sample(minute * 60, { drawnG }))).state.segment
      ?.meteredG;
  // 0 from a meter that was starting: its 5,000 g were not drawn within a minute.
  expect(counted([...[0, 1, 2].map((minute) => [minute, 5000 + minute] as const), [3, 0]])).toBe(2);
  expect(
    counted([
      [0, 5000],
      [1, 0],
      [2, 5010],
      [3, 5020],
    ]),
  ).toBe(10);
  // 1,000 NL/min is 5.4 kg/h.
  expect(
    counted([
      [0, 5000],
      [60, 10_000],
    ]),
  ).toBe(5000);
});

test('an hour that nobody saw and at whose end mass is missing was no idle hour', () => {
  const drawing = (endMpa: number, away: number) => {
    const before = every(60, 60, () => 10);
    const after = every(2, 60, () => endMpa);
    const late = after.map((each) => ({ ...each, at: each.at + (60 + away) * 60_000 }));
    return walk([...before, ...late]).state.hours.at(-1)?.drawing;
  };
  expect(drawing(8, 120)).toBe(true);
  expect(drawing(9.999, 120)).toBe(false);
});

test('what is not newer changes nothing; the state survives being written down at any point', () => {
  const pressures = fc.array(
    fc.oneof(
      fc.double({ min: 0.05, max: 25, noNaN: true }),
      fc.constant(null),
      fc.double({ min: 9.9, max: 10.1, noNaN: true }),
    ),
    { minLength: 1, maxLength: 200 },
  );
  fc.assert(
    fc.property(pressures, fc.integer({ min: 1, max: 90 }), fc.nat(), (values, seconds, cut) => {
      const samples = values.map((pressureMpa, index) => sample(index * seconds, { pressureMpa }));
      const whole = walk(samples);
      const at = cut % samples.length;
      const half = walk(samples.slice(0, at));
      const written: LedgerState = JSON.parse(JSON.stringify(half.state));
      const rest = walk([...samples.slice(0, at), ...samples.slice(at)], written);
      expect(rest.state).toEqual(whole.state);
      expect([...half.events, ...rest.events]).toEqual(whole.events);
      expect(whole.state.points.length).toBeLessThanOrEqual(400);
      expect(whole.state.anchors.length).toBeLessThanOrEqual(26);
    }),
  );
});

test('a flow meter that reads once a minute, at the same instants as the gauge, is heard', () => {
  const { state } = walk(
    Array.from({ length: 5 }, (_, index) => sample(index * 60, { flowNlPerMin: 100 })),
  );
  expect(state.meteredNlPerMin).toEqual({ at: startMs + 4 * 60_000, value: 100 });
});
