import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerOf, newRegister, standing, withRegisterFault } from './register.ts';

const wrapAt = 1_000_000_000;

test('an untroubled register shows what was counted', () => {
  expect(answerOf(newRegister, 1_234, wrapAt).shown).toBe(1_234);
  expect(standing(newRegister, wrapAt + 5, wrapAt)).toBe(5);
});

test('a register about to wrap wraps, and its differences stay the truth', () => {
  const near = withRegisterFault(newRegister, { kind: 'wrap', below: 3 }, 500, wrapAt);
  expect(standing(near, 500, wrapAt)).toBe(wrapAt - 3);
  expect(standing(near, 503, wrapAt)).toBe(0);
  expect(standing(near, 510, wrapAt)).toBe(7);
});

test('a reset starts at 0, a swapped meter at its own reading', () => {
  expect(
    standing(withRegisterFault(newRegister, { kind: 'reset' }, 500, wrapAt), 507, wrapAt),
  ).toBe(7);
  const swapped = withRegisterFault(newRegister, { kind: 'swap', startsAt: 42 }, 500, wrapAt);
  expect(standing(swapped, 501, wrapAt)).toBe(43);
});

test('a meter that wakes up shows 0 for as many answers as it was told, then itself', () => {
  let state = withRegisterFault(newRegister, { kind: 'wake-up', zeros: 2 }, 9, wrapAt);
  const shown = [1, 2, 3].map((gained) => {
    const answer = answerOf(state, 9 + gained, wrapAt);
    state = answer.state;
    return answer.shown;
  });
  expect(shown).toEqual([0, 0, 12]);
});

test('jitter lowers every other answer and changes nothing for good', () => {
  let state = withRegisterFault(newRegister, { kind: 'jitter', counts: 2 }, 0, wrapAt);
  const shown = [100, 101, 102, 103].map((counted) => {
    const answer = answerOf(state, counted, wrapAt);
    state = answer.state;
    return answer.shown;
  });
  expect(shown).toEqual([100, 99, 102, 101]);
});

test('whatever happens, what is shown fits the register', () => {
  const counts = fc.integer({ min: 0, max: 2 * wrapAt });
  const faults = fc.oneof(
    fc.record({ kind: fc.constant('wrap' as const), below: fc.integer({ min: 1, max: 1_000 }) }),
    fc.record({ kind: fc.constant('reset' as const) }),
    fc.record({ kind: fc.constant('swap' as const), startsAt: fc.integer({ min: 0, max: 1_000 }) }),
    fc.record({ kind: fc.constant('jitter' as const), counts: fc.integer({ min: 0, max: 9 }) }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(faults, counts), { maxLength: 10 }), counts, (told, counted) => {
      const state = told.reduce(
        (at, [fault, then]) => withRegisterFault(at, fault, then, wrapAt),
        newRegister,
      );
      const { shown } = answerOf(state, counted, wrapAt);
      expect(shown).toBeGreaterThanOrEqual(0);
      expect(shown).toBeLessThan(wrapAt);
    }),
  );
});
