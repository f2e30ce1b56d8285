import { describe, expect, test } from 'vitest';
import { eventId } from './event.ts';
import { byTime, type RegisterInput } from './input.ts';
import {
  account,
  eachMinute,
  midnight,
  minuteMs,
  reading,
  registerWith,
  totalWh,
} from './testing-register.ts';

const meta = (minutes: number, more: object): RegisterInput => ({
  kind: 'meta',
  at: midnight + minutes * minuteMs,
  ...more,
});
const rollback = (minutes: number, wh?: number): RegisterInput => ({
  kind: 'rollback',
  at: midnight + minutes * minuteMs,
  wh,
});

describe('what counts', () => {
  test('only trusted time and values that are not bad', () => {
    const { spans, events } = account([
      reading(0, 100),
      reading(1, null),
      reading(2, 7, { quality: 'bad' }),
      reading(3, 5_000, { clock: 'estimated' }),
      reading(4, 160),
    ]);
    expect(spans).toMatchObject([
      { kind: 'metered', from: midnight, to: midnight + 4 * minuteMs, wh: 60 },
    ]);
    expect(events).toEqual([]);
  });

  test('an uncertain value counts, and both its spans say so', () => {
    const uncertain = reading(1, 110, { quality: 'uncertain' });
    const { spans } = account([reading(0, 100), uncertain, reading(2, 120), reading(3, 130)]);
    expect(spans.map((span) => span.uncertain)).toEqual([true, true, false]);
  });

  test('readings up to the reporting period apart are metered, beyond it a gap', () => {
    const { spans } = account([reading(0, 0), reading(5, 10), reading(10.001, 20)]);
    expect(spans.map(({ kind, wh }) => [kind, wh])).toEqual([
      ['metered', 10],
      ['gap', 10],
    ]);
  });

  test('no-data, then a restart, then a meter that is not ready', () => {
    const restart = { kind: 'restart', at: midnight + 2 * minuteMs } as const;
    const after = [reading(3, 0), reading(4, null), reading(5, 1_010)];
    expect(totalWh(account([reading(0, 1_000), reading(1, null), restart, ...after]))).toBe(10);
  });
});

describe('jitter', () => {
  test('counts 0, and energy resumes above the highest value', () => {
    const { spans, events } = account(eachMinute(1_000, 1_004, 1_001, 999, 1_003, 1_004, 1_006));
    expect(spans.map(({ wh }) => wh)).toEqual([4, 0, 0, 0, 0, 2]);
    expect(events).toMatchObject([
      { kind: 'jitter', before: 1_004, after: 1_001, resolution: { kind: 'jitter' } },
    ]);
  });

  test('is one event until energy resumes', () => {
    const { events } = account(eachMinute(1_000, 995, 1_000, 996, 1_001, 998));
    expect(events.map(({ after }) => after)).toEqual([995, 998]);
  });

  test('is at most 10 Wh', () => {
    expect(account(eachMinute(1_000, 990)).events).toMatchObject([{ kind: 'jitter' }]);
    expect(account(eachMinute(1_000, 989)).events).toMatchObject([{ kind: 'fall' }]);
  });

  test('is bounded, however slowly it sinks', () => {
    const { events } = account(eachMinute(1_000, 996, 992, 988));
    expect(events.map(({ kind }) => kind)).toEqual(['jitter', 'fall']);
  });

  test('back over the wrap is jitter, too', () => {
    const readings = eachMinute(999_990, 2, 999_999, 3, 10);
    const { spans, events } = account([meta(-1, { wrapAt: 1_000_000 }), ...readings]);
    expect(spans.map(({ wh }) => wh)).toEqual([12, 0, 1, 7]);
    expect(events.map(({ kind }) => kind)).toEqual(['wrap', 'jitter']);
  });
});

describe('wrap', () => {
  const wraps = (wrapAt: number, before: number, after: number, rules = {}) =>
    account(
      [meta(-1, { wrapAt }), ...eachMinute(before, after)],
      registerWith({ unratedW: 1e9, ...rules }),
    ).events.map(({ kind }) => kind);

  test('only from above 0.9 of the declared value to below 0.1 of it', () => {
    expect(wraps(100_000, 90_001, 9_999)).toEqual(['wrap']);
    expect(wraps(100_000, 90_000, 9_999)).toEqual(['fall']);
    expect(wraps(100_000, 90_001, 10_000)).toEqual(['fall']);
  });

  test('not without a declared value, nor with one below what the register shows', () => {
    expect(account(eachMinute(999_990, 5)).events).toMatchObject([{ kind: 'fall' }]);
    expect(wraps(1_000, 5_000, 5)).toEqual(['fall']);
  });

  test('not by more than the meter can have counted: that is a reset near the wrap', () => {
    expect(wraps(1_000_000_000, 950_000_000, 0, { unratedW: 1_000_000 })).toEqual(['fall']);
  });
});

describe('another serial', () => {
  const swap = (more = {}) => [
    meta(0, { serial: 'old' }),
    ...eachMinute(50_000, 50_050),
    meta(2, { serial: 'new', ...more }),
    reading(3, 50_090),
    reading(4, 50_120),
  ];

  test('is a replacement even where the new meter stands higher', () => {
    const { spans, events } = account(swap());
    expect(spans.map(({ kind, wh }) => [kind, wh])).toEqual([
      ['metered', 50],
      ['withheld', 0],
      ['metered', 30],
    ]);
    expect(events).toMatchObject([{ kind: 'replacement', before: 50_050, resolution: null }]);
  });

  test('with a declared start is counted from there; with the final value of the old one, whole', () => {
    const { spans, events } = account(swap({ startWh: 50_080 }));
    expect(spans.map(({ wh }) => wh)).toEqual([50, 10, 30]);
    expect(events).toMatchObject([{ resolution: { kind: 'declared-replacement', by: 'device' } }]);
    expect(totalWh(account(swap({ startWh: 50_080, finalWh: 50_055 })))).toBe(50 + 5 + 10 + 30);
  });

  test('a start that cannot be is left to a person', () => {
    for (const startWh of [50_091, 0])
      expect(
        account([meta(-1, { ratedW: 100 }), ...swap({ startWh, ratedW: 100 })]).events,
      ).toMatchObject([{ kind: 'replacement', resolution: null }]);
  });

  test('two replacements and no reading in between are left to a person', () => {
    const twice = swap().toSpliced(4, 0, meta(2.5, { serial: 'newer', startWh: 50_085 }));
    expect(account(twice).events).toMatchObject([{ kind: 'replacement', resolution: null }]);
  });

  test('explains more than a rollback that the new device declares', () => {
    const both = swap({ startWh: 50_080 }).toSpliced(4, 0, rollback(2.5, 0));
    expect(account(both).events).toMatchObject([
      { kind: 'replacement', resolution: { kind: 'declared-replacement' } },
    ]);
  });

  test('told again, or for the first time, is none', () => {
    const again = [
      meta(0, {}),
      ...eachMinute(1, 2),
      meta(2, { serial: 'a' }),
      meta(3, { serial: 'a' }),
    ];
    expect(account([...again, meta(4, {}), reading(5, 9)]).events).toEqual([]);
  });

  test('after a wake-up zero: the final value of the old one shows that the zero was wrong', () => {
    const { spans, events } = account([
      meta(0, { serial: 'old' }),
      ...eachMinute(50_000, 0),
      meta(2, { serial: 'new', startWh: 70, finalWh: 50_005 }),
      reading(3, 75),
    ]);
    expect(totalWh({ spans })).toBe(10);
    expect(events.map(({ resolution }) => resolution?.kind)).toEqual([
      'rejoined',
      'declared-replacement',
    ]);
  });
});

describe('a rise that cannot be', () => {
  test('is not energy; what follows counts', () => {
    const rated = meta(-1, { ratedW: 4_000 });
    const { spans, events } = account([rated, ...eachMinute(100, 60_000, 60_050, 60_100)]);
    expect(spans.map(({ kind, wh }) => [kind, wh])).toEqual([
      ['withheld', 0],
      ['metered', 50],
      ['metered', 50],
    ]);
    expect(events).toMatchObject([{ kind: 'implausible-rise', resolution: null }]);
  });

  test('a meter that shows a new value only every half hour is believed', () => {
    const values = Array.from(
      { length: 61 },
      (_, index) => 100_000 + Math.floor(index / 30) * 2_000,
    );
    const { spans, events } = account([meta(-1, { ratedW: 4_000 }), ...eachMinute(...values)]);
    expect(totalWh({ spans })).toBe(4_000);
    expect(events).toEqual([]);
  });
});

test('an event is known by meter and time', () => {
  expect(eventId('keihin/pv-1/generated', 5)).toBe('keihin.pv-1.generated.5');
});

test('what a device says about its meter comes before the reading of the same instant', () => {
  const inputs = [reading(0, 1), meta(0, { wrapAt: 9 }), rollback(0), reading(-1, 5)];
  expect(inputs.toSorted(byTime).map(({ kind }) => kind)).toEqual([
    'reading',
    'meta',
    'rollback',
    'reading',
  ]);
});
