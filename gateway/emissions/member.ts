import { compare, dividedBy, type Exact, whole } from './exact.ts';
import { dateMs, dateOf, type JapanDate, monthsAfter } from './fiscal-year.ts';

const longestMonths = 8 * 12;

export interface MemberDates {
  /** Of the project's registration. */
  readonly projectAppliedOn: JapanDate;
  readonly admittedOn: JapanDate;
  /** From when on every required item is monitored. */
  readonly monitoredFrom?: JapanDate | undefined;
  /** The first day on which it is a member no more. */
  readonly leftOn?: JapanDate | undefined;
}

/**
 * Half-open, epoch milliseconds: from the latest of application, admission and monitoring, for 8 years at most. Empty
 * (`to` not above `from`) for one that left before.
 */
export function memberWindow(dates: MemberDates): { readonly from: number; readonly to: number } {
  const { projectAppliedOn, admittedOn, monitoredFrom, leftOn } = dates;
  const from = Math.max(
    ...[projectAppliedOn, admittedOn, monitoredFrom ?? admittedOn].map((date) => dateMs(date)),
  );
  const longest = monthsAfter(dateOf(from), longestMonths);
  return { from, to: leftOn === undefined ? longest : Math.min(longest, dateMs(leftOn)) };
}

/** Whole yen. */
export interface Investment {
  readonly investmentYen: number;
  readonly subsidyYen: number;
  readonly savingYenPerYear: number;
}

const fewestYears = whole(3);

/** Years until the saving has paid what the subsidy did not; undefined where it never does. */
export function paybackYears(investment: Investment): Exact | undefined {
  const { investmentYen, subsidyYen, savingYenPerYear } = investment;
  if (savingYenPerYear <= 0) return undefined;
  return dividedBy(whole(investmentYen - subsidyYen), whole(savingYenPerYear));
}

/** A household is on the positive list; a business earns nothing unless it shows a payback of three years or more. */
export function isAdditional(
  kind: 'household' | 'business',
  investment: Investment | undefined,
): boolean {
  if (kind === 'household') return true;
  if (investment === undefined) return false;
  const years = paybackYears(investment);
  return years === undefined || compare(years, fewestYears) >= 0;
}

const earliestMonths = 24;

/** First operation no earlier than two years before the application date. */
export function startedTooEarly(operationStartedOn: JapanDate, appliedOn: JapanDate): boolean {
  return dateMs(operationStartedOn) < monthsAfter(appliedOn, -earliestMonths);
}
