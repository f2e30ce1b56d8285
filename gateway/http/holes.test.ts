import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { FrameEvent } from '#device/contract';
import type { SeqRun, StoredEvent } from '../store/port.ts';
import { holesBetween, judgeHoles, overlaps } from './holes.ts';

vi.setConfig({ testTimeout: 60_000 });

const device = { site: 'keihin', device: 'pi-1' };
const atOf = (seq: number): number => 1_775_000_000_000 + seq * 1000;

function run(first: number, last: number, stream = 'a'): SeqRun {
  return { ...device, stream, first, last, firstAt: atOf(first), lastAt: atOf(last) };
}

function said(event: FrameEvent, stream = 'a'): StoredEvent {
  return { ...device, stream, seq: 1000, at: atOf(1000), index: 0, event };
}

const tenToTwenty = holesBetween([run(0, 9), run(21, 30)]);

test('a hole has the numbers that are missing and the times of its neighbours', () => {
  expect(tenToTwenty).toEqual([
    { ...device, stream: 'a', firstSeq: 10, lastSeq: 20, from: atOf(9), to: atOf(21) },
  ]);
});

test('no hole is seen before the first run, between streams, or between runs that touch', () => {
  expect(holesBetween([run(5, 9), run(10, 12), run(3, 4, 'b')])).toEqual([]);
});

test('without a word from the device a gap is open', () => {
  expect(judgeHoles(tenToTwenty, [])).toMatchObject([{ state: 'open', firstSeq: 10, lastSeq: 20 }]);
});

test.each(['dropped', 'thinned', 'skipped', 'corrupt'] as const)(
  '%s over the missing times makes it final',
  (kind) => {
    const event = { kind, from: atOf(10), to: atOf(20), count: 11, why: 'spool-full' };
    expect(judgeHoles(tenToTwenty, [said(event)])).toMatchObject([
      { state: 'final', why: `${kind}: spool-full` },
    ]);
  },
);

test('statements that follow each other count together', () => {
  const events = [
    said({ kind: 'dropped', from: atOf(16), to: atOf(20) }),
    said({ kind: 'thinned', from: atOf(10), to: atOf(15) }),
  ];
  expect(judgeHoles(tenToTwenty, events)).toMatchObject([
    { state: 'final', why: 'thinned; dropped' },
  ]);
});

test('a loss of a part leaves the gap open when only times are given, and splits it when numbers are', () => {
  const part = { kind: 'dropped', from: atOf(10), to: atOf(14) } as const;
  expect(judgeHoles(tenToTwenty, [said(part)])).toMatchObject([
    { state: 'open', firstSeq: 10, lastSeq: 20 },
  ]);
  expect(judgeHoles(tenToTwenty, [said({ ...part, firstSeq: 10, lastSeq: 14 })])).toMatchObject([
    { state: 'final', firstSeq: 10, lastSeq: 14, why: 'dropped' },
    { state: 'open', firstSeq: 15, lastSeq: 20 },
  ]);
});

test('the holes of a thinned week are all final by one statement', () => {
  const holes = holesBetween([0, 15, 30, 45].map((seq) => run(seq, seq)));
  const gaps = judgeHoles(holes, [
    said({ kind: 'thinned', from: atOf(1), to: atOf(44), count: 42 }),
  ]);
  expect(gaps.map(({ state }) => state)).toEqual(['final', 'final', 'final']);
});

test('other kinds, other streams and half statements settle nothing', () => {
  const over = { from: atOf(10), to: atOf(20) };
  const events = [
    said({ kind: 'restart', ...over }),
    said({ kind: 'dropped', ...over }, 'b'),
    said({ kind: 'dropped', from: over.from }),
    said({ kind: 'dropped', from: over.to, to: over.from }),
    said({ kind: 'dropped', firstSeq: 20, lastSeq: 10 }),
    said({ kind: 'dropped', firstSeq: '10', lastSeq: '20' }),
  ];
  expect(judgeHoles(tenToTwenty, events)).toMatchObject([{ state: 'open' }]);
  const named = said({ kind: 'corrupt', ...over, stream: 'a' }, 'b');
  expect(judgeHoles(tenToTwenty, [named])).toMatchObject([{ state: 'final' }]);
});

test('a gap is in a span when a missing frame may be', () => {
  const [hole] = tenToTwenty;
  if (hole === undefined) throw new Error('no hole');
  expect(overlaps(hole, { from: atOf(0), to: atOf(9) })).toBe(false);
  expect(overlaps(hole, { from: atOf(0), to: atOf(10) })).toBe(true);
  expect(overlaps(hole, { from: atOf(21), to: atOf(30) })).toBe(false);
});

const length = fc.integer({ min: 1, max: 20 });

/** Alternating stored and missing stretches of one stream. */
const stream = fc
  .array(fc.tuple(length, length), { minLength: 1, maxLength: 20 })
  .map((stretches) => {
    const runs: SeqRun[] = [];
    const missing: number[] = [];
    let seq = 0;
    for (const [stored, lost] of stretches) {
      runs.push(run(seq, seq + stored - 1));
      seq += stored;
      for (const end = seq + lost; seq < end; seq += 1) missing.push(seq);
    }
    return { runs: [...runs, run(seq, seq)], missing };
  });

const ranges = fc.array(
  fc.tuple(fc.nat(500), fc.nat(60)).map(([first, more]) => ({ first, last: first + more })),
  { maxLength: 20 },
);

test('the gaps hold every missing number once and no stored one; final are exactly those a statement names', () => {
  fc.assert(
    fc.property(stream, ranges, ({ runs, missing }, named) => {
      const events = named.map(({ first, last }) =>
        said({ kind: 'dropped', firstSeq: first, lastSeq: last }),
      );
      const gaps = judgeHoles(holesBetween(runs), events);
      const numbers = gaps.flatMap((gap) =>
        Array.from({ length: gap.lastSeq - gap.firstSeq + 1 }, (_, index) => ({
          seq: gap.firstSeq + index,
          state: gap.state,
        })),
      );
      expect(numbers.map(({ seq }) => seq)).toEqual(missing);
      for (const { seq, state } of numbers)
        expect(state === 'final').toBe(
          named.some(({ first, last }) => seq >= first && seq <= last),
        );
    }),
  );
});

test('a statement by times settles a hole exactly when it reaches from its first to its last frame', () => {
  fc.assert(
    fc.property(length, length, fc.nat(10), fc.nat(10), (before, missing, late, early) => {
      const [first, last] = [before, before + missing - 1];
      const holes = holesBetween([run(0, before - 1), run(last + 1, last + 5)]);
      const event = { kind: 'dropped', from: atOf(first + late), to: atOf(last - early) } as const;
      const whole = late === 0 && early === 0;
      const [gap] = judgeHoles(holes, [said(event)]);
      expect(gap?.state).toBe(whole ? 'final' : 'open');
    }),
  );
});
