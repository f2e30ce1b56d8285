import type { TimeSpan } from '../trend/shape.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The spans with a button of their own. */
export const namedSpans = {
  hour: hourMs,
  day: dayMs,
  week: 7 * dayMs,
  month: 31 * dayMs,
  year: 366 * dayMs,
} as const;
export type SpanName = keyof typeof namedSpans;

/** Ten points of a minute: closer there is nothing to see. */
const shortestMs = 10 * minuteMs;
/** The gateway reads every minute of it: ten years are its limit here. */
const longestMs = 10 * 366 * dayMs;

const lengthOf = ({ fromMs, toMs }: TimeSpan): number => toMs - fromMs;

/** The named span that ends at the end of the running minute. */
export function newest(lengthMs: number, nowMs: number): TimeSpan {
  const toMs = Math.ceil(nowMs / minuteMs) * minuteMs;
  return { fromMs: toMs - lengthMs, toMs };
}

/** Keeps a span within the lengths that can be shown, on whole minutes, and not beyond the running minute. */
export function allowed({ fromMs, toMs }: TimeSpan, nowMs: number): TimeSpan {
  const asked = Math.round((toMs - fromMs) / minuteMs) * minuteMs;
  const lengthMs = Math.min(longestMs, Math.max(shortestMs, asked));
  const middleMs = (fromMs + toMs) / 2;
  const from = Math.round((middleMs - lengthMs / 2) / minuteMs) * minuteMs;
  const last = newest(lengthMs, nowMs);
  return from > last.fromMs ? last : { fromMs: from, toMs: from + lengthMs };
}

/** Zooms about a point of the span (0 its beginning, 1 its end), which stays where it is. */
export function zoomed(span: TimeSpan, factor: number, about: number, nowMs: number): TimeSpan {
  const pivotMs = span.fromMs + about * lengthOf(span);
  const fromMs = pivotMs - about * lengthOf(span) * factor;
  return allowed({ fromMs, toMs: fromMs + lengthOf(span) * factor }, nowMs);
}

/** Moves by a part of the span: -0.5 is half of it back. */
export function moved(span: TimeSpan, part: number, nowMs: number): TimeSpan {
  const byMs = part * lengthOf(span);
  return allowed({ fromMs: span.fromMs + byMs, toMs: span.toMs + byMs }, nowMs);
}

/** Whether it ends at the present, and so moves with it. */
export function isNewest({ toMs }: TimeSpan, nowMs: number): boolean {
  return toMs >= nowMs - minuteMs;
}

/** Its button, where it has one. */
export function nameOf(span: TimeSpan): SpanName | undefined {
  for (const name of spanNames) if (namedSpans[name] === lengthOf(span)) return name;
  return undefined;
}

export const spanNames = ['hour', 'day', 'week', 'month', 'year'] as const satisfies SpanName[];

/** Most points the gateway gives (gateway/contract/routes.ts), and at least so many that a chart looks whole. */
const mostPoints = 2_000;
const leastPoints = 100;
/** Minutes between two points that people can say. */
const spacings = [
  1,
  2,
  3,
  5,
  10,
  15,
  20,
  30,
  60,
  120,
  180,
  240,
  360,
  480,
  720,
  1440,
  2 * 1440,
  5 * 1440,
];

/** At most a point for every pixel, a round number of minutes apart. */
export function pointsFor(span: TimeSpan, widthPx: number): number {
  const minutes = Math.max(2, Math.ceil(lengthOf(span) / minuteMs));
  const most = Math.min(mostPoints, Math.max(leastPoints, Math.round(widthPx)));
  const spacing = spacings.find((each) => minutes / each <= most) ?? minutes / most;
  return Math.min(most, Math.max(2, Math.ceil(minutes / spacing)));
}

/** How far apart the points are that the gateway then gives (gateway/http/history.ts). */
export function spacingMs(span: TimeSpan, points: number): number {
  return Math.ceil(lengthOf(span) / points / minuteMs) * minuteMs;
}

/** How far apart points are, in the largest unit that holds it whole. */
export function largestUnit(apartMs: number): {
  readonly count: number;
  readonly unit: 'minutes' | 'hours' | 'days';
} {
  if (apartMs % (24 * hourMs) === 0) return { count: apartMs / (24 * hourMs), unit: 'days' };
  if (apartMs % hourMs === 0) return { count: apartMs / hourMs, unit: 'hours' };
  return { count: apartMs / minuteMs, unit: 'minutes' };
}

/**
 * The span to ask for: where points are hours apart it is moved on to whole hours and is as many points long, because the
 * gateway keeps hours. Of what lies ahead it tells nothing.
 */
export function askedSpan(span: TimeSpan, points: number): TimeSpan {
  const spacing = spacingMs(span, points);
  if (spacing % hourMs !== 0) return span;
  const toMs = Math.ceil(span.toMs / hourMs) * hourMs;
  return { fromMs: toMs - points * spacing, toMs };
}
