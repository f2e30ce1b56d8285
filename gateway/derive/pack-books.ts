import type { Point } from '../hydrogen/flow.ts';
import { type Amount, drawn, meteredAmount, type Stretch } from '../hydrogen/ledger/drawn.ts';
import { needsWord } from '../hydrogen/ledger/segments.ts';
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
  /** Those of them in which nobody looked: across changes that somebody said were draws. */
  readonly across: readonly Stretch[];
  /** What a register counted in all others; null without one, or where it did not read. */
  readonly meteredG: number | null;
}

/** The sum of one pack's accounts: by its flow meter where that counted in all of them, else by the fall of the mass. */
export function amountOf(
  accounts: readonly Pick<Account, 'stretches' | 'across' | 'meteredG'>[],
  meterClassPercent: number | undefined,
): Amount {
  const grams = accounts.flatMap(({ meteredG }) => meteredG ?? []);
  if (meterClassPercent === undefined || grams.length < accounts.length)
    return drawn(accounts.flatMap(({ stretches }) => stretches));
  const counted = meteredAmount(
    grams.reduce((sum, each) => sum + each, 0),
    meterClassPercent,
  );
  const across = drawn(accounts.flatMap((account) => account.across));
  return {
    kg: counted.kg + across.kg,
    expandedUncertaintyKg: Math.hypot(counted.expandedUncertaintyKg, across.expandedUncertaintyKg),
  };
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
    const across: Stretch[] = [];
    const unexplained: Unexplained[] = [];
    let lostKg = 0;
    let meteredG: number | null = pack.config.flowMeter === undefined ? null : 0;
    for (const { segment, from, to } of await this.segments(span)) {
      if (from >= span.from + minuteMs && segment.before !== null) {
        const why = explanation(from);
        const fellKg = segment.before.kg - segment.start.kg;
        if (why === 'drawn') across.push(this.#stretch(segment.before, segment.start));
        else if (why === 'loss') lostKg += fellKg;
        else if (why === undefined && needsWord(segment)) unexplained.push(unexplainedOf(segment));
      }
      // While a pack is being filled nothing is drawn from it.
      const filled = Math.floor(segment.start.at / minuteMs) * minuteMs;
      const inside = { from: Math.max(from, filled, span.from), to: Math.min(to, span.to) };
      const ends = await this.#ends(from, inside);
      if (ends === undefined) continue;
      stretches.push(this.#stretch(pointOf(ends.first), pointOf(ends.last)));
      const grams = gramsBetween(ends);
      meteredG = meteredG === null || grams === null ? null : meteredG + grams;
    }
    const known = { stretches: [...across, ...stretches], across, meteredG };
    const amount = amountOf([known], pack.config.flowMeter?.classPercent);
    return { drawn: amount, lostKg, unexplained, ...known };
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
  async #ends(segmentAt: number, span: Span): Promise<Ends | undefined> {
    const mine = (row: DerivedRow) => hasMass(row) && row.fields['segmentAt'] === segmentAt;
    const meter = this.#parts.pack.config.flowMeter;
    let first: DerivedRow | undefined;
    let firstCounted: DerivedRow | undefined;
    // A minute's row stands at its start and may hold a reading from before the span's own start.
    for await (const row of this.#derived(hydrogenMeasurement, span)) {
      if (!mine(row)) continue;
      first ??= row;
      firstCounted ??= gramsOf(row) === null ? undefined : row;
      if (meter === undefined || firstCounted !== undefined || row.at > first.at + readsWithinMs)
        break;
    }
    if (first === undefined) return undefined;
    const begun = { first, firstCounted: firstCounted ?? first };
    for (let backMs = hourMs; ; backMs *= 8) {
      const from = Math.max(span.from, span.to - backMs);
      let last: DerivedRow | undefined;
      for await (const row of this.#derived(hydrogenMeasurement, { from, to: span.to }))
        if (mine(row)) last = row;
      if (last !== undefined) return { ...begun, last };
      if (from <= first.at) return { ...begun, last: first };
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

/** A meter that reads less often than the gauge has so long to begin, in a new segment. */
const readsWithinMs = 10 * minuteMs;

/** The ends of a segment within a span. */
interface Ends {
  readonly first: DerivedRow;
  /** From where on a register counted: the first one, or soon after it. */
  readonly firstCounted: DerivedRow;
  readonly last: DerivedRow;
}

function gramsBetween({ firstCounted, last }: Ends): number | null {
  const [from, to] = [gramsOf(firstCounted), gramsOf(last)];
  return from === null || to === null ? null : Math.max(0, to - from);
}

function gramsOf({ fields }: DerivedRow): number | null {
  const grams = fields['meteredG'];
  return typeof grams === 'number' ? grams : null;
}
