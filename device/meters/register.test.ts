import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addPulse,
  adoptRate,
  formatPulseRate,
  parsePulseRate,
  type PulseRate,
  type Register,
  registerAt,
  whPerPulse,
} from './register.ts';

function rateOf(text: string | number): PulseRate {
  const rate = parsePulseRate(text);
  if (typeof rate === 'string') throw new Error(rate);
  return rate;
}

function count(register: Register, rate: PulseRate, pulses: number): Register {
  let counted = register;
  for (let pulse = 0; pulse < pulses; pulse += 1) counted = addPulse(counted, rate);
  return counted;
}

test('rates are read in lowest terms, and nonsense is refused with what to write', () => {
  expect(parsePulseRate(1_000)).toEqual({ pulses: 1_000, kwh: 1 });
  expect(parsePulseRate(0.5)).toEqual({ pulses: 1, kwh: 2 });
  expect(parsePulseRate('2000/6')).toEqual({ pulses: 1_000, kwh: 3 });
  expect(formatPulseRate(rateOf('2000/6'))).toBe('1000/3');
  expect(formatPulseRate(rateOf(800))).toBe('800');
  expect(whPerPulse(rateOf(2_000))).toBe(0.5);
  for (const wrong of [0, '0', '', 'many', '1/0', -5, '1e3', Infinity, '9999999999'])
    expect(typeof parsePulseRate(wrong)).toBe('string');
});

test('the register is floor(energy) exactly, for every rate and any split', () => {
  const part = fc.integer({ min: 1, max: 20_000 });
  fc.assert(
    fc.property(
      part,
      fc.integer({ min: 1, max: 50 }),
      fc.nat(1e9),
      fc.nat(300),
      fc.nat(300),
      (pulses, kwh, wh, first, second) => {
        const rate = rateOf(`${pulses}/${kwh}`);
        const register = count(count(registerAt(wh, rate), rate, first), rate, second);
        const exact = BigInt(first + second) * 1_000n * BigInt(rate.kwh);
        expect(register.wh).toBe(wh + Number(exact / BigInt(rate.pulses)));
        expect(register.remainder).toBe(Number(exact % BigInt(rate.pulses)));
      },
    ),
  );
});

test('another rate keeps the whole Wh and never more of the rest than there was', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: 5_000 }),
      fc.nat(100),
      (from, to, pulses) => {
        const before = count(registerAt(0, rateOf(from)), rateOf(from), pulses);
        const after = adoptRate(before, rateOf(to));
        expect(after.wh).toBe(before.wh);
        expect(after.remainder / after.per).toBeLessThanOrEqual(before.remainder / before.per);
        expect(after.remainder).toBeGreaterThanOrEqual(0);
        expect(after.remainder).toBeLessThan(after.per);
      },
    ),
  );
});
