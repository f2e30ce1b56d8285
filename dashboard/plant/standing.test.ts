import { expect, test } from 'vitest';
import { combined, countedFigure, type Measured, reasonOf, shownFigure } from './standing.ts';

const good: Measured = { measuredAt: 1_000, quality: 'good' };
const cut: Measured = { measuredAt: 2_000, quality: 'bad', why: 'loop-open' };
const stopped: Measured = { measuredAt: 500, quality: 'bad', why: 'stale' };

test('a good figure has its value, a bad one has none even where a number was sent', () => {
  expect(shownFigure(good, 12.3, true)).toMatchObject({ standing: 'good', value: 12.3 });
  expect(shownFigure(cut, null, true)).toMatchObject({ standing: 'bad', value: null });
  expect(shownFigure({ ...cut, why: 'stuck' }, 12.3, true)).toMatchObject({
    standing: 'bad',
    value: null,
    why: 'stuck',
  });
});

test('a null is never good', () => {
  expect(shownFigure(good, null, true).standing).toBe('bad');
});

test('a source that stopped is told from a source that fails', () => {
  expect(shownFigure(stopped, null, true).standing).toBe('stale');
  expect(shownFigure({ ...stopped, quality: 'uncertain' }, 12.3, true)).toMatchObject({
    standing: 'stale',
    value: null,
  });
});

test('without the gateway every figure is old, and a fault does not get its number back', () => {
  expect(shownFigure(good, 12.3, false)).toMatchObject({ standing: 'old', value: 12.3 });
  expect(shownFigure(cut, 12.3, false)).toMatchObject({ standing: 'old', value: null });
});

test('a register keeps what it said when its meter stopped, and is not shown as fresh', () => {
  expect(countedFigure(stopped, 1_234, true)).toMatchObject({ standing: 'stale', value: 1_234 });
  expect(countedFigure(stopped, null, true)).toMatchObject({ standing: 'stale', value: null });
  expect(countedFigure(stopped, 1_234, false).standing).toBe('old');
  expect(countedFigure(good, 1_234, true).standing).toBe('good');
});

test('what is computed from two is as bad as the worse and as old as the older', () => {
  expect(combined(good, cut)).toEqual({ measuredAt: 1_000, quality: 'bad', why: 'loop-open' });
  expect(combined(cut, good)).toEqual({ measuredAt: 1_000, quality: 'bad', why: 'loop-open' });
  expect(combined(good, { measuredAt: null, quality: 'bad', why: 'no-data' }).measuredAt).toBe(
    null,
  );
});

test('a figure without a value always has a reason, if only that none was given', () => {
  expect(reasonOf(shownFigure(good, 12.3, true))).toBe(undefined);
  expect(reasonOf(shownFigure(cut, null, true))).toBe('loop-open');
  expect(reasonOf(shownFigure(good, null, true))).toBe('missing');
});
