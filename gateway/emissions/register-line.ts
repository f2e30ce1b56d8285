import { whBy } from '../energy/allocate.ts';
import { halfHourMs } from '../energy/calendar.ts';
import type { Interval } from '../energy/interval.ts';
import type { Span } from '../energy/span.ts';

/**
 * What a register is known to have counted at an instant of the half-hour grid, from wherever the line begins. Two
 * boundaries of one `segment` have nothing unexplained between them.
 */
export interface Boundary {
  readonly at: number;
  readonly wh: number;
  readonly segment: number;
}

/** The known boundaries of a register, oldest first: those that are not strictly inside a gap or a withheld step. */
export interface RegisterLine {
  readonly boundaries: readonly Boundary[];
  /** Id of the event behind each rise of `segment`: `events[n]` leads from segment n to n + 1. */
  readonly events: readonly string[];
}

/** From all that was accounted, in order (each span begins where the last one ended). Exact. */
export function lineOfSpans(spans: Iterable<Span>): RegisterLine {
  const line = new SpanLine();
  for (const span of spans) line.add(span);
  return line.line();
}

/** The same, span by span: for years of readings, whose spans would not fit into memory. */
export class SpanLine {
  readonly #line = new Line();
  #begun = false;

  add(span: Span): void {
    const line = this.#line;
    if (!this.#begun && span.from % halfHourMs === 0) line.known(span.from);
    this.#begun = true;
    if (span.kind === 'metered')
      for (let at = gridAfter(span.from); at < span.to; at += halfHourMs)
        line.known(at, whBy(span, at));
    if (span.kind === 'withheld') line.broken(span.event ?? 'no-data');
    line.add(span.wh);
    if (span.to % halfHourMs === 0) line.known(span.to);
  }

  line(): RegisterLine {
    return this.#line;
  }
}

/** The first instant of the grid after one. Unix time counts half hours from a Japan-time boundary. */
function gridAfter(at: number): number {
  return (Math.floor(at / halfHourMs) + 1) * halfHourMs;
}

/** Of an interval, what a line is made of. */
export type HalfHour = Pick<
  Interval,
  'start' | 'wh' | 'unallocated' | 'coveredSeconds' | 'openEvents'
>;

export interface Ends {
  /** Whether the register is known at the start of the first half hour, and at the end of the last one. */
  readonly startKnown: boolean;
  readonly endKnown: boolean;
}

/** From stored half hours, in order and without a hole: the same boundaries as from the spans they were made of. */
export function lineOfHalfHours(
  halfHours: readonly HalfHour[],
  { startKnown, endKnown }: Ends,
): RegisterLine {
  const line = new Line();
  let before: HalfHour | undefined;
  for (const halfHour of halfHours) {
    const known = before === undefined ? startKnown : knownBetween(before, halfHour);
    if (known) line.known(halfHour.start);
    before = halfHour;
    // A gap is an amount of the half hour in which it ends.
    const end = halfHour.start + halfHourMs;
    const ended = halfHour.unallocated.filter(({ to }) => to > halfHour.start && to <= end);
    line.add(ended.reduce((sum, { wh }) => sum + wh, halfHour.wh));
    for (const event of halfHour.openEvents) line.brokenOnce(event);
    if (isBlank(halfHour)) line.brokenOnce('no-data');
  }
  if (before !== undefined && endKnown) line.known(before.start + halfHourMs);
  return line;
}

/** Whether nothing that cannot be divided lies across the boundary between two half hours. */
function knownBetween(before: HalfHour, after: HalfHour): boolean {
  if (isBlank(before) || isBlank(after)) return false;
  if (after.unallocated.some(({ from }) => from < after.start)) return false;
  return !after.openEvents.some((event) => before.openEvents.includes(event));
}

/** Nothing was accounted in it: it is before the first reading that is left, or after the last. */
function isBlank({ coveredSeconds, unallocated, openEvents }: HalfHour): boolean {
  return coveredSeconds === 0 && unallocated.length === 0 && openEvents.length === 0;
}

class Line {
  readonly boundaries: Boundary[] = [];
  readonly events: string[] = [];
  #wh = 0;

  known(at: number, partWh = 0): void {
    this.boundaries.push({ at, wh: this.#wh + partWh, segment: this.events.length });
  }

  add(wh: number): void {
    this.#wh += wh;
  }

  broken(event: string): void {
    this.events.push(event);
  }

  /** An event across a boundary is told by both half hours. */
  brokenOnce(event: string): void {
    if (this.events.at(-1) !== event) this.broken(event);
  }
}
