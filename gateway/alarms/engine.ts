import { type Alarm, alarmKind, type AlarmKinds, type Change, type Condition } from './model.ts';
import { type AlarmLimits, type AlarmState, apply, rank, sightingOf } from './state.ts';
import type { Transition } from './model.ts';

export interface Rules {
  readonly kinds: AlarmKinds;
  readonly limits: AlarmLimits;
}

export interface Evaluation {
  readonly state: AlarmState;
  readonly transitions: readonly Transition[];
  /** Alarms that became observable, or no longer are, without any transition. */
  readonly marked: readonly string[];
}

/**
 * Judges conditions, in any order, at `nowMs` (epoch milliseconds of the gateway). A condition that is not in the
 * list is not judged: nothing changes for it.
 *
 * Clocks may step. Transitions are ordered by `seq` and not by time. A shelf ends at its time, and also when the clock
 * stands before the moment it was made: nobody knows then how long it has lasted, and silence is the dangerous side.
 */
export function evaluate(
  before: AlarmState,
  conditions: readonly Condition[],
  nowMs: number,
  rules: Rules,
): Evaluation {
  const turn = new Turn(before, nowMs, rules);
  turn.endShelves();
  const fresh = inOrder(conditions, rules).filter((condition) => turn.see(condition));
  // Room first: what ends makes place for what begins.
  for (const condition of fresh) if (condition.standing === 'off') turn.clear(condition);
  for (const condition of fresh) if (condition.standing === 'on') turn.raise(condition);
  return turn.result();
}

/** Device clocks may be ten minutes ahead (ingest/decode.ts); a sighting further ahead is from a clock that was wrong. */
const aheadMs = 11 * 60_000;

class Turn {
  readonly #before: AlarmState;
  readonly #nowMs: number;
  readonly #rules: Rules;
  readonly #transitions: Transition[] = [];
  #state: AlarmState;
  readonly #turnedAway: Set<string>;
  #turnedAwayNew = 0;
  readonly #sightings: Map<string, AlarmState['sightings'][string]>;

  constructor(before: AlarmState, nowMs: number, rules: Rules) {
    this.#before = before;
    this.#state = before;
    this.#nowMs = nowMs;
    this.#rules = rules;
    this.#turnedAway = new Set(before.turnedAway);
    this.#sightings = new Map(Object.entries(before.sightings));
  }

  endShelves(): void {
    for (const alarm of Object.values(this.#state.alarms)) {
      const { shelf } = alarm;
      if (shelf === null || (this.#nowMs < shelf.until && this.#nowMs >= shelf.at)) continue;
      this.#move('shelf-ended', { ...alarm, shelf: null });
    }
  }

  /** Remembers a judgement; false for one that is older than the last, which changes nothing. */
  see(condition: Condition): boolean {
    const last = this.#sightings.get(condition.id);
    if (last !== undefined && last.at > condition.at && last.at <= this.#nowMs + aheadMs)
      return false;
    this.#sightings.delete(condition.id);
    this.#sightings.set(condition.id, sightingOf(condition));
    return true;
  }

  clear(condition: Condition): void {
    this.#turnedAway.delete(condition.id);
    const alarm = this.#state.alarms[condition.id];
    if (alarm === undefined || !alarm.phase.startsWith('active')) return;
    const { latch } = alarmKind(this.#rules.kinds, alarm.kind);
    const over = { ...alarm, clearedAt: this.#nowMs, sighting: sightingOf(condition) };
    if (latch && alarm.phase === 'active-unacknowledged')
      this.#move('unacknowledged-return', { ...over, phase: 'returned-unacknowledged' });
    else this.#move('cleared', { ...over, phase: 'normal' });
  }

  raise(condition: Condition): void {
    const alarm = this.#state.alarms[condition.id];
    if (alarm?.phase.startsWith('active') === true) return;
    if (alarm === undefined && !this.#hasRoom(condition)) {
      this.#turnAway(condition.id);
      return;
    }
    this.#turnedAway.delete(condition.id);
    const returning = alarm?.phase === 'returned-unacknowledged';
    const returns = returning ? alarm.unacknowledgedReturns + 1 : 0;
    this.#move(
      returning ? 'reraised' : 'raised',
      this.#occurrence(condition, returns, alarm?.shelf ?? null),
    );
  }

  result(): Evaluation {
    const state = {
      ...this.#state,
      sightings: Object.fromEntries(this.#remembered()),
      turnedAway: [...this.#turnedAway].toSorted(),
      turnedAwayTotal: this.#state.turnedAwayTotal + this.#turnedAwayNew,
    };
    const moved = new Set(this.#transitions.map(({ after }) => after.id));
    const marked = Object.keys(state.alarms).filter(
      (id) => !moved.has(id) && observable(state, id) !== observable(this.#before, id),
    );
    return { state, transitions: this.#transitions, marked };
  }

  /** Beyond the bound the longest unseen conditions are forgotten, those of alarms last. */
  #remembered(): [string, AlarmState['sightings'][string]][] {
    const all = [...this.#sightings];
    const excess = all.length - this.#rules.limits.sightings;
    if (excess <= 0) return all;
    const idle = all.filter(([id]) => this.#state.alarms[id] === undefined).slice(0, excess);
    const forgotten = new Set(idle.map(([id]) => id));
    return all.filter(([id]) => !forgotten.has(id));
  }

  #hasRoom(condition: Condition): boolean {
    const { open, reservedForUrgent } = this.#rules.limits;
    const urgent = priorityOf(condition, this.#rules) === 'urgent';
    return Object.keys(this.#state.alarms).length < open - (urgent ? 0 : reservedForUrgent);
  }

  #turnAway(id: string): void {
    if (this.#turnedAway.has(id)) return;
    this.#turnedAwayNew += 1;
    if (this.#turnedAway.size < this.#rules.limits.open) this.#turnedAway.add(id);
  }

  #occurrence(condition: Condition, unacknowledgedReturns: number, shelf: Alarm['shelf']): Alarm {
    const { id, site, subject, kind } = condition;
    return {
      id,
      site,
      subject,
      kind,
      priority: priorityOf(condition, this.#rules),
      phase: 'active-unacknowledged',
      // Time and number: a number alone could come again after a crash in which the log could not be written.
      occurrence: `${id}/${this.#nowMs}-${this.#state.lastSeq + 1}`,
      raisedAt: this.#nowMs,
      clearedAt: null,
      acknowledged: null,
      shelf,
      unacknowledgedReturns,
      sighting: sightingOf(condition),
    };
  }

  #move(change: Change, after: Alarm): void {
    const seq = this.#state.lastSeq + 1;
    const transition: Transition = { seq, at: this.#nowMs, change, by: null, after };
    this.#transitions.push(transition);
    this.#state = apply(this.#state, transition, this.#rules.limits);
  }
}

function observable({ alarms, sightings }: AlarmState, id: string): boolean {
  return (sightings[id] ?? alarms[id]?.sighting)?.standing !== 'unobservable';
}

function priorityOf({ priority, kind }: Condition, { kinds }: Rules): Alarm['priority'] {
  return priority ?? alarmKind(kinds, kind).priority;
}

/**
 * One judgement per id, the urgent ones first, whatever the order they came in. Of two for one id the later counts,
 * and of two for one time the more careful.
 */
function inOrder(conditions: readonly Condition[], rules: Rules): Condition[] {
  const byId = new Map<string, Condition>();
  for (const condition of conditions) {
    const other = byId.get(condition.id);
    if (other === undefined || supersedes(condition, other)) byId.set(condition.id, condition);
  }
  return [...byId.values()].toSorted(
    (a, b) => rank[priorityOf(a, rules)] - rank[priorityOf(b, rules)] || (a.id < b.id ? -1 : 1),
  );
}

const care = { on: 3, hold: 2, unobservable: 1, off: 0 } as const;

function supersedes(one: Condition, other: Condition): boolean {
  const difference = one.at - other.at || care[one.standing] - care[other.standing];
  return difference === 0 ? JSON.stringify(one) > JSON.stringify(other) : difference > 0;
}
