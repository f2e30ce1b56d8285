import { expect, test } from 'vitest';
import { emptyRow, readPoints } from './points.ts';

const row = (shownMpa: string, referenceMpa: string) => ({ shownMpa, referenceMpa });

test('rows become points; empty rows at the end are not meant', () => {
  expect(readPoints([row('0.1', '0'), row('10.05', '10'), emptyRow, emptyRow])).toEqual({
    kind: 'points',
    points: [
      { shownMpa: 0.1, referenceMpa: 0 },
      { shownMpa: 10.05, referenceMpa: 10 },
    ],
  });
  expect(readPoints([emptyRow])).toEqual({ kind: 'points', points: [] });
});

test('half a row, a gap and what is no number are told at their rows', () => {
  const rows = [row('1', ''), emptyRow, row('five', '5'), row('9', '9')];
  expect(readPoints(rows)).toEqual({
    kind: 'wrong',
    rows: { 0: 'half', 1: 'half', 2: 'not-a-number' },
  });
});
