import { z } from 'zod';
import type { DerivedKey, DerivedRow, Span, Store } from '../store/port.ts';
import { type Extreme, type ExtremeField, joined, type Stretch, stretchOfRow } from './stretch.ts';

/** One row for each hour that had a minute, and a later one behind it: a year of them is read in the time of six days of minutes. */
export const hourMeasurement = 'hydrogen_hour';
export const minuteMeasurement = 'hydrogen';

export const hourMs = 3_600_000;

/** Minutes' rows as the rows of their hours. */
export function hourRows(minutes: readonly DerivedRow[]): DerivedRow[] {
  const hours = new Map<number, Stretch>();
  // An event's row is derived before its minute ends, and stands after the minute's.
  for (const row of minutes.toSorted((one, other) => one.at - other.at)) {
    const hour = hourOf(row.at);
    const held = hours.get(hour);
    const stretch = stretchOfRow(row);
    hours.set(hour, held === undefined ? stretch : joined(held, stretch));
  }
  return [...hours].map(([at, stretch]) => hourRow(at, stretch));
}

/** The hour that holds a time. Japan is whole hours from UTC, so it is an hour there, too. */
export function hourOf(atMs: number): number {
  return Math.floor(atMs / hourMs) * hourMs;
}

function hourRow(at: number, { best, knownMinutes, extremes }: Stretch): DerivedRow {
  const { pressureMpa, totalKg, usableKg } = extremes;
  return {
    at,
    fields: {
      ...best.fields,
      bestAt: best.at,
      knownMinutes,
      leastPressureMpa: pressureMpa?.least ?? null,
      mostPressureMpa: pressureMpa?.most ?? null,
      leastTotalKg: totalKg?.least ?? null,
      mostTotalKg: totalKg?.most ?? null,
      leastUsableKg: usableKg?.least ?? null,
      mostUsableKg: usableKg?.most ?? null,
    },
  };
}

const extreme = z.number().nullable();
const hourSchema = z.object({
  bestAt: z.number(),
  knownMinutes: z.number(),
  leastPressureMpa: extreme,
  mostPressureMpa: extreme,
  leastTotalKg: extreme,
  mostTotalKg: extreme,
  leastUsableKg: extreme,
  mostUsableKg: extreme,
});

/** Throws when a row is not what `hourRows` makes: the store was written by something else. */
export function stretchOfHour({ fields: all }: DerivedRow): Stretch {
  const hour = hourSchema.parse(all);
  const extremes: Record<ExtremeField, Extreme | null> = {
    pressureMpa: both(hour.leastPressureMpa, hour.mostPressureMpa),
    totalKg: both(hour.leastTotalKg, hour.mostTotalKg),
    usableKg: both(hour.leastUsableKg, hour.mostUsableKg),
  };
  const { knownMinutes, bestAt: at } = hour;
  // Its minutes are whole, and nobody else's.
  return { best: { at, fields: all }, knownMinutes, extremes, counted: null };
}

function both(least: number | null, most: number | null): Extreme | null {
  return least === null || most === null ? null : { least, most };
}

/** A stretch, and the time at which its row stands. */
export interface Placed {
  readonly at: number;
  readonly stretch: Stretch;
}

type Rows = Pick<Store, 'derived'>;

/** Every minute's row of a pack, oldest first. */
export async function* minuteStretches(
  store: Rows,
  key: DerivedKey['key'],
  span: Span,
): AsyncGenerator<Placed, void, undefined> {
  for await (const row of store.derived({ measurement: minuteMeasurement, key }, span))
    yield { at: row.at, stretch: stretchOfRow(row) };
}

/**
 * The same time in whole hours, `from` being the start of one. An hour without a row (the newest one, one derived
 * by an older program, about to be derived anew, or empty) is read minute by minute.
 */
export async function* hourStretches(
  store: Rows,
  key: DerivedKey['key'],
  { from, to }: Span,
): AsyncGenerator<Placed, void, undefined> {
  let at = from;
  const ended = { from, to: hourOf(to) };
  for await (const row of store.derived({ measurement: hourMeasurement, key }, ended)) {
    if (row.at > at) yield* minuteStretches(store, key, { from: at, to: row.at });
    yield { at: row.at, stretch: stretchOfHour(row) };
    at = row.at + hourMs;
  }
  if (at < to) yield* minuteStretches(store, key, { from: at, to });
}
