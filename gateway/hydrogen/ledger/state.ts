import type { PackGeometry } from '../budget.ts';
import type { Flow, Point } from '../flow.ts';

/** What a pack showed at an instant: calibrated pressure, the temperature that goes with it, and meters if there are. */
export interface PackSample {
  readonly at: number;
  readonly pressureMpa: number | null;
  readonly temperatureC: number | null;
  /** Of a flow meter, NL/min and whole grams; null where none read. */
  readonly flowNlPerMin: number | null;
  readonly drawnG: number | null;
}

/** What a ledger must know of the pack besides its samples. */
export interface LedgerSetup {
  readonly pack: PackGeometry;
  /** A faster fall is no draw: the line was closed, or the pack taken away. */
  readonly largestDrawNlPerMin: number;
  /** Since when its readings are corrected as they are: the newest calibration; null before the first. */
  readonly calibratedAt: number | null;
}

/** A stretch of time in which the same gas was in the same pack. */
export interface Segment {
  /**
   * `first`: nothing was known before. `return`: after an isolation another mass was there. `rise`: more came in.
   * `cylinders`: the number of open cylinders was stated anew. `calibration`: readings are corrected in another way.
   */
  readonly kind: 'first' | 'return' | 'rise' | 'cylinders' | 'calibration';
  /** When it began, and what it is known by. */
  readonly at: number;
  /** What was in it then; of a rise what it ended at, which may be later. */
  readonly start: Point;
  readonly last: Point;
  /** What was there before, where a segment came before this one. */
  readonly before: Point | null;
  readonly openCylinders: number;
  readonly calibratedAt: number | null;
  /** Grams that a meter counted since the start; null without one. */
  readonly meteredG: number | null;
}

export interface Isolation {
  readonly since: number;
  readonly before: Point;
  readonly lowestMpa: number;
  /** Readings that may be the pack's again: since when they stay at one mass, and how many. */
  readonly settling: {
    readonly from: number;
    readonly kg: number;
    readonly count: number;
  } | null;
}

/** A point an hour, for what takes days to see. */
export interface HourPoint extends Point {
  readonly meteredG: number | null;
  /** Something was seen drawn since the point before. */
  readonly drawing: boolean;
}

/** Sums over the good readings of a minute. */
export interface MinuteSums {
  readonly minute: number;
  readonly count: number;
  readonly atSum: number;
  readonly pressureSum: number;
  readonly temperatureSum: number;
  readonly kgSum: number;
  readonly flowSum: number;
  readonly flowCount: number;
}

/** Everything a ledger remembers: plain data, bounded, so that it can be written down and taken up again. */
export interface LedgerState {
  readonly at: number;
  readonly minute: MinuteSums | null;
  /** Recent points of the running stretch, for the flow. */
  readonly points: readonly Point[];
  readonly hours: readonly HourPoint[];
  /** Where the mass was within the last two minutes: what a fall is measured from. */
  readonly anchors: readonly Point[];
  readonly isolation: Isolation | null;
  readonly segment: Segment | null;
  readonly flow: Flow;
  /** NL/min of the last minute in which a flow meter read. */
  readonly meteredNlPerMin: { readonly at: number; readonly value: number } | null;
  /** What a meter's register showed last, grams. */
  readonly register: { readonly at: number; readonly grams: number } | null;
  readonly drawing: boolean;
}

export type LedgerEvent =
  | { readonly kind: 'isolated'; readonly at: number; readonly before: Point }
  | {
      /** The same mass as before: it goes on. `vented`: the line was empty, so it may be an equal pack. */
      readonly kind: 'returned';
      readonly at: number;
      readonly before: Point;
      readonly point: Point;
      readonly vented: boolean;
    }
  /** Told again under the same time while the pack is still filling. */
  | { readonly kind: 'segment'; readonly at: number; readonly segment: Segment };

export interface Stepped {
  readonly state: LedgerState;
  readonly events: readonly LedgerEvent[];
}

export const emptyLedger: LedgerState = {
  at: 0,
  minute: null,
  points: [],
  hours: [],
  anchors: [],
  isolation: null,
  segment: null,
  flow: { state: 'unknown', kgPerHour: 0, uncertaintyKgPerHour: 0, windowMs: 0 },
  meteredNlPerMin: null,
  register: null,
  drawing: false,
};
