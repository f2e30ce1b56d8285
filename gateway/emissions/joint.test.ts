import { expect, test } from 'vitest';
import type { Span } from '../energy/span.ts';
import { jointSpans } from './joint.ts';
import { lineOfSpans } from './register-line.ts';
import { energyByBand } from './reduction.ts';
import { type Stretch, stretches, uncovered } from './stretch.ts';
import { april, hourMs, minuteMs, plainConditions } from './testing-registers.ts';

const half = 30 * minuteMs;
const at = (halfHours: number): number => april + halfHours * half;

function span(from: number, to: number, wh: number, kind: Span['kind'] = 'metered'): Span {
  const event = kind === 'withheld' ? `e.${at(to)}` : null;
  return { kind, from: at(from), to: at(to), wh, uncertain: false, event };
}

function judged(generated: Span[], sold: Span[], more = {}): Stretch[] {
  const spans = jointSpans([
    { item: 'generated', register: 'g', line: lineOfSpans(generated) },
    { item: 'sold', register: 's', line: lineOfSpans(sold) },
  ]);
  return stretches(spans, { ...plainConditions, ...more });
}
const short = ({ from, to, elWh, reason }: Stretch) => [
  (from - april) / half,
  (to - april) / half,
  elWh,
  reason,
];

test('the same time in both registers: the difference, split where a reading is between boundaries', () => {
  const found = judged(
    [span(0, 0.5, 100), span(0.5, 3.5, 300), span(3.5, 4, 50)],
    [span(0, 4, 40)],
  );
  expect(found.map(short)).toEqual([[0, 4, 410, null]]);
  expect(found[0]).toMatchObject({ generatedWh: 450, soldWh: 40, fiscalYear: 2027, counted: true });
});

test('a gap in sold only, in generated only, and two that are offset: metered energy, whole', () => {
  const whole = [span(0, 10, 1_000)];
  const gap = [span(0, 2, 20), span(2, 6, 40, 'gap'), span(6, 10, 40)];
  expect(judged(whole, gap).map(short)).toEqual([[0, 10, 900, null]]);
  expect(judged(gap, [span(0, 10, 0)]).map(short)).toEqual([[0, 10, 100, null]]);
  const offset = [span(0, 2.4, 24), span(2.4, 6.4, 40, 'gap'), span(6.4, 10, 36)];
  const spans = jointSpans([
    { item: 'generated', register: 'g', line: lineOfSpans(gap) },
    { item: 'sold', register: 's', line: lineOfSpans(offset) },
  ]);
  expect(spans.map(({ from, to }) => [(from - april) / half, (to - april) / half])).toEqual([
    [0, 1],
    [1, 2],
    [2, 7],
    [7, 8],
    [8, 9],
    [9, 10],
  ]);
});

test('an event that nobody explained, in one register only, takes its joint span out and is named', () => {
  const sold = [span(0, 2, 10), span(2, 2.1, 0, 'withheld'), span(2.1, 6, 30)];
  const found = judged([span(0, 6, 600)], sold);
  expect(found.map(short)).toEqual([
    [0, 2, 190, null],
    [2, 3, null, 'open-event'],
    [3, 6, 276, null],
  ]);
  expect(found[1]).toMatchObject({ generatedWh: 100, soldWh: null, detail: `e.${at(2.1)}` });
});

test('a gap over 1 April earns nothing and is listed; without it the year is cut there', () => {
  const plain = judged([span(-4, 4, 800)], [span(-4, 4, 80)]);
  expect(plain.map(({ fiscalYear, band, elWh }) => [fiscalYear, band, elWh])).toEqual([
    [2026, 'first', 360],
    [2027, 'first', 360],
  ]);
  const gap = judged(
    [span(-4, 4, 800)],
    [span(-4, -1, 30), span(-1, 1, 20, 'gap'), span(1, 4, 30)],
  );
  expect(gap.map(short)).toEqual([
    [-4, -1, 270, null],
    [-1, 1, 180, 'straddles'],
    [1, 4, 270, null],
  ]);
  expect(gap[1]?.detail).toBe('2027-04-01');
});

test('bands, windows, marks and meters cut; what is outside earns nothing and is listed', () => {
  const day = (days: number): number => april + days * 24 * hourMs;
  const whole = [span(-96, 192, 28_800)];
  const found = judged(whole, [span(-96, 192, 0)], {
    window: { from: day(-1), to: day(4) },
    obstacles: [{ from: day(3), to: Infinity, reason: 'mark-expired', detail: 'm' }],
    cuts: [day(2)],
  });
  expect(found.map(({ band, ...rest }) => [...short({ band, ...rest }), band])).toEqual([
    [-96, -48, 4_800, 'outside-window', 'first'],
    [-48, 0, 4_800, null, 'first'],
    [0, 48, 4_800, null, 'first'],
    [48, 96, 4_800, null, 'middle'],
    [96, 144, 4_800, null, 'middle'],
    [144, 192, 4_800, 'mark-expired', 'middle'],
  ]);
  expect(energyByBand(found)).toEqual([
    { fiscalYear: 2026, band: 'first', elWh: 4_800, gasDm3: 0, heatKj: 0 },
    { fiscalYear: 2027, band: 'first', elWh: 4_800, gasDm3: 0, heatKj: 0 },
    { fiscalYear: 2027, band: 'middle', elWh: 9_600, gasDm3: 0, heatKj: 0 },
  ]);
  const early = judged(whole, [span(-96, 192, 0)], { operationStartedOn: '2027-04-03' });
  expect(early.map(({ reason }) => reason)).toEqual(['before-operation', 'before-operation', null]);
});

test('a stretch below zero keeps its sign and earns nothing; single negative half hours are part of theirs', () => {
  const nightly = judged([span(0, 4, 400), span(4, 8, 0)], [span(0, 8, 80)]);
  expect(nightly.map(short)).toEqual([[0, 8, 320, null]]);
  const below = judged([span(0, 8, 100)], [span(0, 8, 180)]);
  expect(below.map(short)).toEqual([[0, 8, -80, 'negative']]);
  expect(energyByBand(below)).toEqual([]);
});

test('without readings there is no data; before the first and after the last there is an edge', () => {
  const asked = { from: at(0), to: at(10) };
  expect(uncovered(asked, [])).toEqual([{ ...asked, reason: 'no-data' }]);
  expect(uncovered(asked, [{ from: at(2), to: at(9) }])).toEqual([
    { from: at(0), to: at(2), reason: 'gap-at-edge' },
    { from: at(9), to: at(10), reason: 'gap-at-edge' },
  ]);
  expect(uncovered(asked, [asked])).toEqual([]);
  expect(judged([], [span(0, 4, 1)])).toEqual([]);
});
