import { halfHourMs, type IntervalLength, intervalEnd, intervalStart } from './calendar.ts';
import { coarsen, type Interval, qualityOf, secondsIn, type Unallocated } from './interval.ts';
import type { Span } from './span.ts';

/**
 * Energy per interval from the spans of one register, in order. Answers every interval that `[from, to)` touches, the
 * empty ones too. Spans outside do no harm; a missing one is time not covered.
 */
export function allocate(
  spans: Iterable<Span>,
  length: IntervalLength,
  { from, to }: { readonly from: number; readonly to: number },
): Interval[] {
  if (to <= from) return [];
  const start = intervalStart(length, from);
  const end = intervalEnd(length, intervalStart(length, to - 1));
  const halfHours = new HalfHours(start, Math.round((end - start) / halfHourMs));
  for (const span of spans) halfHours.add(span);
  const finished = halfHours.finished();
  return length === '30m' ? finished : coarsen(finished, length);
}

/** What part of a span's energy came by `at`: the floor of its share, so that parts always add up to the whole. */
export function whBy({ from, to, wh }: Span, at: number): number {
  if (at <= from) return 0;
  if (at >= to) return wh;
  const product = wh * (at - from);
  if (Number.isSafeInteger(product)) return Math.floor(product / (to - from));
  return Number((BigInt(wh) * BigInt(at - from)) / BigInt(to - from));
}

/** Sums per half hour. Unix time counts half hours from a Japan-time boundary: the offset is 18 of them. */
class HalfHours {
  readonly #start: number;
  readonly #wh: Float64Array;
  readonly #covered: Int32Array;
  readonly #uncertain: Int32Array;
  readonly #gaps = new Map<number, Unallocated[]>();
  readonly #open = new Map<number, string[]>();

  constructor(start: number, count: number) {
    this.#start = start;
    this.#wh = new Float64Array(count);
    this.#covered = new Int32Array(count);
    this.#uncertain = new Int32Array(count);
  }

  add(span: Span): void {
    const first = Math.max(0, this.#indexOf(span.from));
    // A span ends before its last instant: one that ends on a boundary does not touch the next half hour.
    const last = Math.min(this.#wh.length - 1, this.#indexOf(span.to - 1));
    for (let index = first; index <= last; index += 1) {
      if (span.kind === 'metered') this.#cover(span, index);
      else if (span.kind === 'gap')
        push(this.#gaps, index, { from: span.from, to: span.to, wh: span.wh });
      else if (span.event !== null) push(this.#open, index, span.event);
    }
  }

  #indexOf(at: number): number {
    return Math.floor((at - this.#start) / halfHourMs);
  }

  #cover(span: Span, index: number): void {
    const start = Math.max(span.from, this.#start + index * halfHourMs);
    const end = Math.min(span.to, this.#start + (index + 1) * halfHourMs);
    const seconds = secondsIn(start, end);
    this.#wh[index] = (this.#wh[index] ?? 0) + whBy(span, end) - whBy(span, start);
    this.#covered[index] = (this.#covered[index] ?? 0) + seconds;
    if (span.uncertain) this.#uncertain[index] = (this.#uncertain[index] ?? 0) + seconds;
  }

  finished(): Interval[] {
    return Array.from(this.#wh, (wh, index) => {
      const start = this.#start + index * halfHourMs;
      const interval = {
        start,
        end: start + halfHourMs,
        wh,
        unallocated: this.#gaps.get(index) ?? [],
        coveredSeconds: this.#covered[index] ?? 0,
        uncertainSeconds: this.#uncertain[index] ?? 0,
        openEvents: this.#open.get(index) ?? [],
      };
      return { ...interval, quality: qualityOf(interval) };
    });
  }
}

function push<T>(lists: Map<number, T[]>, index: number, item: T): void {
  const list = lists.get(index);
  if (list === undefined) lists.set(index, [item]);
  else list.push(item);
}
