import type { DerivedRow } from '../store/port.ts';

const minuteMs = 60_000;

/** Of these a stretch of time keeps the least and the most: thinning must not hide a peak. Masses in kg, pressure in MPa gauge. */
export const extremeFields = ['pressureMpa', 'totalKg', 'usableKg'] as const;
export type ExtremeField = (typeof extremeFields)[number];

export interface Extreme {
  readonly least: number;
  readonly most: number;
}

/** What a stretch of time knew: of its minutes, or of shorter stretches. */
export interface Stretch {
  /** Its most complete row, the latest of those. */
  readonly best: DerivedRow;
  /** Minutes with a pressure that may be believed. */
  readonly knownMinutes: number;
  /** Null where nothing was known. */
  readonly extremes: Readonly<Record<ExtremeField, Extreme | null>>;
  /** Between which of its known minutes another row may come (epoch ms): an event brings a second row into its minute. */
  readonly counted: { readonly first: number; readonly last: number } | null;
}

/** A row as the stretch of its own. */
export function stretchOfRow(row: DerivedRow): Stretch {
  // A sensor that is known to be wrong may still give a number.
  const believed = row.fields['quality'] !== 'bad';
  const known = believed && row.fields['pressureMpa'] !== null;
  const extreme = (name: ExtremeField): Extreme | null => {
    const value = row.fields[name];
    return believed && typeof value === 'number' ? { least: value, most: value } : null;
  };
  return {
    best: row,
    knownMinutes: known ? 1 : 0,
    extremes: {
      pressureMpa: extreme('pressureMpa'),
      totalKg: extreme('totalKg'),
      usableKg: extreme('usableKg'),
    },
    counted: known ? { first: minuteOf(row.at), last: minuteOf(row.at) } : null,
  };
}

/** Two stretches as one, where `later` begins after `earlier` or in its last minute. In which order many are joined means nothing. */
export function joined(earlier: Stretch, later: Stretch): Stretch {
  const [before, after] = [earlier.counted, later.counted];
  const shared = before !== null && before.last === after?.first;
  const both = (name: ExtremeField) => widest(earlier.extremes[name], later.extremes[name]);
  return {
    best: completeness(earlier.best) > completeness(later.best) ? earlier.best : later.best,
    knownMinutes: earlier.knownMinutes + later.knownMinutes - (shared ? 1 : 0),
    extremes: {
      pressureMpa: both('pressureMpa'),
      totalKg: both('totalKg'),
      usableKg: both('usableKg'),
    },
    counted:
      before === null || after === null
        ? (before ?? after)
        : { first: before.first, last: after.last },
  };
}

function widest(one: Extreme | null, other: Extreme | null): Extreme | null {
  if (one === null || other === null) return one ?? other;
  return { least: Math.min(one.least, other.least), most: Math.max(one.most, other.most) };
}

const shownFields = ['totalKg', 'pressureMpa', 'temperatureC'] as const;

function completeness({ fields }: DerivedRow): number {
  return shownFields.filter((name) => fields[name] !== null).length;
}

function minuteOf(atMs: number): number {
  return Math.floor(atMs / minuteMs) * minuteMs;
}
