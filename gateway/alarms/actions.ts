import type { Alarm, Change, Transition } from './model.ts';
import type { Rules } from './engine.ts';
import { type AlarmState, apply } from './state.ts';

/** What a person asks of one alarm. `occurrence`: the one that was seen; another one is not touched. */
interface Order {
  readonly id: string;
  readonly occurrence?: string | undefined;
  readonly by: string;
}
export interface Acknowledge extends Order {
  readonly comment?: string | undefined;
}
export interface Shelve extends Order {
  /** Epoch milliseconds; at most `shelveMostMs` from now. */
  readonly until: number;
  readonly why: string;
}
export type Unshelve = Order;
/** Ends an acknowledged alarm that nobody judges any more, such as one of a pack that was taken out. */
export type Retire = Order;

/** A refusal says which field, what was given and why not. */
export interface ActionRefusal {
  readonly code:
    | 'unknown-alarm'
    | 'another-occurrence'
    | 'already-acknowledged'
    | 'not-shelved'
    | 'still-judged'
    | 'not-acknowledged'
    | 'invalid';
  readonly field: string;
  readonly detail: string;
}

export type Outcome =
  | { readonly kind: 'done'; readonly state: AlarmState; readonly transition: Transition }
  | { readonly kind: 'refused'; readonly refusals: readonly ActionRefusal[] };

const byLength = 100;
const textLength = 1000;

/** Ends an alarm that went away by itself; one that stands is known to somebody from now on. */
export function acknowledge(
  state: AlarmState,
  order: Acknowledge,
  nowMs: number,
  rules: Rules,
): Outcome {
  const { by, comment = null } = order;
  const wrong = [...wrongText('by', by, byLength), ...wrongText('comment', comment, textLength)];
  return act(state, order, wrong, (alarm) => {
    if (alarm.phase === 'active-acknowledged' || alarm.phase === 'normal') {
      const who = alarm.acknowledged?.by ?? 'nobody';
      return [refusal('already-acknowledged', 'id', `${alarm.id} was acknowledged by ${who}`)];
    }
    const phase = alarm.phase === 'returned-unacknowledged' ? 'normal' : 'active-acknowledged';
    const acknowledged = { by, at: nowMs, comment };
    return move(state, 'acknowledged', by, { ...alarm, phase, acknowledged }, nowMs, rules);
  });
}

/** Sets an alarm aside for a time; again, to change the time. It outlasts the alarm: one that flutters stays quiet. */
export function shelve(state: AlarmState, order: Shelve, nowMs: number, rules: Rules): Outcome {
  const { by, until, why } = order;
  const most = nowMs + rules.limits.shelveMostMs;
  const wrong = [...wrongText('by', by, byLength), ...wrongText('why', why, textLength)];
  if (!(until > nowMs && until <= most))
    wrong.push(
      refusal(
        'invalid',
        'until',
        `${until} must lie after ${nowMs} (now) and not after ${most} (the longest time allowed)`,
      ),
    );
  return act(state, order, wrong, (alarm) =>
    move(state, 'shelved', by, { ...alarm, shelf: { by, at: nowMs, until, why } }, nowMs, rules),
  );
}

export function unshelve(state: AlarmState, order: Unshelve, nowMs: number, rules: Rules): Outcome {
  return act(state, order, wrongText('by', order.by, byLength), (alarm) =>
    alarm.shelf === null
      ? [refusal('not-shelved', 'id', `${alarm.id} is not shelved`)]
      : move(state, 'unshelved', order.by, { ...alarm, shelf: null }, nowMs, rules),
  );
}

export function retire(state: AlarmState, order: Retire, nowMs: number, rules: Rules): Outcome {
  return act(state, order, wrongText('by', order.by, byLength), (alarm) => {
    if (alarm.phase !== 'active-acknowledged')
      return [refusal('not-acknowledged', 'id', `${alarm.id} is ${alarm.phase}`)];
    const seen = state.sightings[alarm.id]?.standing;
    if (seen === 'on' || seen === 'hold')
      return [refusal('still-judged', 'id', `the condition of ${alarm.id} is "${seen}"`)];
    const over = { ...alarm, phase: 'normal', shelf: null, clearedAt: nowMs } as const;
    return move(state, 'retired', order.by, over, nowMs, rules);
  });
}

type Done = Extract<Outcome, { readonly kind: 'done' }>;

function act(
  state: AlarmState,
  { id, occurrence }: Order,
  wrong: readonly ActionRefusal[],
  attempt: (alarm: Alarm) => Done | ActionRefusal[],
): Outcome {
  const alarm = Object.hasOwn(state.alarms, id) ? state.alarms[id] : undefined;
  const refusals = [...wrong];
  if (alarm === undefined) refusals.push(refusal('unknown-alarm', 'id', `${id} is not open`));
  else if (occurrence !== undefined && occurrence !== alarm.occurrence)
    refusals.push(
      refusal('another-occurrence', 'occurrence', `${occurrence} is over: ${alarm.occurrence} is`),
    );
  if (alarm === undefined || refusals.length > 0) return { kind: 'refused', refusals };
  const result = attempt(alarm);
  return Array.isArray(result) ? { kind: 'refused', refusals: result } : result;
}

function move(
  state: AlarmState,
  change: Change,
  by: string,
  after: Alarm,
  nowMs: number,
  { limits }: Rules,
): Done {
  const transition = { seq: state.lastSeq + 1, at: nowMs, change, by, after };
  return { kind: 'done', state: apply(state, transition, limits), transition };
}

function wrongText(field: string, text: string | null, most: number): ActionRefusal[] {
  if (text === null || (text.trim() !== '' && text.length <= most)) return [];
  return [refusal('invalid', field, `${field} has ${text.length} characters: give 1 to ${most}`)];
}

function refusal(code: ActionRefusal['code'], field: string, detail: string): ActionRefusal {
  return { code, field, detail };
}
