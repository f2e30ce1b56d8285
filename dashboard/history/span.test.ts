import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allowed,
  askedSpan,
  isNewest,
  largestUnit,
  moved,
  namedSpans,
  nameOf,
  newest,
  pointsFor,
  spacingMs,
  zoomed,
} from './span.ts';

const now = Date.parse('2026-04-01T12:00:30+09:00');
const minuteMs = 60_000;

test('a named span ends with the running minute, and has its name', () => {
  const day = newest(namedSpans.day, now);
  expect(day.toMs).toBe(Date.parse('2026-04-01T12:01:00+09:00'));
  expect(nameOf(day)).toBe('day');
  expect(isNewest(day, now)).toBe(true);
  expect(isNewest(moved(day, -0.5, now), now)).toBe(false);
  expect(nameOf(zoomed(day, 0.5, 0.5, now))).toBeUndefined();
});

test('what is zoomed about stays where it is', () => {
  const day = moved(newest(namedSpans.day, now), -1, now);
  const closer = zoomed(day, 0.5, 0.25, now);
  expect(closer.toMs - closer.fromMs).toBe(namedSpans.day / 2);
  expect(closer.fromMs).toBe(day.fromMs + namedSpans.day / 8);
});

test('nothing leads to the future, to less than ten minutes or to more than ten years', () => {
  const bound = fc.integer({ min: -40 * namedSpans.year, max: 2 * namedSpans.year });
  fc.assert(
    fc.property(bound, bound, (from, to) => {
      const shown = allowed({ fromMs: now + from, toMs: now + to }, now);
      const lengthMs = shown.toMs - shown.fromMs;
      expect(shown.toMs).toBeLessThanOrEqual(now + minuteMs);
      expect(lengthMs).toBeGreaterThanOrEqual(10 * minuteMs);
      expect(lengthMs).toBeLessThanOrEqual(10 * namedSpans.year);
      expect(shown.fromMs % minuteMs).toBe(0);
      expect(lengthMs % minuteMs).toBe(0);
    }),
  );
});

test('points are no more than the gateway gives, than there are minutes, or than can be seen', () => {
  expect(pointsFor(newest(namedSpans.hour, now), 1_200)).toBe(60);
  expect(pointsFor(newest(namedSpans.day, now), 1_280)).toBe(720);
  expect(spacingMs(newest(namedSpans.day, now), 720)).toBe(2 * minuteMs);
  expect(pointsFor(newest(namedSpans.year, now), 0)).toBe(74);
  expect(
    spacingMs(newest(namedSpans.year, now), pointsFor(newest(namedSpans.year, now), 1_280)),
  ).toBe(480 * minuteMs);
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 5_270_400 }), fc.nat(5_000), (minutes, width) => {
      const span = { fromMs: now, toMs: now + minutes * minuteMs };
      const points = pointsFor(span, width);
      expect(points).toBeLessThanOrEqual(2_000);
      expect(points).toBeGreaterThanOrEqual(2);
      expect(points * spacingMs(span, points)).toBeGreaterThanOrEqual(minutes * minuteMs);
    }),
  );
});

test('what is asked for in hours begins and ends at hours, as far apart as ever, and hides less than one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 5_270_400 }), fc.nat(5_000), (minutes, width) => {
      const span = {
        fromMs: now - (now % minuteMs) - minutes * minuteMs,
        toMs: now - (now % minuteMs),
      };
      const points = pointsFor(span, width);
      const spacing = spacingMs(span, points);
      const asked = askedSpan(span, points);
      expect(spacingMs(asked, points)).toBe(spacing);
      const hours = [asked.fromMs, asked.toMs, spacing].every((ms) => ms % (60 * minuteMs) === 0);
      expect(hours || (asked.fromMs === span.fromMs && asked.toMs === span.toMs)).toBe(true);
      expect(asked.fromMs - span.fromMs).toBeLessThan(60 * minuteMs);
      expect(asked.toMs).toBeGreaterThanOrEqual(span.toMs);
    }),
  );
});

test.each([
  [1, 1, 'minutes'],
  [30, 30, 'minutes'],
  [90, 90, 'minutes'],
  [480, 8, 'hours'],
  [2880, 2, 'days'],
])('%i minutes are said as %i %s', (minutes, count, unit) => {
  expect(largestUnit(minutes * 60_000)).toEqual({ count, unit });
});
