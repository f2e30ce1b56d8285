import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RegisterInput } from './input.ts';
import { account, eachMinute, midnight, minuteMs, reading, totalWh } from './testing-register.ts';

const rollback = (minutes: number, wh?: number): RegisterInput => ({
  kind: 'rollback',
  at: midnight + minutes * minuteMs,
  wh,
});

const counterLife = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ risesWh: fc.nat({ max: 30 }), synced: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ losesWh: fc.nat({ max: 40 }) }) },
  ),
  { maxLength: 40 },
);
type CounterLife = typeof counterLife extends fc.Arbitrary<infer T> ? T : never;

/** A pulse register that is read and cut off; `knownWh` is what its counted readings, each from its lowest since, say. */
function lived(life: CounterLife): { inputs: RegisterInput[]; knownWh: number } {
  let [wh, startedWh, knownWh] = [1_000, 1_000, 0];
  let lowestWh: number | undefined;
  const inputs = life.map((step, minutes): RegisterInput => {
    if ('losesWh' in step) {
      // No cut takes more than what came since the start before it.
      wh = Math.max(startedWh, wh - step.losesWh);
      startedWh = wh;
      if (lowestWh !== undefined) lowestWh = Math.min(lowestWh, wh);
      return rollback(minutes, wh);
    }
    wh += step.risesWh;
    if (!step.synced) return reading(minutes, wh, { clock: 'estimated' });
    knownWh += wh - (lowestWh ?? wh);
    lowestWh = wh;
    return reading(minutes, wh);
  });
  return { inputs, knownWh };
}

describe('rollback the device declares', () => {
  test('the fall is 0 Wh, counting goes on below, and nobody is needed', () => {
    const inputs = [...eachMinute(1_000, 1_050), rollback(2, 1_020), reading(3, 1_024)];
    const { spans, events } = account([...inputs, reading(4, 1_060)]);
    expect(spans.map(({ wh }) => wh)).toEqual([50, 4, 36]);
    expect(events).toMatchObject([
      { kind: 'rollback', before: 1_050, after: 1_020, resolution: { by: 'device' } },
    ]);
  });

  test('also where the first reading already stands above, or the device does not say where', () => {
    expect(totalWh(account([reading(0, 1_050), rollback(1, 1_020), reading(3, 1_055)]))).toBe(35);
    expect(totalWh(account([reading(0, 1_050), rollback(1), reading(3, 990)]))).toBe(0);
  });

  test('is no event where the register stands no lower', () => {
    const { spans, events } = account([reading(0, 1_050), rollback(1, 1_070), reading(3, 1_075)]);
    expect(totalWh({ spans })).toBe(25);
    expect(events).toEqual([]);
    expect(account([reading(0, 1_050), rollback(1, 1_050), reading(3, 1_055)]).events).toEqual([]);
  });

  test('shows that a zero before it was wrong', () => {
    const { spans, events } = account([...eachMinute(1_000, 0), rollback(2, 990), reading(3, 995)]);
    expect(totalWh({ spans })).toBe(5);
    expect(events.map(({ resolution }) => resolution?.kind)).toEqual(['rejoined', 'rollback']);
  });

  test('of several without a reading in between the deepest counts, for the register has risen since', () => {
    const twice = [reading(0, 1_050), rollback(1, 1_000), rollback(2, 1_010), reading(3, 1_015)];
    expect(totalWh(account(twice))).toBe(15);
    const deeper = [reading(0, 1_050), rollback(1, 1_000), rollback(2, 990), reading(3, 995)];
    expect(totalWh(account(deeper))).toBe(5);
    const unsaid = [reading(0, 1_050), rollback(1, 1_000), rollback(2), reading(3, 995)];
    expect(totalWh(account(unsaid))).toBe(0);
    for (const inputs of [twice, deeper, unsaid])
      expect(account(inputs).events).toMatchObject([{ resolution: { kind: 'rollback' } }]);
  });

  test('a counter that is cut off again and again loses what the register does not know, and nothing else', () => {
    fc.assert(
      fc.property(counterLife, (life) => {
        const { inputs, knownWh } = lived(life);
        const { spans, events } = account(inputs);
        expect(events.filter(({ resolution }) => resolution === null)).toEqual([]);
        expect(totalWh({ spans })).toBe(knownWh);
      }),
    );
  });

  test('goes on from where a reset was, where the register is still there', () => {
    const { spans, events } = account([...eachMinute(1_000, 3), rollback(2, 1), reading(3, 4)]);
    expect(totalWh({ spans })).toBe(3);
    expect(events.map(({ kind, resolution }) => [kind, resolution?.kind])).toEqual([
      ['fall', undefined],
      ['rollback', 'rollback'],
    ]);
  });

  test('does not explain a fall beyond it', () => {
    const { events } = account([reading(0, 1_050), rollback(1, 1_020), reading(2, 500)]);
    expect(events).toMatchObject([{ kind: 'fall', before: 1_020, after: 500, resolution: null }]);
  });
});
