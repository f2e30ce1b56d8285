import { halfHourMs, intervalEnd, intervalStart, type IntervalLength } from '../energy/calendar.ts';
import { coarsen, emptyHalfHour, type Interval } from '../energy/interval.ts';
import type { Span, Store } from '../store/port.ts';
import { halfHourOf, intervalMeasurement, type StoredHalfHour } from './meter-rows.ts';
import type { Account } from './meter-walk.ts';

/** An interval with how often its content has changed: of a longer one, the sum of its half hours'. */
export type Revised = StoredHalfHour;

/**
 * Every interval of a length that a span touches, oldest first, from the first one with data up to now: half hours that
 * are stored, the one that is running, and after it those of which nothing is known yet (revision 0).
 */
export async function* energyIntervals(
  store: Pick<Store, 'derived'>,
  meter: string,
  account: Account,
  length: IntervalLength,
  span: Span,
  nowMs: number,
): AsyncGenerator<Revised, void, undefined> {
  const from = intervalStart(length, span.from);
  const to = Math.min(
    intervalEnd(length, intervalStart(length, span.to - 1)),
    intervalEnd('30m', intervalStart('30m', nowMs)),
  );
  let part: Revised[] = [];
  let end = -Infinity;
  for await (const halfHour of halfHours(store, meter, account, { from, to })) {
    if (halfHour.interval.start >= end) {
      yield* joined(part, length);
      part = [];
      end = intervalEnd(length, intervalStart(length, halfHour.interval.start));
    }
    part.push(halfHour);
  }
  yield* joined(part, length);
}

function joined(part: readonly Revised[], length: IntervalLength): readonly Revised[] {
  if (length === '30m') return part;
  const [interval] = coarsen(
    part.map((each) => each.interval),
    length,
  );
  if (interval === undefined) return [];
  return [{ interval, revision: part.reduce((sum, { revision }) => sum + revision, 0) }];
}

/** Without a hole, from the first one with data. */
async function* halfHours(
  store: Pick<Store, 'derived'>,
  key: string,
  account: Account,
  { from, to }: Span,
): AsyncGenerator<Revised, void, undefined> {
  let next: number | undefined;
  for await (const row of store.derived({ measurement: intervalMeasurement, key }, { from, to })) {
    for (; next !== undefined && next < row.at; next += halfHourMs) yield unknown(account, next);
    yield halfHourOf(row);
    next = row.at + halfHourMs;
  }
  const { running, state } = account;
  const begun = running?.start ?? (state.level && intervalStart('30m', state.level.at));
  if (begun === null) return;
  for (let start = next ?? Math.max(from, begun); start < to; start += halfHourMs)
    yield start === running?.start ? { interval: running, revision: 0 } : unknown(account, start);
}

/** A half hour that no reading has ended yet; what is in doubt in it is named. */
function unknown({ state }: Account, start: number): Revised {
  const interval = emptyHalfHour(start);
  const openEvents = state.held.flatMap(({ event }) =>
    event !== null && event.beforeAt < interval.end ? event.id : [],
  );
  return { interval: { ...interval, openEvents } satisfies Interval, revision: 0 };
}
