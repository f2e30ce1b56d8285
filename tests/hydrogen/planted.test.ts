import { describe, expect, test } from 'vitest';
import { dayMs, goodClasses, hourMs, minuteMs, startMs, worstClasses } from './follow.ts';
import { month, monthEnd } from './month.ts';

const day = (n: number): number => startMs + n * dayMs;
/** A process that works by day and draws in batches. */
const workdays = (nlPerMin: number, days = 30) =>
  Array.from({ length: days }, (_, n) => ({
    kind: 'batches' as const,
    fromMs: day(n) + 9 * hourMs,
    untilMs: day(n) + 10 * hourMs,
    nlPerMin,
    onMinutes: 25,
    everyMinutes: 30,
  }));
const patience = { timeout: 300_000 };

describe('30 quiet days', () => {
  test.each([
    [81_001, goodClasses, 'full'],
    [81_002, goodClasses, 6],
    [81_003, worstClasses, 'full'],
    [81_004, worstClasses, 12],
    [81_005, worstClasses, 'full'],
  ] as const)('seed %d: no flow, no event, no anomaly', patience, (seed, classes, start) => {
    const { events, alarms, flowMinutes } = month({ seed, classes, start });
    expect(flowMinutes).toBe(0);
    expect(events.map(({ kind }) => kind)).toEqual(['segment']);
    expect([...alarms.keys()].filter((kind) => !harmless.has(kind))).toEqual([]);
  });
  /** June sun on a pack is warm; a pack at 6 MPa is below half. */
  const harmless = new Set(['temperature-35', 'temperature-40', 'half-mass', 'over-fill']);
});

describe('swaps', () => {
  test('to an equal pack: it goes on, and says that the line was empty', patience, () => {
    const planted = [{ kind: 'swap', atMs: day(12), minutes: 30, to: { timesOld: 1 } }] as const;
    const { events, alarms } = month({
      seed: 82_001,
      days: 15,
      start: 15,
      draws: workdays(60),
      planted,
    });
    expect(alarms.get('isolated')).toBeGreaterThanOrEqual(day(12));
    expect(events.map(({ kind }) => kind)).toEqual(['segment', 'isolated', 'returned']);
    expect(events.at(-1)).toMatchObject({ kind: 'returned', vented: true });
    expect(alarms.has('stop')).toBe(false);
  });

  test('to an emptier pack: a new segment, for a person to explain', patience, () => {
    const planted = [{ kind: 'swap', atMs: day(12), minutes: 30, to: { timesOld: 0.6 } }] as const;
    const { events, alarms } = month({
      seed: 82_002,
      days: 15,
      start: 15,
      draws: workdays(40),
      planted,
    });
    const last = events.at(-1);
    expect(last).toMatchObject({ kind: 'segment', segment: { kind: 'return' } });
    expect(alarms.get('contents-changed')).toBeGreaterThanOrEqual(day(12));
    if (last?.kind !== 'segment' || last.segment.before === null) throw new Error('no segment');
    expect(last.segment.start.kg / last.segment.before.kg).toBeCloseTo(0.6, 1);
  });

  test('to a full pack, while nothing was sampled: the rise is seen', patience, () => {
    const planted = [
      { kind: 'data-gap', fromMs: day(9), untilMs: day(9) + 3 * hourMs },
      { kind: 'swap', atMs: day(9) + hourMs, minutes: 30, to: { timesOld: 2 } },
    ] as const;
    const { events } = month({ seed: 82_003, days: 12, start: 9, draws: workdays(60), planted });
    expect(events.at(-1)).toMatchObject({ kind: 'segment', segment: { kind: 'rise' } });
  });
});

test('an isolation with a vented line draws nothing and raises no stop', patience, () => {
  const planted = [{ kind: 'isolation', fromMs: day(5), untilMs: day(5) + 6 * hourMs }] as const;
  const { events, alarms, last } = month({
    seed: 83_001,
    days: 8,
    start: 14,
    draws: workdays(60),
    planted,
  });
  expect(events.map(({ kind }) => kind)).toEqual(['segment', 'isolated', 'returned']);
  expect(alarms.has('stop')).toBe(false);
  const { segment } = last.state;
  if (segment === null) throw new Error('no segment');
  const drawnKg = segment.start.kg - segment.last.kg;
  expect(Math.abs(drawnKg - last.sample.truth.drawnKg)).toBeLessThan(0.25);
});

test('one closed cylinder shows in a metered draw', patience, () => {
  const planted = [{ kind: 'closed-cylinders', fromMs: day(2), count: 1 }] as const;
  const draws = [
    { kind: 'constant', fromMs: day(3), untilMs: day(3) + 30 * hourMs, nlPerMin: 80 },
  ] as const;
  const { alarms, details } = month({
    seed: 84_001,
    days: 6,
    draws,
    planted,
    meterPercent: 0.5,
  });
  expect(alarms.get('cylinders-closed')).toBeGreaterThanOrEqual(day(3));
  expect(details.get('cylinders-closed')).toContain('of 30 cylinders');
  const quiet = month({ seed: 84_001, days: 6, draws, meterPercent: 0.5 });
  expect(quiet.alarms.has('cylinders-closed')).toBe(false);
});

test('a closed root valve shows in a metered draw, and in a declared one', patience, () => {
  const planted = [{ kind: 'root-valve-closed', fromMs: day(1) }] as const;
  const draw = { fromMs: day(2), untilMs: day(2) + 12 * hourMs, nlPerMin: 80 };
  const draws = [{ kind: 'constant', ...draw }] as const;
  const metered = month({ seed: 85_001, days: 4, draws, planted, meterPercent: 1 });
  expect(metered.alarms.get('root-valve-closed')).toBeGreaterThanOrEqual(day(2));
  const declared = [
    { from: draw.fromMs, to: draw.untilMs, expectedKg: 5.2, expandedUncertaintyKg: 0.3 },
  ];
  const said = month({ seed: 85_001, days: 4, draws, planted, declared });
  expect(said.alarms.get('root-valve-closed')).toBeGreaterThanOrEqual(day(2));
  const open = month({ seed: 85_001, days: 4, draws, declared });
  expect(open.alarms.has('root-valve-closed')).toBe(false);
});

test('a stuck transmitter at high pressure is found within two days', patience, () => {
  const planted = [{ kind: 'stuck-pressure', fromMs: day(8) }] as const;
  const { alarms } = month({ seed: 86_001, days: 10, planted });
  const found = alarms.get('sensor-stuck') ?? Infinity;
  expect(found).toBeGreaterThanOrEqual(day(8));
  expect(found).toBeLessThan(day(10));
});

test(
  'a slow loss of 2 NL/min on idle days is a mass balance anomaly within four days',
  patience,
  () => {
    const planted = [{ kind: 'slow-loss', fromMs: day(6), nlPerMin: 2 }] as const;
    const { alarms, flowMinutes, details } = month({ seed: 87_001, days: 10, planted });
    const found = alarms.get('mass-balance') ?? Infinity;
    expect(found).toBeGreaterThanOrEqual(day(6));
    expect(found).toBeLessThan(day(10));
    expect(flowMinutes).toBe(0);
    expect(details.get('mass-balance')).not.toContain('leak');
  },
);

test('a pack that is drawn down raises stop before the residual is breached', patience, () => {
  const draws = [
    { kind: 'constant', fromMs: day(1), untilMs: monthEnd(4), nlPerMin: 150 },
  ] as const;
  const { alarms } = month({ seed: 88_001, days: 4, start: 9, draws });
  const stop = alarms.get('stop') ?? Infinity;
  expect(stop).toBeGreaterThan(day(1) + 20 * minuteMs);
  expect(alarms.get('residual') ?? Infinity).toBeGreaterThan(stop);
});
