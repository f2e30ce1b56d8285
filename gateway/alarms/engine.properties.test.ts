import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acknowledge, type Outcome, retire, shelve, unshelve } from './actions.ts';
import { evaluate, type Rules } from './engine.ts';
import type { Condition, Transition } from './model.ts';
import { rebuild } from './rebuild.ts';
import { type AlarmState, apply, defaultAlarmLimits, emptyState } from './state.ts';
import { condition, kinds, MemoryLog, nowMs } from './testing-alarms.ts';

const rules: Rules = {
  kinds,
  limits: { ...defaultAlarmLimits, open: 5, reservedForUrgent: 1, closed: 3, sightings: 6 },
};

const subject = fc.constantFrom('a', 'b', 'c');
const kind = fc.constantFrom(...Object.keys(kinds));
const judged = fc.record({
  subject,
  kind,
  standing: fc.constantFrom<Condition['standing'][]>('on', 'off', 'hold', 'unobservable'),
});
const id = fc.tuple(subject, kind).map(([subject, kind]) => `keihin/${subject}/${kind}`);
type Judged = Pick<Condition, 'subject' | 'kind' | 'standing'>;
type Step =
  | { readonly do: 'judge'; readonly conditions: readonly Judged[] }
  | { readonly do: 'acknowledge' | 'shelve' | 'unshelve' | 'retire'; readonly id: string };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('judge' as const), conditions: fc.array(judged) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), id }) },
  fc.record({ do: fc.constantFrom('shelve' as const, 'unshelve' as const, 'retire' as const), id }),
);
/** Seconds that pass before it; a clock may also step back. */
const steps = fc.array(fc.tuple(step, fc.integer({ min: -20, max: 60 })), { maxLength: 40 });

function take(state: AlarmState, step: Step, nowMs: number): [AlarmState, readonly Transition[]] {
  if (step.do === 'judge') {
    const conditions = step.conditions.map((each) => condition({ ...each, at: nowMs }));
    const result = evaluate(state, conditions, nowMs, rules);
    return [result.state, result.transitions];
  }
  const order = { id: step.id, by: 'Sato', until: nowMs + 30_000, why: 'works' };
  const actions = { acknowledge, shelve, unshelve, retire };
  const outcome: Outcome = actions[step.do](state, order, nowMs, rules);
  return outcome.kind === 'done' ? [outcome.state, [outcome.transition]] : [state, []];
}

function play(all: readonly (readonly [Step, number])[]) {
  let atMs = nowMs;
  let state = emptyState;
  const told: { step: Step; transitions: readonly Transition[]; state: AlarmState }[] = [];
  for (const [step, seconds] of all) {
    atMs += seconds * 1000;
    const [next, transitions] = take(state, step, atMs);
    state = next;
    told.push({ step, transitions, state });
  }
  return { state, told, transitions: told.flatMap(({ transitions }) => transitions) };
}

test('a latched alarm is there until somebody acknowledges it, and nobody else does', () => {
  fc.assert(
    fc.property(steps, (all) => {
      // Our own book, kept from the transitions that people are told.
      const unseen = new Set<string>();
      for (const { step, transitions, state } of play(all).told) {
        for (const { change, after } of transitions) {
          if (change === 'raised' || change === 'reraised') unseen.add(after.id);
          if (change === 'acknowledged') {
            expect(step).toMatchObject({ do: 'acknowledge', id: after.id });
            unseen.delete(after.id);
          }
          if (change === 'cleared' && kinds[after.kind]?.latch === false) unseen.delete(after.id);
        }
        const waiting = Object.values(state.alarms)
          .filter(({ phase }) => phase.endsWith('-unacknowledged'))
          .map(({ id }) => id);
        expect(waiting.toSorted()).toEqual([...unseen].toSorted());
      }
    }),
  );
});

test('the bounds hold, numbers rise by one, and an occurrence is never used twice', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { state, told, transitions } = play(all);
      for (const { state } of told) {
        expect(Object.keys(state.alarms).length).toBeLessThanOrEqual(rules.limits.open);
        expect(state.closed.length).toBeLessThanOrEqual(rules.limits.closed);
      }
      expect(transitions.map(({ seq }) => seq)).toEqual(transitions.map((_, index) => index + 1));
      const begun = transitions.filter(({ change }) => change.endsWith('raised'));
      expect(new Set(begun.map(({ after }) => after.occurrence)).size).toBe(begun.length);
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    }),
  );
});

test('the order of conditions, and saying one twice, change nothing', () => {
  const conditions = fc
    .array(judged, { maxLength: 12 })
    .chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length }),
      ),
    );
  fc.assert(
    fc.property(steps, conditions, (all, [one, other]) => {
      const { state } = play(all);
      const judge = (list: typeof one) =>
        evaluate(
          state,
          list.map((each) => condition({ ...each, at: nowMs + 86_400_000 })),
          nowMs + 86_400_000,
          rules,
        );
      expect(judge(other)).toEqual(judge(one));
    }),
  );
});

/** What a restart keeps: all but what the next evaluation says again. */
function durable({ lastSeq, alarms, closed }: AlarmState) {
  return { lastSeq, alarms, closed };
}

test('replaying the transitions rebuilds the state, in order or in any order', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.infiniteStream(fc.nat()), async (all, random) => {
      const { state, transitions } = play(all);
      const replayed = transitions.reduce(
        (before, transition) => apply(before, transition, rules.limits),
        emptyState,
      );
      expect(durable(replayed)).toEqual(durable(state));
      const log = new MemoryLog();
      const keyed = transitions.map((transition) => ({
        key: Number(random.next().value),
        transition,
      }));
      const shuffled = keyed.toSorted((a, b) => a.key - b.key);
      await log.append(
        [...shuffled, ...shuffled].map(({ transition }) => ({ type: 'transition', transition })),
      );
      const rebuilt = await rebuild(log, rules.limits, 7);
      expect(durable(rebuilt.state)).toEqual(durable(state));
      expect(rebuilt.recent).toEqual(transitions.slice(-7));
    }),
  );
});
