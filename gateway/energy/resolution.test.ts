import { describe, expect, test } from 'vitest';
import { corrected } from './correction.ts';
import type { Said } from './event.ts';
import { effectOf, type Resolution, resolutionSchema } from './resolution.ts';
import {
  account,
  eachMinute,
  midnight,
  minuteMs,
  reading,
  registerWith,
  totalWh,
} from './testing-register.ts';

const by = { by: 'Sato', why: 'seen on site' };
const saying = (minutes: number, resolution: Said) =>
  registerWith({}, new Map([[midnight + minutes * minuteMs, resolution]]));

describe('a fall from 1,000 to 40, then 60', () => {
  const readings = eachMinute(990, 1_000, 40, 60);
  const cases: [Resolution, number][] = [
    [{ kind: 'reset-to-zero', ...by }, 10 + 40 + 20],
    [{ kind: 'reset-to-zero', finalWh: 1_007, ...by }, 10 + 7 + 40 + 20],
    [{ kind: 'replaced', ...by }, 10 + 20],
    [{ kind: 'replaced', startWh: 35, ...by }, 10 + 5 + 20],
    [{ kind: 'replaced', finalWh: 1_007, startWh: 35, ...by }, 10 + 7 + 5 + 20],
    [{ kind: 'wrapped', wrapAt: 1_010, ...by }, 10 + 10 + 40 + 20],
    [{ kind: 'rollback', ...by }, 10 + 20],
  ];
  test.each(cases)('%o', (resolution, wh) => {
    const { spans, events, state } = account(readings, saying(2, resolution));
    expect(totalWh({ spans })).toBe(wh);
    expect(spans.every(({ kind }) => kind === 'metered')).toBe(true);
    expect(events).toMatchObject([{ before: 1_000, after: 40, resolution }]);
    expect(state.held).toEqual([]);
  });

  test('error: the readings up to `until` never came', () => {
    const late = [...readings, reading(4, 1_008), reading(5, 1_010)];
    const until = midnight + 3 * minuteMs;
    const { spans, events } = account(late, saying(2, { kind: 'error', until, ...by }));
    expect(spans.map(({ wh }) => wh)).toEqual([10, 8, 2]);
    expect(events).toHaveLength(1);
  });

  test('late data that moves the fall to an earlier reading asks again: the word was not of a plain rise', () => {
    const said = { kind: 'reset-to-zero', about: 'fall', ...by } as const;
    const late = [reading(0, 1_000), reading(1, 5), reading(2, 40), reading(3, 60)];
    const { spans, events } = account(late, saying(2, said));
    expect(spans.map(({ kind, wh }) => [kind, wh])).toEqual([
      ['withheld', 0],
      ['metered', 35],
      ['metered', 20],
    ]);
    expect(events).toMatchObject([{ at: midnight + minuteMs, kind: 'fall', resolution: null }]);
    const reported = account(late, saying(2, { ...said, about: 'reported' })).events[1];
    expect(reported).toMatchObject({ kind: 'reported', resolution: { kind: 'reset-to-zero' } });
    expect(reported?.resolution).not.toHaveProperty('about');
    // It is still the same fall where late data only tells more of what was before it.
    const before = account([reading(0, 1_000), reading(1, 1_007), reading(2, 40)], saying(2, said));
    expect(totalWh(before)).toBe(7 + 40);
  });

  test('error: afterwards nothing remembers it', () => {
    const said = account(
      [...readings, reading(4, 1_008)],
      saying(2, {
        kind: 'error',
        until: midnight + 3 * minuteMs,
        ...by,
      }),
    );
    const never = account([reading(0, 990), reading(1, 1_000), reading(4, 1_008)]);
    expect(said.state).toEqual(never.state);
  });

  test.each<Resolution>([
    { kind: 'reset-to-zero', finalWh: 999, ...by },
    { kind: 'replaced', startWh: 41, ...by },
    { kind: 'wrapped', wrapAt: 1_000, ...by },
    { kind: 'real', ...by },
    { kind: 'error', until: 0, ...by },
  ])('what cannot be leaves it open: %o', (resolution) => {
    expect(effectOf(resolution, { at: 1, before: 1_000, after: 40 })).toBeTypeOf('string');
    const { events } = account(readings, saying(2, resolution));
    expect(events).toMatchObject([{ resolution: null }]);
  });
});

test('a rise that was real, and one that was a mistake', () => {
  const readings = eachMinute(100, 90_100, 90_150, 90_200);
  expect(totalWh(account(readings))).toBe(100);
  expect(totalWh(account(readings, saying(1, { kind: 'real', ...by })))).toBe(90_100);
  const until = midnight + 2 * minuteMs;
  const wrong = saying(1, { kind: 'error', until, ...by });
  expect(account(readings, wrong).events.map(({ at }) => at)).toEqual([
    midnight + minuteMs,
    midnight + 3 * minuteMs,
  ]);
});

test('a person overrules what settled by itself', () => {
  const rejoined = eachMinute(300, 0, 320);
  expect(totalWh(account(rejoined))).toBe(20);
  expect(totalWh(account(rejoined, saying(1, { kind: 'reset-to-zero', ...by })))).toBe(320);
  const jitter = eachMinute(300, 295, 305);
  expect(totalWh(account(jitter))).toBe(5);
  expect(totalWh(account(jitter, saying(1, { kind: 'rollback', ...by })))).toBe(10);
  const swap = [
    { kind: 'meta', at: midnight - 1, serial: 'a' } as const,
    ...eachMinute(300, 310),
    { kind: 'meta', at: midnight + 90_000, serial: 'b', startWh: 0 } as const,
    reading(2, 4),
  ];
  expect(totalWh(account(swap))).toBe(14);
  const known = { kind: 'replaced', startWh: 0, finalWh: 313, ...by } as const;
  expect(totalWh(account(swap, saying(2, known)))).toBe(17);
});

test('a reset that left no trace: the register stood higher after it', () => {
  const readings = [reading(0, 300), reading(600, 450), reading(601, 455)];
  expect(account(readings).events).toEqual([]);
  const reset = { kind: 'reset-to-zero', finalWh: 900, ...by } as const;
  const { spans, events } = account(readings, saying(600, reset));
  expect(spans.map(({ kind, wh }) => [kind, wh])).toEqual([
    ['gap', 600 + 450],
    ['metered', 5],
  ]);
  expect(events).toMatchObject([{ kind: 'reported', before: 300, after: 450, resolution: reset }]);
});

test('a mistake in the first reading after a replacement leaves the replacement to the next', () => {
  const inputs = [
    { kind: 'meta', at: midnight - 1, serial: 'a' } as const,
    ...eachMinute(300, 310),
    { kind: 'meta', at: midnight + 90_000, serial: 'b', startWh: 50 } as const,
    reading(2, 0),
    reading(3, 54),
  ];
  const { spans, events } = account(inputs, saying(2, { kind: 'error', ...by }));
  expect(totalWh({ spans })).toBe(14);
  expect(events.map(({ kind, resolution }) => [kind, resolution?.kind])).toEqual([
    ['replacement', 'error'],
    ['replacement', 'declared-replacement'],
  ]);
});

test('a mistake among readings in doubt leaves them in doubt', () => {
  const readings = eachMinute(1_000, 0, 4_000_000_000, 1_005);
  expect(totalWh(account(readings, saying(2, { kind: 'error', ...by })))).toBe(5);
});

test('nobody is anonymous, and nothing is said that has no meaning', () => {
  expect(resolutionSchema.safeParse({ kind: 'rollback', by: '', why: 'x' }).success).toBe(false);
  expect(resolutionSchema.safeParse({ kind: 'rollback', wh: 3, ...by }).success).toBe(false);
});

describe('a correction', () => {
  const at = midnight + minuteMs;

  test('takes the place of the value and is uncertain; the reading is not touched', () => {
    const wrong = reading(1, 70);
    const right = corrected(wrong, [{ at, before: 70, after: 1_005, ...by }]);
    expect([wrong.wh, right.wh, right.quality]).toEqual([70, 1_005, 'uncertain']);
    const { spans, events } = account([reading(0, 1_000), right, reading(2, 1_010)]);
    expect(totalWh({ spans })).toBe(10);
    expect(events).toEqual([]);
  });

  test('may say that there was no value, or that there was one', () => {
    expect(corrected(reading(1, 70), [{ at, before: 70, after: null, ...by }])).toMatchObject({
      wh: null,
      quality: 'bad',
    });
    const found = corrected(reading(1, null), [{ at, before: null, after: 80, ...by }]);
    expect(totalWh(account([reading(0, 70), found]))).toBe(10);
  });

  test('corrects a correction in turn; one that was made of something else does nothing', () => {
    const chain = [
      { at, before: 70, after: 80, ...by },
      { at, before: 80, after: 90, ...by },
      { at, before: 70, after: 1, ...by },
      { at: at + 1, before: 90, after: 2, ...by },
    ];
    expect(corrected(reading(1, 70), chain).wh).toBe(90);
  });
});
