import { describe, expect, test } from 'vitest';
import type { RegisterInput } from './input.ts';
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

describe('a fall nobody explained', () => {
  test('does not come back by itself once the new segment has counted', () => {
    const { spans, events } = account(eachMinute(1_000, 0, 20, 40, 60));
    expect(spans.map(({ kind, wh }) => [kind, wh])).toEqual([
      ['withheld', 0],
      ['metered', 20],
      ['metered', 20],
      ['metered', 20],
    ]);
    expect(events).toMatchObject([{ kind: 'fall', resolution: null }]);
  });

  test('a night at zero is told whole when it ends', () => {
    const night = Array.from({ length: 720 }, (_, index) => reading(index + 1, 0));
    const { state, spans } = account([reading(0, 1_000), ...night]);
    expect(spans).toEqual([]);
    expect(state.held).toHaveLength(1);
    const day = account([reading(721, 50)], registerWith(), state);
    expect(day.spans.map(({ kind, from, to }) => [kind, (to - from) / minuteMs])).toEqual([
      ['withheld', 1],
      ['metered', 719],
      ['metered', 1],
    ]);
  });

  test('the old level after a week is not taken for a return where it could be new energy', () => {
    const { spans, events } = account([
      reading(0, 1_000),
      reading(1, 0),
      reading(8 * 1_440, 1_500),
    ]);
    expect(spans.map(({ kind, wh }) => [kind, wh])).toEqual([
      ['withheld', 0],
      ['gap', 1_500],
    ]);
    expect(events).toMatchObject([{ kind: 'fall', resolution: null }]);
  });

  test('a reset near the wrap does not become a wrap by waiting', () => {
    const zeros = Array.from({ length: 720 }, (_, index) => reading(1 + index * 5, 0));
    const inputs = [meta(-1, { wrapAt: 1_000_000_000 }), reading(0, 950_000_000), ...zeros];
    const { spans, events } = account(inputs);
    expect(totalWh({ spans })).toBe(0);
    expect(events).toMatchObject([{ kind: 'fall', resolution: null }]);
  });

  test('what is held may wrap', () => {
    const about = meta(-1, { wrapAt: 1_000_000, ratedW: 5_000 });
    const { spans } = account([about, ...eachMinute(100_000, 999_995, 3, 20)]);
    expect(spans.map(({ kind, wh }) => [kind, wh])).toEqual([
      ['withheld', 0],
      ['metered', 8],
      ['metered', 17],
    ]);
  });

  test('gaps in what is held stay gaps', () => {
    const zeros = Array.from({ length: 100 }, (_, index) => reading(10 + index * 10, 0));
    const { spans } = account([reading(0, 5_000), ...zeros, reading(1_002, 50)]);
    expect(new Set(spans.map(({ kind }) => kind))).toEqual(new Set(['withheld', 'gap', 'metered']));
    expect(spans.filter(({ kind }) => kind === 'metered')).toMatchObject([{ wh: 50 }]);
  });

  test('garbage on top of a zero: both are events, neither is energy', () => {
    const { spans, events } = account(eachMinute(1_000, 0, 4_000_000_000, 1_005, 1_010));
    expect(totalWh({ spans })).toBe(10);
    expect(events.map(({ resolution }) => resolution?.kind)).toEqual(['rejoined', 'rejoined']);
  });

  test('a zero on top of garbage: the old level that comes back was never energy, however low it is', () => {
    const { spans, events } = account(eachMinute(11, 50_011, 0, 11, 12));
    expect(totalWh({ spans })).toBe(1);
    expect(events.map(({ resolution }) => resolution?.kind)).toEqual(['rejoined', 'rejoined']);
  });

  test('what is held stays bounded', () => {
    const blinking = Array.from({ length: 5_000 }, (_, index) => reading(index * 10, index % 7));
    const wild = Array.from({ length: 500 }, (_, index) =>
      reading(60_000 + index, 1e9 * (index % 9)),
    );
    const { state } = account([reading(-1, 1e12), ...blinking]);
    expect(state.held.length).toBeLessThan(70);
    expect(account(wild, registerWith(), state).state.held.length).toBeLessThan(80);
  });
});
