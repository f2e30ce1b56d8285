import { expect, test } from 'vitest';
import { allocate } from './allocate.ts';
import type { Span } from './span.ts';
import { account, midnight, minuteMs, reading } from './testing-register.ts';
import { changedIntervals, touchedHalfHours } from './touched.ts';

const span = (from: number, to: number, wh: number, more: Partial<Span> = {}): Span => ({
  kind: 'metered',
  from: midnight + from * minuteMs,
  to: midnight + to * minuteMs,
  wh,
  uncertain: false,
  event: null,
  ...more,
});
const hour = { from: midnight, to: midnight + 60 * minuteMs };
const halves = (spans: readonly Span[]) => allocate(spans, '30m', hour);

test('the example of the README', () => {
  const before = [reading(25, 900), reading(28, 960), reading(33, 1_063), reading(36, 1_100)];
  const { spans } = account([...before, reading(150, 4_000), reading(153, 4_100)]);
  const range = { from: midnight, to: midnight + 180 * minuteMs };
  expect(allocate(spans, '30m', range).map(({ wh }) => wh)).toEqual([101, 99, 0, 0, 0, 100]);
  expect(allocate(spans, '1h', range).map(({ wh }) => wh)).toEqual([200, 0, 100]);
  expect(allocate(spans, '1d', range)).toMatchObject([
    { wh: 3_200, unallocated: [{ wh: 2_900 }], coveredSeconds: 128 * 60 },
  ]);
});

test('a boundary splits in proportion to time, and no Wh is lost or made', () => {
  expect(halves([span(28, 31, 100)]).map(({ wh }) => wh)).toEqual([66, 34]);
  expect(halves([span(28, 31, 2)]).map(({ wh }) => wh)).toEqual([1, 1]);
});

test('exact beyond 2^53 in between', () => {
  const wh = Number.MAX_SAFE_INTEGER;
  const [first, second] = halves([span(20, 60, wh)]);
  expect(BigInt(first?.wh ?? 0)).toBe(BigInt(wh) / 4n);
  expect(BigInt(first?.wh ?? 0) + BigInt(second?.wh ?? 0)).toBe(BigInt(wh));
});

test('a gap is labelled in every interval it touches and counted where it lies whole', () => {
  const gap = span(10, 40, 500, { kind: 'gap' });
  const label = { from: gap.from, to: gap.to, wh: 500 };
  const spans = [span(0, 10, 7), gap, span(40, 60, 9)];
  expect(halves(spans)).toMatchObject([
    { wh: 7, coveredSeconds: 600, unallocated: [label], quality: 'uncertain' },
    { wh: 9, coveredSeconds: 1_200, unallocated: [label], quality: 'uncertain' },
  ]);
  expect(allocate(spans, '1h', hour)).toMatchObject([
    { wh: 516, coveredSeconds: 3_600, unallocated: [label], quality: 'good' },
  ]);
});

test('across a month only the fiscal year has it, across 1 April nothing does', () => {
  const gap = span(-10, 10, 500, { kind: 'gap' });
  const around = { from: midnight - 1, to: midnight + 1 };
  const years = allocate([gap], 'fy', around);
  expect(years.map(({ wh, unallocated }) => [wh, unallocated.length])).toEqual([
    [0, 1],
    [0, 1],
  ]);
  const may = Date.parse('2026-05-01T00:00:00+09:00');
  const overMay = { ...gap, from: may - 600_000, to: may + 600_000 };
  const months = allocate([overMay], '1mo', { from: may - 1, to: may + 1 });
  expect(months.map(({ wh }) => wh)).toEqual([0, 0]);
  expect(allocate([overMay], 'fy', { from: may, to: may + 1 })).toMatchObject([{ wh: 500 }]);
});

test('quality: good, uncertain, bad', () => {
  const quality = (spans: Span[]) => halves(spans)[0]?.quality;
  expect(quality([span(-1, 30, 1)])).toBe('good');
  expect(quality([span(0, 29, 1)])).toBe('uncertain');
  expect(quality([span(0, 29, 1), span(29, 30, 1, { uncertain: true })])).toBe('uncertain');
  expect(quality([])).toBe('bad');
  const open = span(20, 21, 0, { kind: 'withheld', event: 'x' });
  expect(quality([span(0, 20, 1), open, span(21, 30, 1)])).toBe('bad');
  expect(halves([open])[0]?.openEvents).toEqual(['x']);
});

test('nothing is nothing, and what lies outside does no harm', () => {
  expect(allocate([span(0, 1, 1)], '30m', { from: midnight, to: midnight })).toEqual([]);
  expect(halves([span(-90, -80, 5), span(100, 110, 5)]).map(({ wh }) => wh)).toEqual([0, 0]);
});

test('touched half hours are those between the neighbours', () => {
  const starts = (before: number | null, at: number, after: number | null) =>
    touchedHalfHours(
      before === null ? null : midnight + before * minuteMs,
      midnight + at * minuteMs,
      after === null ? null : midnight + after * minuteMs,
    ).map((start) => (start - midnight) / minuteMs);
  expect(starts(29, 30, 31)).toEqual([0, 30]);
  expect(starts(29, 29.5, 30)).toEqual([0]);
  expect(starts(30, 31, 32)).toEqual([30]);
  expect(starts(10, 50, 130)).toEqual([0, 30, 60, 90, 120]);
  expect(starts(null, 50, 61)).toEqual([30, 60]);
  expect(starts(20, 31, null)).toEqual([0, 30]);
  expect(starts(null, 31, null)).toEqual([]);
});

test('what changed is named, and nothing else', () => {
  const before = halves([span(0, 20, 7), span(20, 40, 9)]);
  const after = halves([span(0, 20, 7), span(20, 30, 5), span(30, 40, 4)]);
  expect(changedIntervals(before, before)).toEqual([]);
  expect(changedIntervals(before, after)).toEqual([midnight, midnight + 30 * minuteMs]);
  expect(changedIntervals(before, before.slice(1))).toEqual([midnight]);
});
