import { describe, expect, test } from 'vitest';
import { massKg, type PackGeometry } from './budget.ts';
import { consumptionOf, drawnInSegment, timeToStopOf } from './consumption.ts';
import { flowAt, type Point } from './flow.ts';
import { emptyLedger, type LedgerState } from './ledger/state.ts';
import { pressureAtDensity } from './nist2008.ts';
import { kelvin, toGauge, gaugeMpa } from './pressure.ts';
import { worstChain, worstNeedle } from './sensor-chain.ts';
import { stopPressure } from './stop.ts';

const pack: PackGeometry = {
  openCylinders: 30,
  cylinderLitres: 50,
  chain: { ...worstChain, placement: 'wall' },
  stopReferenceC: 0,
};
const startMs = Date.UTC(2026, 5, 1);
const minuteMs = 60_000;

/** Points once a minute of a pack at 20 degC that holds `kgAt(minute)`. */
function points(minutes: number, kgAt: (minute: number) => number, every = 1): Point[] {
  return Array.from({ length: Math.floor(minutes / every) }, (_, index) => {
    const kg = kgAt(index * every);
    const pressureMpa = toGauge(pressureAtDensity(kg / 1.5, kelvin(20)));
    return { at: startMs + index * every * minuteMs, pressureMpa, temperatureC: 20, kg };
  });
}

describe('flow', () => {
  test('a steady draw is its slope, from the shortest window that says it to 10 %', () => {
    const flow = flowAt(
      pack,
      points(90, (minute) => 20 - (1.2 * minute) / 60),
    );
    expect(flow.state).toBe('steady');
    expect(flow.kgPerHour).toBeCloseTo(1.2, 6);
    expect(flow.windowMs).toBeLessThanOrEqual(7 * minuteMs);
    expect(flow.uncertaintyKgPerHour).toBeLessThan(0.12);
  });

  test('a smaller draw needs a longer window, a tiny one has no number', () => {
    const small = flowAt(
      pack,
      points(400, (minute) => 20 - (0.12 * minute) / 60),
    );
    expect(small.state).toBe('steady');
    expect(small.windowMs).toBeGreaterThan(60 * minuteMs);
    expect(
      flowAt(
        pack,
        points(400, (minute) => 20 - (0.03 * minute) / 60),
      ).state,
    ).toBe('calculating');
    expect(
      flowAt(
        pack,
        points(400, () => 20),
      ).state,
    ).toBe('not-significant');
    expect(
      flowAt(
        pack,
        points(3, () => 20),
      ).state,
    ).toBe('unknown');
  });

  test('a draw that ended is forgotten within minutes, not hours', () => {
    const ended = flowAt(
      pack,
      points(200, (minute) => 20 - (1.2 * Math.min(minute, 185)) / 60),
    );
    expect(ended.state).not.toBe('steady');
  });

  test('in the first minutes of another flow there is no number, least of all a mixture of both', () => {
    for (let minute = 61; minute <= 66; minute += 1) {
      const begun = points(minute, (at) => 20 - (1.35 * Math.max(0, at - 60)) / 60);
      const flow = flowAt(pack, begun);
      if (flow.state === 'steady') expect(flow.kgPerHour).toBeCloseTo(1.35, 1);
      else if (minute > 62) expect(flow.state).toBe('calculating');
    }
  });

  test('a pump that runs every other minute has the mean of its flow', () => {
    const pumped = points(240, (minute) => 20 - (2 * Math.ceil(minute / 2)) / 60);
    const flow = flowAt(pack, pumped);
    expect(flow.state).toBe('steady');
    expect(flow.kgPerHour).toBeCloseTo(1, 1);
  });

  test('a pack that fills has no flow out of it', () => {
    expect(
      flowAt(
        pack,
        points(60, (minute) => 5 + minute / 10),
      ).state,
    ).toBe('not-significant');
  });

  test('a needle looked at a few times a day has a flow after days', () => {
    const chain = { ...worstChain, instrument: worstNeedle, thermometer: 'handheld' } as const;
    const manual = { ...pack, chain };
    const looks = points(6 * 1440, (minute) => 19 - (2.5 * minute) / 1440, 480);
    const flow = flowAt(manual, looks);
    expect(flow.state).toBe('steady');
    expect(flow.kgPerHour * 24).toBeCloseTo(2.5, 1);
    expect(flowAt(manual, looks.slice(0, 3)).state).not.toBe('steady');
  });
});

const drawing = points(180, (minute) => 12 - (0.9 * minute) / 60);
const state = (change: Partial<LedgerState>): LedgerState => {
  const [start, last] = [drawing[0], drawing.at(-1)];
  if (start === undefined || last === undefined) throw new Error('no points');
  const segment = { kind: 'first', at: start.at, start, last, before: null } as const;
  return {
    ...emptyLedger,
    at: last.at,
    points: drawing,
    segment: { ...segment, openCylinders: 30, calibratedAt: null, meteredG: null },
    flow: flowAt(pack, drawing),
    ...change,
  };
};

describe('consumption and time to stop', () => {
  test('a flow meter’s word goes before the slope of the mass', () => {
    const now = state({}).at;
    const metered = state({ meteredNlPerMin: { at: now, value: 100 } });
    expect(consumptionOf({ classPercent: 1 }, metered).state).toBe('metered');
    // 100 NL/min is 0.539 kg/h (facts).
    expect(consumptionOf({ classPercent: 1 }, metered).kgPerHour).toBeCloseTo(0.539, 3);
    expect(consumptionOf(undefined, metered).state).toBe('steady');
    const old = state({ meteredNlPerMin: { at: now - 10 * minuteMs, value: 100 } });
    expect(consumptionOf({ classPercent: 1 }, old).state).toBe('steady');
  });

  test('what was drawn is the fall, or what a meter counted', () => {
    expect(drawnInSegment(pack, undefined, state({}))?.kg).toBeCloseTo((0.9 * 179) / 60, 6);
    const { segment } = state({});
    if (segment === null) throw new Error('no segment');
    const metered = state({ segment: { ...segment, meteredG: 2000 } });
    expect(drawnInSegment(pack, { classPercent: 1 }, metered)).toMatchObject({ kg: 2 });
  });

  test('hours to the stop: mass above the stop over the pace, inside its own range', () => {
    const toStop = timeToStopOf(pack, undefined, state({}));
    if (toStop === null) throw new Error('no time to stop');
    const leftKg = (drawing.at(-1)?.kg ?? 0) - massKg(pack, stopPressure(pack, 20), 20);
    expect(toStop.estimate).toBeCloseTo(leftKg / 0.9, 2);
    expect(toStop.low).toBeLessThan(toStop.estimate);
    expect(toStop.high).toBeGreaterThan(toStop.estimate);
  });

  test('no number while the line is closed, or while nothing significant is drawn', () => {
    const { segment } = state({});
    const before = segment?.last;
    if (before === undefined) throw new Error('no point');
    const isolation = { since: before.at, before, lowestMpa: 0, settling: null };
    expect(timeToStopOf(pack, undefined, state({ isolation }))).toBeNull();
    expect(consumptionOf(undefined, state({ isolation })).state).toBe('unknown');
    const still = points(180, () => 12);
    const [start, last] = [still[0], still.at(-1)];
    if (segment === null || start === undefined || last === undefined) throw new Error('none');
    const idle = state({
      at: last.at,
      points: still,
      flow: flowAt(pack, still),
      segment: { ...segment, start, last },
    });
    expect(timeToStopOf(pack, undefined, idle)).toBeNull();
  });

  test('a thermometer that fell silent leaves no mass: neither flow nor hours go on from the last one', () => {
    const { at } = state({});
    const later = (ms: number) => state({ at: at + ms });
    expect(consumptionOf(undefined, later(2 * minuteMs)).state).toBe('steady');
    expect(consumptionOf(undefined, later(4 * minuteMs))).toMatchObject({
      state: 'unknown',
      kgPerHour: null,
    });
    expect(timeToStopOf(pack, undefined, later(4 * minuteMs))).toBeNull();
  });

  test('below the stop there are no hours left', () => {
    const low = points(60, (minute) => massKg(pack, gaugeMpa(1), 20) + 0.1 - minute / 600);
    const { segment } = state({});
    const [start, last] = [low[0], low.at(-1)];
    if (segment === null || start === undefined || last === undefined) throw new Error('none');
    const under = state({
      at: last.at,
      points: low,
      flow: flowAt(pack, low),
      segment: { ...segment, start, last },
    });
    expect(timeToStopOf(pack, undefined, under)?.estimate).toBe(0);
  });
});
