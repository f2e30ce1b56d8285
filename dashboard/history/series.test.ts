import { expect, test } from 'vitest';
import type { PackHistoryPoint } from '#gateway/contract';
import { packSeries } from './series.ts';

const minuteMs = 60_000;
const fromMs = Date.parse('2026-04-01T12:00:00+09:00');

function point(minute: number, usableKg: number | null): PackHistoryPoint {
  const at = fromMs + minute * minuteMs;
  return {
    at,
    measuredAt: at,
    pressureMpa: usableKg === null ? null : 10,
    temperatureC: 20,
    totalKg: usableKg,
    usableKg,
    expandedUncertaintyKg: 0.3,
    usableExpandedUncertaintyKg: 0.4,
    quality: usableKg === null ? 'bad' : 'good',
  };
}
const span = (minutes: number) => ({ fromMs, toMs: fromMs + minutes * minuteMs });

test('minutes: a band of the uncertainty, and a hole where nothing is known', () => {
  const series = packSeries([point(0, 10), point(1, null), point(3, 9)], span(6), minuteMs);
  expect(series.points.map(({ usableKg }) => usableKg)).toEqual([10, null, null, 9]);
  expect(series.points[0]).toMatchObject({ usableLowKg: 9.6, usableHighKg: 10.4, knownMinutes: 1 });
  expect(series.gaps).toEqual([{ fromMs: fromMs + minuteMs, toMs: fromMs + 3 * minuteMs }]);
  expect(series.thin).toEqual([]);
});

test('a stretch keeps its extremes, and says that minutes of it are missing', () => {
  const extremes = { least: 2, most: 12 };
  const stretch = { pressureMpa: extremes, totalKg: extremes, usableKg: extremes };
  const thinned = { ...point(7, 5), stretch: { ...stretch, knownMinutes: 9, minutes: 10 } };
  const { points, thin } = packSeries([thinned], span(20), 10 * minuteMs);
  expect(points).toMatchObject([
    { fromMs, usableKg: 5, usableLowKg: 1.6, usableHighKg: 12.4, pressureMostMpa: 12 },
  ]);
  expect(thin).toEqual([span(10)]);
});

test('a number of a sensor that is known to be wrong is not drawn', () => {
  const stuck = { ...point(0, 10), quality: 'bad', why: 'stuck' } as const;
  const series = packSeries([stuck], span(1), minuteMs);
  expect(series.points).toMatchObject([{ pressureMpa: null, usableKg: null, why: 'stuck' }]);
  expect(series.gaps).toEqual([span(1)]);
});

test('nothing at all is no gap: nobody knows yet', () => {
  expect(packSeries([], span(3), minuteMs)).toMatchObject({ points: [], gaps: [] });
});
