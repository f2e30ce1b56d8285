import type { Point } from '../hydrogen/flow.ts';
import { type Amount, drawn, meteredAmount, type Stretch } from '../hydrogen/ledger/drawn.ts';
import type { LedgerEvent, Segment } from '../hydrogen/ledger/state.ts';
import { minuteMs } from '../hydrogen/ledger/step.ts';
import type { DerivedRow, Span, Store } from '../store/port.ts';
import { eventOf } from './event-rows.ts';
import { eventMeasurement, hydrogenMeasurement } from './pack-job.ts';
import { type ConfiguredPack, geometryAt, packKey, type PackStatements } from './pack.ts';

/** What a person said of the change before a segment; undefined while nobody did. */
export type Explanation = 'swap' | 'drawn' | 'loss' | 'closed-cylinders' | 'same' | undefined;

export interface BooksParts {
  readonly store: Pick<Store, 'derived'>;
  readonly pack: ConfiguredPack;
  readonly statements: () => PackStatements;
  readonly explanation: (segmentAt: number) => Explanation;
}

/** A change of mass that nobody has explained: it is in no account. */
export interface Unexplained {
  readonly segmentAt: number;
  readonly kind: Segment['kind'];
  readonly beforeKg: number | null;
  readonly startKg: number;
}

/** What left a pack in a span of time. */
export interface Account {
  readonly drawn: Amount;
  /** Said to be lost, kg. */
  readonly lostKg: number;
  readonly unexplained: readonly Unexplained[];
  /** What the amount is the sum of: accounts of one pack share their instruments' errors. */
  readonly stretches: readonly Stretch[];
  readonly meteredG: number | null;
}

/** One stretch of time with the same gas, as derived. */
export interface SegmentSpan {
  readonly segment: Segment;
  readonly from: number;
  readonly to: number;
}

const hourMs = 3_600_000;

/** Reads a pack's derived rows as accounts: what was drawn between two times, and what nobody can say. */
export class PackBooks {
  readonly #parts: BooksParts;

  constructor(parts: BooksParts) {
    this.#parts = parts;
  }

  async events(span: Span): Promise<LedgerEvent[]> {
    const events: LedgerEvent[] = [];
    for await (const row of this.#derived(eventMeasurement, span)) events.push(eventOf(row));
    return events;
  }

  /** Segments that reach into the span, oldest first. */
  async segments(span: Span): Promise<SegmentSpan[]> {
    const begun = (await this.events({ from: 0, to: span.to })).flatMap((event) =>
      event.kind === 'segment' ? event.segment : [],
    );
    return begun
      .map((segment, index) => ({
        segment,
        from: segment.at,
        to: begun[index + 1]?.at ?? Number.MAX_SAFE_INTEGER,
      }))
      .filter(({ from, to }) => to > span.from && from < span.to);
  }

  /**
   * What was drawn in a span of whole minutes, by the fall of the mass or by the pack's own flow meter. It begins with the
   * row of its first minute, which shows that minute's end: a change within that minute belongs to what came before.
   */
  async account(span: Span): Promise<Account> {
    const { pack, explanation } = this.#parts;
    const stretches: Stretch[] = [];
    const unexplained: Unexplained[] = [];
    let lostKg = 0;
    let meteredG: number | null = pack.config.flowMeter === undefined ? null : 0;
    for (const { segment, from, to } of await this.segments(span)) {
      if (from >= span.from + minuteMs && segment.before !== null) {
        const why = explanation(from);
        const fellKg = segment.before.kg - segment.start.kg;
        if (why === 'drawn') stretches.push(this.#stretch(segment.before, segment.start));
        else if (why === 'loss') lostKg += fellKg;
        else if (why === undefined && segment.kind !== 'cylinders')
          unexplained.push(unexplainedOf(segment));
      }
      // While a pack is being filled nothing is drawn from it.
      const filled = Math.floor(segment.start.at / minuteMs) * minuteMs;
      const inside = { from: Math.max(from, filled, span.from), to: Math.min(to, span.to) };
      const ends = await this.#ends(from, inside);
      if (ends === undefined) continue;
      stretches.push(this.#stretch(pointOf(ends.first), pointOf(ends.last)));
      if (meteredG !== null) meteredG += gramsOf(ends.last) - gramsOf(ends.first);
    }
    const meter = pack.config.flowMeter;
    const amount =
      meter !== undefined && meteredG !== null
        ? meteredAmount(meteredG, meter.classPercent)
        : drawn(stretches);
    return { drawn: amount, lostKg, unexplained, stretches, meteredG };
  }

  /** What the pack was at a time: the last minute with a mass at or before it, within an hour. */
  async pointAt(atMs: number): Promise<Point | undefined> {
    let last: DerivedRow | undefined;
    for await (const row of this.#derived(hydrogenMeasurement, {
      from: atMs - hourMs,
      to: atMs + 1,
    }))
      if (hasMass(row)) last = row;
    return last === undefined ? undefined : pointOf(last);
  }

  #stretch(from: Point, to: Point): Stretch {
    const { pack, statements } = this.#parts;
    return { pack: geometryAt(pack.geometry, statements(), from.at), from, to };
  }

  /** The first and the last minute with a mass that belong to a segment within a span. */
  async #ends(
    segmentAt: number,
    span: Span,
  ): Promise<{ first: DerivedRow; last: DerivedRow } | undefined> {
    const mine = (row: DerivedRow) => hasMass(row) && row.fields['segmentAt'] === segmentAt;
    let first: DerivedRow | undefined;
    // A minute's row stands at its start and may hold a reading from before the span's own start.
    for await (const row of this.#derived(hydrogenMeasurement, span))
      if (mine(row)) {
        first = row;
        break;
      }
    if (first === undefined) return undefined;
    for (let backMs = hourMs; ; backMs *= 8) {
      const from = Math.max(span.from, span.to - backMs);
      let last: DerivedRow | undefined;
      for await (const row of this.#derived(hydrogenMeasurement, { from, to: span.to }))
        if (mine(row)) last = row;
      if (last !== undefined) return { first, last };
      if (from <= first.at) return { first, last: first };
    }
  }

  #derived(measurement: string, span: Span): AsyncIterable<DerivedRow> {
    return this.#parts.store.derived({ measurement, key: packKey(this.#parts.pack) }, span);
  }
}

function unexplainedOf({ at, kind, start, before }: Segment): Unexplained {
  return { segmentAt: at, kind, beforeKg: before?.kg ?? null, startKg: start.kg };
}

function hasMass({ fields }: DerivedRow): boolean {
  return typeof fields['totalKg'] === 'number';
}

function pointOf({ at, fields }: DerivedRow): Point {
  const number = (name: string): number => {
    const value = fields[name];
    if (typeof value === 'number') return value;
    throw new Error(`a hydrogen row at ${at} has no ${name}`);
  };
  return {
    at: number('measuredAt'),
    pressureMpa: number('pressureMpa'),
    temperatureC: number('temperatureC'),
    kg: number('totalKg'),
  };
}

function gramsOf({ fields }: DerivedRow): number {
  const grams = fields['meteredG'];
  return typeof grams === 'number' ? grams : 0;
}
