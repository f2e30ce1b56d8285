import { expect, test } from 'vitest';
import type { Segment } from '../../hydrogen/ledger/state.ts';
import { withRunning } from './segments.ts';

const never = Number.MAX_SAFE_INTEGER;
const point = (at: number) => ({ at, pressureMpa: 6, temperatureC: 20, kg: 7.6 });
const segment = (at: number): Segment => ({
  kind: 'return',
  at,
  start: point(at),
  last: point(at),
  before: point(at - 60_000),
  openCylinders: 30,
  calibratedAt: null,
  meteredG: null,
});
const span = (at: number, to: number) => ({ segment: segment(at), from: at, to });

test('a segment counts from when it is seen, not from when its minute is derived', () => {
  const derived = [span(1, 5), span(5, never)];
  expect(withRunning(derived, segment(9))).toEqual([span(1, 5), span(5, 9), span(9, never)]);
  expect(withRunning([], segment(9))).toEqual([span(9, never)]);
});

test('one that is derived stands once, and a ledger that is behind adds nothing', () => {
  const derived = [span(1, 5), span(5, never)];
  for (const running of [segment(5), segment(3), null])
    expect(withRunning(derived, running)).toEqual(derived);
});
