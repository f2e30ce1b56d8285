import fc from 'fast-check';
import { expect, test } from 'vitest';
import { balanceOf, type Counted } from './balance.ts';

const start = Date.parse('2026-04-01T00:00:00+09:00');
const counted = (wh: number, coveredSeconds = 3_600): Counted => ({
  wh,
  coveredSeconds,
  until: start + 3_600_000,
});

test('what is not exported is used at the site', () => {
  expect(balanceOf(start, [counted(5_000), counted(700)], [counted(1_200)])).toEqual({
    start,
    generatedWh: 5_700,
    exportedWh: 1_200,
    selfConsumedWh: 4_500,
    coveredPercent: 100,
    until: start + 3_600_000,
  });
});

test('a register that counted nothing yet makes its sum unknown, not smaller', () => {
  const balance = balanceOf(start, [counted(5_000), undefined], [counted(1_200)]);
  expect(balance).toMatchObject({ generatedWh: null, exportedWh: 1_200, selfConsumedWh: null });
});

test('without an export register, or with more exported than generated, nothing is guessed', () => {
  expect(balanceOf(start, [counted(5_000)], [])).toMatchObject({
    exportedWh: null,
    selfConsumedWh: null,
  });
  expect(balanceOf(start, [counted(5)], [counted(6)]).selfConsumedWh).toBeNull();
  expect(balanceOf(start, [], [])).toMatchObject({ generatedWh: null, until: null });
});

test('the least complete register says how complete it is', () => {
  expect(balanceOf(start, [counted(5, 3_599)], [counted(0, 900)]).coveredPercent).toBe(25);
});

const register = fc.option(
  fc.record({
    wh: fc.nat(1e9),
    coveredSeconds: fc.nat(4_000),
    until: fc.nat(4_000_000).map((ms) => start + ms),
  }),
  { nil: undefined },
);

test('generated is exported and self-consumed, to the Wh, wherever all three are known', () => {
  fc.assert(
    fc.property(fc.array(register), fc.array(register), (generated, exported) => {
      const balance = balanceOf(start, generated, exported);
      const { generatedWh, exportedWh, selfConsumedWh, coveredPercent } = balance;
      if (selfConsumedWh !== null)
        expect(selfConsumedWh).toBe((generatedWh ?? 0) - (exportedWh ?? 0));
      expect(selfConsumedWh ?? 0).toBeGreaterThanOrEqual(0);
      expect(coveredPercent).toBeGreaterThanOrEqual(0);
      expect(coveredPercent).toBeLessThanOrEqual(100);
    }),
  );
});
