import { describe, expect, test } from 'vitest';
import { acknowledge, shelve } from './actions.ts';
import { evaluate } from './engine.ts';
import type { Condition, Transition } from './model.ts';
import { type AlarmState, defaultAlarmLimits, emptyState, openAlarms } from './state.ts';
import { condition, nowMs, rules } from './testing-alarms.ts';

/** Evaluates lists of conditions a second apart, and tells what happened. */
function run(...turns: readonly (readonly Condition[])[]) {
  let state = emptyState;
  const transitions: Transition[] = [];
  const marked: string[] = [];
  for (const [index, conditions] of turns.entries()) {
    const atMs = nowMs + 1000 * index;
    const result = evaluate(
      state,
      conditions.map((each) => ({ ...each, at: atMs })),
      atMs,
      rules,
    );
    ({ state } = result);
    transitions.push(...result.transitions);
    marked.push(...result.marked);
  }
  return { state, transitions, marked, changes: transitions.map(({ change }) => change) };
}

const on = condition();
const off = condition({ standing: 'off', value: 3 });
const hold = condition({ standing: 'hold' });
const lost = condition({ standing: 'unobservable', value: null });

function done(outcome: ReturnType<typeof acknowledge>): AlarmState {
  if (outcome.kind === 'refused') throw new Error(outcome.refusals[0]?.detail);
  return outcome.state;
}

describe('life cycle', () => {
  test('a condition that holds raises one alarm, however often it is seen', () => {
    const { state, changes } = run([on], [on], [hold], [on]);
    expect(changes).toEqual(['raised']);
    expect(openAlarms(state)).toMatchObject([
      {
        id: 'keihin/pack-1/stop',
        phase: 'active-unacknowledged',
        priority: 'urgent',
        raisedAt: nowMs,
        occurrence: `keihin/pack-1/stop/${nowMs}-1`,
        observable: true,
      },
    ]);
  });

  test('between the thresholds nothing begins', () => {
    expect(run([hold], [hold]).changes).toEqual([]);
  });

  test('a latching alarm that went away waits for its acknowledgement', () => {
    const { state, changes } = run([on], [off]);
    expect(changes).toEqual(['raised', 'unacknowledged-return']);
    expect(openAlarms(state)[0]).toMatchObject({
      phase: 'returned-unacknowledged',
      clearedAt: nowMs + 1000,
    });
    const after = done(acknowledge(state, { id: on.id, by: 'Sato' }, nowMs + 5000, rules));
    expect(openAlarms(after)).toEqual([]);
    expect(after.closed).toMatchObject([{ id: on.id, acknowledged: { by: 'Sato' } }]);
  });

  test('an alarm of a kind that does not latch is over when it clears', () => {
    const half = { kind: 'half-mass' };
    const { state, changes } = run([condition(half)], [condition({ ...half, standing: 'off' })]);
    expect(changes).toEqual(['raised', 'cleared']);
    expect(openAlarms(state)).toEqual([]);
    expect(state.closed).toHaveLength(1);
  });

  test('an acknowledged alarm goes on until it clears; the next is a new occurrence', () => {
    const { state } = run([on]);
    const known = done(acknowledge(state, { id: on.id, by: 'Sato' }, nowMs + 1, rules));
    expect(openAlarms(known)[0]?.phase).toBe('active-acknowledged');
    const cleared = evaluate(known, [{ ...off, at: nowMs + 2 }], nowMs + 2, rules);
    expect(cleared.transitions.map(({ change }) => change)).toEqual(['cleared']);
    const again = evaluate(cleared.state, [{ ...on, at: nowMs + 3 }], nowMs + 3, rules);
    expect(again.transitions).toMatchObject([
      { change: 'raised', after: { acknowledged: null, phase: 'active-unacknowledged' } },
    ]);
    expect(again.transitions[0]?.after.occurrence).not.toBe(openAlarms(known)[0]?.occurrence);
  });

  test('one that comes back before anybody saw it is a new occurrence and remembers the old ones', () => {
    const { state, changes, transitions } = run([on], [off], [on], [off], [on]);
    expect(changes.filter((change) => change === 'reraised')).toHaveLength(2);
    expect(openAlarms(state)[0]).toMatchObject({ unacknowledgedReturns: 2, clearedAt: null });
    expect(new Set(transitions.map(({ after }) => after.occurrence)).size).toBe(3);
  });

  test('what nobody can tell leaves an alarm as it is, marked', () => {
    const { state, changes, marked } = run([on], [lost], [lost], [on]);
    expect(changes).toEqual(['raised']);
    expect(marked).toEqual([on.id, on.id]);
    expect(openAlarms(run([on], [lost]).state)[0]).toMatchObject({
      phase: 'active-unacknowledged',
      observable: false,
      latest: { value: null },
      sighting: { value: 1.05 },
    });
    expect(openAlarms(state)[0]?.observable).toBe(true);
    expect(run([lost]).changes).toEqual([]);
  });

  test('a condition that is not in the list is not judged', () => {
    expect(openAlarms(run([on], []).state)).toHaveLength(1);
  });

  test('a kind in no table latches, so that nothing is lost for a missing row', () => {
    const odd = { kind: 'odd' };
    const { changes } = run([condition(odd)], [condition({ ...odd, standing: 'off' })]);
    expect(changes).toEqual(['raised', 'unacknowledged-return']);
  });
});

describe('time', () => {
  test('an older judgement changes nothing', () => {
    const { state } = evaluate(emptyState, [on], nowMs, rules);
    const late = evaluate(state, [{ ...off, at: nowMs - 1 }], nowMs + 1000, rules);
    expect(late.transitions).toEqual([]);
  });

  test('a judgement from a clock that was far ahead does not stop later ones', () => {
    const ahead = nowMs + 86_400_000;
    const { state } = evaluate(emptyState, [{ ...on, at: ahead }], ahead, rules);
    const back = evaluate(state, [{ ...off, at: nowMs }], nowMs, rules);
    expect(back.transitions).toMatchObject([{ change: 'unacknowledged-return', seq: 2 }]);
  });

  test('a shelf ends at its time, and when the clock stands before its beginning', () => {
    const { state } = evaluate(emptyState, [on], nowMs, rules);
    const shelved = done(
      shelve(state, { id: on.id, by: 'Sato', until: nowMs + 60_000, why: 'works' }, nowMs, rules),
    );
    const at = (ms: number) => evaluate(shelved, [], ms, rules).transitions;
    expect(at(nowMs + 59_999)).toEqual([]);
    expect(at(nowMs + 60_000)).toMatchObject([{ change: 'shelf-ended', after: { shelf: null } }]);
    expect(at(nowMs - 3_600_000)).toMatchObject([{ change: 'shelf-ended' }]);
  });

  test('a shelf outlasts its alarm: the next occurrence is shelved too, and nothing stays behind', () => {
    const half = condition({ kind: 'half-mass' });
    const { state } = evaluate(emptyState, [half], nowMs, rules);
    const order = { id: half.id, by: 'Sato', until: nowMs + 60_000, why: 'works' };
    let now = done(shelve(state, order, nowMs, rules));
    const turn = (standing: Condition['standing'], ms: number) => {
      const result = evaluate(now, [{ ...half, standing, at: nowMs + ms }], nowMs + ms, rules);
      now = result.state;
      return result.transitions;
    };
    expect(turn('off', 1)).toMatchObject([{ change: 'cleared' }]);
    expect(openAlarms(now)).toEqual([]);
    expect(turn('on', 2)).toMatchObject([{ change: 'raised', after: { shelf: { by: 'Sato' } } }]);
    turn('off', 3);
    turn('off', 60_000);
    expect(now.alarms).toEqual({});
    expect(now.closed).toHaveLength(2);
  });
});

describe('bounds', () => {
  const tight = { ...rules, limits: { ...defaultAlarmLimits, open: 4, reservedForUrgent: 2 } };
  const notes = ['a', 'b', 'c'].map((subject) => condition({ subject, kind: 'half-mass' }));
  const stops = ['d', 'e', 'f'].map((subject) => condition({ subject }));

  test('beyond the bound alarms are turned away, counted once and named; urgent ones have room kept free', () => {
    const first = evaluate(emptyState, [...notes, ...stops], nowMs, tight);
    expect(openAlarms(first.state).map(({ subject }) => subject)).toEqual(['d', 'e', 'f']);
    const second = evaluate(first.state, [...notes, ...stops], nowMs + 1000, tight);
    expect(second.transitions).toEqual([]);
    expect(second.state).toMatchObject({
      turnedAwayTotal: 3,
      turnedAway: ['keihin/a/half-mass', 'keihin/b/half-mass', 'keihin/c/half-mass'],
    });
  });

  test('what ends makes room in the same evaluation', () => {
    const { state } = evaluate(emptyState, notes, nowMs, tight);
    expect(state.turnedAway).toEqual(['keihin/c/half-mass']);
    const [a, b, c] = notes;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three notes');
    const next = evaluate(
      state,
      [b, c, { ...a, standing: 'off' as const }].map((each) => ({ ...each, at: nowMs + 1 })),
      nowMs + 1,
      tight,
    );
    expect(
      openAlarms(next.state)
        .map(({ subject }) => subject)
        .toSorted(),
    ).toEqual(['b', 'c']);
    expect(next.state).toMatchObject({ turnedAway: [], turnedAwayTotal: 1 });
  });

  test('text and memory stay small whatever comes in', () => {
    const long = condition({ detail: 'x'.repeat(100_000), cause: 'y'.repeat(100_000) });
    const { state } = evaluate(emptyState, [long], nowMs, rules);
    expect(JSON.stringify(state).length).toBeLessThan(8000);
    const few = { ...rules, limits: { ...defaultAlarmLimits, sightings: 10 } };
    let many = state;
    for (let n = 0; n < 50; n += 1)
      many = evaluate(many, [condition({ subject: `s-${n}`, standing: 'off' })], nowMs, few).state;
    expect(Object.keys(many.sightings)).toHaveLength(10);
    expect(many.sightings).toHaveProperty([on.id]);
  });

  test('a number that JSON does not have is an unknown value', () => {
    const { state } = evaluate(emptyState, [condition({ value: Number.NaN })], nowMs, rules);
    expect(openAlarms(state)[0]?.latest.value).toBeNull();
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});
