import { intervalEnd, intervalStart } from '../energy/calendar.ts';
import { type Band, bandCuts, bandOf, type FactorRule } from './factor-rule.ts';
import { dateMs, dateOf, fiscalYearOf, type JapanDate } from './fiscal-year.ts';
import type { Obstacle } from './reason.ts';

/** Under what a generator's or member's joint spans are judged. */
export interface Conditions {
  readonly factorRule: FactorRule;
  readonly operationStartedOn: JapanDate;
  /** When it earns at all; half-open, epoch milliseconds. */
  readonly window: { readonly from: number; readonly to: number };
  /** Expired marks, missing evidence, flags; the first one that holds is the one that is named. */
  readonly obstacles: readonly Obstacle[];
  /** Further midnights that end a stretch and that no span may straddle: another meter from then on. */
  readonly cuts?: readonly number[] | undefined;
}

/** What holds at an instant: constant from one cut to the next. */
export interface Standing {
  readonly fiscalYear: number;
  readonly band: Band;
  readonly obstacle: Pick<Obstacle, 'reason' | 'detail'> | null;
}

/** Answers, for spans in any order, what holds in them and which cut lies inside. */
export class Judge {
  readonly #conditions: Conditions;
  readonly #obstacles: readonly Obstacle[];
  readonly #cuts: readonly number[];

  constructor(conditions: Conditions) {
    const { factorRule, operationStartedOn, obstacles, cuts = [] } = conditions;
    this.#conditions = conditions;
    this.#obstacles = [...outside(conditions), ...obstacles];
    this.#cuts = [
      ...bandCuts(factorRule, operationStartedOn),
      ...this.#obstacles.flatMap(({ from, to }) => [from, to]),
      ...cuts,
    ].filter((cut) => Number.isFinite(cut));
  }

  standing(atMs: number): Standing {
    const { factorRule, operationStartedOn } = this.#conditions;
    const obstacle = this.#obstacles.find(({ from, to }) => atMs >= from && atMs < to);
    return {
      fiscalYear: fiscalYearOf(atMs),
      band: bandOf(factorRule, operationStartedOn, atMs),
      obstacle:
        obstacle === undefined ? null : { reason: obstacle.reason, detail: obstacle.detail },
    };
  }

  /** Whether a stretch must end here whatever holds before and after. */
  endsAt(atMs: number): boolean {
    return this.#conditions.cuts?.includes(atMs) === true;
  }

  /** The first cut strictly inside a span; undefined where there is none. */
  cutIn({ from, to }: { readonly from: number; readonly to: number }): number | undefined {
    const april = intervalEnd('fy', intervalStart('fy', from));
    const inside = [april, ...this.#cuts].filter((cut) => cut > from && cut < to);
    return inside.length === 0 ? undefined : Math.min(...inside);
  }

  /** A time after `from` up to which `standing` is the same and no cut lies. */
  constantUntil(from: number): number {
    const april = intervalEnd('fy', intervalStart('fy', from));
    return Math.min(april, ...this.#cuts.filter((cut) => cut > from));
  }
}

function outside({ window, operationStartedOn }: Conditions): Obstacle[] {
  const before = (to: number, reason: Obstacle['reason'], detail: string): Obstacle => ({
    from: -Infinity,
    to,
    reason,
    detail,
  });
  const until: Obstacle[] = Number.isFinite(window.to)
    ? [{ from: window.to, to: Infinity, reason: 'outside-window', detail: dateOf(window.to) }]
    : [];
  const since = Number.isFinite(window.from)
    ? [before(window.from, 'outside-window', dateOf(window.from))]
    : [];
  const started = dateMs(operationStartedOn);
  return [...since, ...until, before(started, 'before-operation', operationStartedOn)];
}
