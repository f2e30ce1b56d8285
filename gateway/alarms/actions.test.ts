import { describe, expect, test } from 'vitest';
import { acknowledge, type Outcome, retire, shelve, unshelve } from './actions.ts';
import { evaluate } from './engine.ts';
import { emptyState, openAlarms } from './state.ts';
import { condition, nowMs, rules } from './testing-alarms.ts';

const { id } = condition();
const { state } = evaluate(emptyState, [condition()], nowMs, rules);
const hourMs = 3_600_000;

function codes(outcome: Outcome): string[] {
  if (outcome.kind === 'done') throw new Error('was not refused');
  return outcome.refusals.map(({ code, field }) => `${code} ${field}`);
}

function after(outcome: Outcome) {
  if (outcome.kind === 'refused') throw new Error(outcome.refusals[0]?.detail);
  return outcome.state;
}

describe('acknowledge', () => {
  test('keeps who, when and what was said', () => {
    const outcome = acknowledge(
      state,
      { id, by: 'Sato', comment: 'changing the pack' },
      nowMs,
      rules,
    );
    expect(openAlarms(after(outcome))[0]?.acknowledged).toEqual({
      by: 'Sato',
      at: nowMs,
      comment: 'changing the pack',
    });
  });

  test('is for the occurrence that was seen', () => {
    const order = { id, by: 'Sato', occurrence: `${id}/1-1` };
    expect(codes(acknowledge(state, order, nowMs, rules))).toEqual([
      'another-occurrence occurrence',
    ]);
  });

  test('twice is refused, and says by whom it was', () => {
    const once = after(acknowledge(state, { id, by: 'Sato' }, nowMs, rules));
    const twice = acknowledge(once, { id, by: 'Suzuki' }, nowMs, rules);
    expect(codes(twice)).toEqual(['already-acknowledged id']);
    expect(JSON.stringify(twice)).toContain('Sato');
  });

  test('all mistakes are told at once', () => {
    const order = { id: 'constructor', by: ' ', comment: 'x'.repeat(1001) };
    expect(codes(acknowledge(state, order, nowMs, rules))).toEqual([
      'invalid by',
      'invalid comment',
      'unknown-alarm id',
    ]);
  });
});

describe('shelve', () => {
  const order = { id, by: 'Sato', why: 'transmitter is being changed', until: nowMs + hourMs };

  test('needs an end, and not too far away', () => {
    for (const until of [nowMs, nowMs - 1, nowMs + 24 * hourMs + 1, Number.NaN, Infinity])
      expect(codes(shelve(state, { ...order, until }, nowMs, rules))).toEqual(['invalid until']);
    expect(shelve(state, { ...order, until: nowMs + 24 * hourMs }, nowMs, rules).kind).toBe('done');
  });

  test('needs a reason', () => {
    expect(codes(shelve(state, { ...order, why: '' }, nowMs, rules))).toEqual(['invalid why']);
  });

  test('acknowledges nothing, and can be taken back once', () => {
    const shelved = after(shelve(state, order, nowMs, rules));
    expect(openAlarms(shelved)[0]?.phase).toBe('active-unacknowledged');
    const back = after(unshelve(shelved, { id, by: 'Suzuki' }, nowMs, rules));
    expect(openAlarms(back)[0]?.shelf).toBeNull();
    expect(codes(unshelve(back, { id, by: 'Suzuki' }, nowMs, rules))).toEqual(['not-shelved id']);
  });
});

describe('retire', () => {
  const by = 'Sato';

  test('ends only what somebody has seen and nobody judges any more', () => {
    expect(codes(retire(state, { id, by }, nowMs, rules))).toEqual(['not-acknowledged id']);
    const known = after(acknowledge(state, { id, by }, nowMs, rules));
    expect(codes(retire(known, { id, by }, nowMs, rules))).toEqual(['still-judged id']);
    const restarted = { ...known, sightings: {} };
    const gone = after(retire(restarted, { id, by }, nowMs, rules));
    expect(openAlarms(gone)).toEqual([]);
    expect(gone.closed).toHaveLength(1);
  });
});
