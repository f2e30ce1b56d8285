import type { TimeSpan } from '../trend/shape.ts';

/** Something that happened, or (with `toMs`) went on for a while; null: it still does. */
export interface TimelineEvent {
  readonly id: string;
  readonly kind: EventKind;
  readonly atMs: number;
  readonly toMs?: number | null;
  readonly text: string;
}

export type EventKind = 'delivery' | 'alarm' | 'change' | 'correction' | 'register';

/** Those that touch the span, oldest first. */
export function eventsIn(events: readonly TimelineEvent[], span: TimeSpan): TimelineEvent[] {
  return events
    .filter(
      ({ atMs, toMs }) => atMs < span.toMs && (toMs === null || (toMs ?? atMs) >= span.fromMs),
    )
    .toSorted((first, second) => first.atMs - second.atMs);
}

/** An event with its place on the time axis: parts of the plot's width, and the row of its label. */
export interface PlacedEvent {
  readonly event: TimelineEvent;
  /** Counted from 1, as in the list. */
  readonly number: number;
  readonly left: number;
  /** Undefined where there is no room for words: its number stands there alone. */
  readonly row: number | undefined;
  /** The label stands left of its time, because there is no room right of it. */
  readonly before: boolean;
}

/** Rows of labels at most. */
const mostRows = 3;

/**
 * Puts labels into rows so that none covers another: each goes into the first row that is free right of its time, or left
 * of it. `widthOf` is the width of a label as a part of the plot.
 */
export function placeEvents(
  events: readonly TimelineEvent[],
  span: TimeSpan,
  widthOf: (event: TimelineEvent) => number,
): PlacedEvent[] {
  const takenTo: number[] = Array.from({ length: mostRows }, () => 0);
  return events.map((event, index) => {
    const part = (event.atMs - span.fromMs) / (span.toMs - span.fromMs);
    const left = Math.min(1, Math.max(0, part));
    const width = widthOf(event);
    const before = left + width > 1;
    const beginning = before ? left - width : left;
    const row = takenTo.findIndex((end) => end <= beginning);
    const number = index + 1;
    if (row === -1) return { event, number, left, row: undefined, before };
    takenTo[row] = beginning + width;
    return { event, number, left, row, before };
  });
}
