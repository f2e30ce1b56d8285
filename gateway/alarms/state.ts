import type { Alarm, AlarmView, Change, Condition, Sighting, Transition } from './model.ts';

/** Everything the engine knows; plain JSON. */
export interface AlarmState {
  readonly lastSeq: number;
  /** By id: every alarm that is not over, and those that are over while their shelf lasts. */
  readonly alarms: Readonly<Record<string, Alarm>>;
  /** The last ones that ended, newest first. */
  readonly closed: readonly Alarm[];
  /** Conditions as last judged; lost in a restart, and there again with the next evaluation. */
  readonly sightings: Readonly<Record<string, Sighting>>;
  /** Ids for which there was no room, and how many there were in all. */
  readonly turnedAway: readonly string[];
  readonly turnedAwayTotal: number;
}

export const emptyState: AlarmState = {
  lastSeq: 0,
  alarms: {},
  closed: [],
  sightings: {},
  turnedAway: [],
  turnedAwayTotal: 0,
};

export interface AlarmLimits {
  /** Alarms at once, shelved ones included. */
  readonly open: number;
  /** Of these, kept free for urgent ones: a flood of notes must not keep out a stop. */
  readonly reservedForUrgent: number;
  readonly closed: number;
  /** Conditions remembered. */
  readonly sightings: number;
  readonly shelveMostMs: number;
}

/** A plant has some ten conditions per pack: 500 alarms are 50 packs in which everything is wrong. */
export const defaultAlarmLimits: AlarmLimits = {
  open: 500,
  reservedForUrgent: 100,
  closed: 200,
  sightings: 5000,
  shelveMostMs: 24 * 3_600_000,
};

/** The state after a transition. Nothing else moves alarms, so that replaying transitions rebuilds them. */
export function apply(
  state: AlarmState,
  transition: Transition,
  { closed }: Pick<AlarmLimits, 'closed'>,
): AlarmState {
  const { seq, after } = transition;
  const { [after.id]: _before, ...others } = state.alarms;
  return {
    ...state,
    lastSeq: Math.max(state.lastSeq, seq),
    alarms:
      after.phase === 'normal' && after.shelf === null ? others : { ...others, [after.id]: after },
    closed: ends(transition) ? [after, ...state.closed].slice(0, closed) : state.closed,
  };
}

/** Whether an alarm was over with this transition; a shelf may end later than its alarm. */
export function ends({ change, after }: Transition): boolean {
  return after.phase === 'normal' && endings.has(change);
}

const endings: ReadonlySet<Change> = new Set<Change>(['cleared', 'acknowledged', 'retired']);

/** Text of any length may come in; a sighting stays some hundred bytes. */
const detailLength = 500;

export function sightingOf(condition: Condition): Sighting {
  const { standing, at, value, threshold, unit, detail, cause } = condition;
  return {
    standing,
    at,
    value: finite(value),
    threshold: finite(threshold),
    unit: unit.slice(0, 20),
    detail: detail.slice(0, detailLength),
    cause: cause?.slice(0, detailLength) ?? null,
  };
}

/** JSON has no other numbers. */
function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

export function view(state: AlarmState, alarm: Alarm): AlarmView {
  const latest = state.sightings[alarm.id] ?? alarm.sighting;
  return { ...alarm, observable: latest.standing !== 'unobservable', latest };
}

/** Alarms that are not over, newest first within each priority, urgent ones first. */
export function openAlarms(state: AlarmState): AlarmView[] {
  return Object.values(state.alarms)
    .filter(({ phase }) => phase !== 'normal')
    .map((alarm) => view(state, alarm))
    .toSorted(
      (a, b) =>
        rank[a.priority] - rank[b.priority] || b.raisedAt - a.raisedAt || (a.id < b.id ? -1 : 1),
    );
}

export const rank = { urgent: 0, caution: 1, note: 2 } as const;
