import { dayMs, japanMidnight } from './japan-day.ts';

/** A register reading: integer Wh, epoch milliseconds. */
export interface RegisterReading {
  readonly at: number;
  readonly wh: number;
}

/**
 * Energy of one Japan day from a register. `first` is the reading the day is counted from: the last one of the day
 * before if it is recent enough, else the first of the day itself.
 */
export interface Today {
  readonly day: number;
  readonly first: RegisterReading;
  readonly last: RegisterReading;
  /** The register fell. What the step was, a person must say: until then the day has no figure. */
  readonly fell: boolean;
}

/** A reading this long before midnight still stands for midnight: what was made between them is small and is counted. */
const baseToleranceMs = 10 * 60_000;

/** Takes the next reading in order of time; readings that are not newer change nothing. */
export function step(state: Today | undefined, reading: RegisterReading): Today {
  const day = japanMidnight(reading.at);
  if (state === undefined) return { day, first: reading, last: reading, fell: false };
  if (reading.at <= state.last.at) return state;
  const fell = reading.wh < state.last.wh;
  if (day === state.day) return { ...state, last: reading, fell: state.fell || fell };
  const joins = day === state.day + dayMs && state.last.at >= day - baseToleranceMs && !fell;
  return { day, first: joins ? state.last : reading, last: reading, fell: false };
}

/** Energy since 00:00 Japan time; null where nothing was measured that day or the register fell. */
export function energyToday(
  state: Today | undefined,
  nowMs: number,
): { wh: number; since: number; until: number } | null {
  if (state === undefined || state.fell || state.day !== japanMidnight(nowMs)) return null;
  return {
    wh: state.last.wh - state.first.wh,
    since: Math.max(state.first.at, state.day),
    until: state.last.at,
  };
}
