import fc from 'fast-check';
import { expect, test } from 'vitest';
import { energyFirst, energyParts, energyValue, whOf } from './energy.ts';

test('a display in kWh or Wh becomes whole Wh', () => {
  expect(whOf('012345.6 kWh')).toBe(12_345_600);
  expect(whOf('１２.３４５ kWh')).toBe(12_345);
  expect(whOf('7 kWh')).toBe(7_000);
  expect(whOf('7 Wh')).toBe(7);
});

test('what could mean two things, or is finer than a Wh, is no energy', () => {
  for (const odd of ['', 'kWh', '1,234 kWh', '-1 Wh', '1.5 Wh', '1.2345 kWh', '1e3 Wh', 'x Wh'])
    expect(whOf(odd), odd).toBeUndefined();
  expect(whOf('9999999999999 kWh')).toBeUndefined();
});

test('every amount a form begins with is read as itself', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_000_000_000_000_000 }), (wh) => {
      expect(whOf(energyFirst(wh))).toBe(wh);
    }),
  );
});

test('a unit alone is nothing typed, and a unit survives the digits', () => {
  expect(energyValue(' ', 'Wh')).toBe('');
  expect(energyParts(energyValue('12', 'Wh'))).toEqual({ digits: '12', unit: 'Wh' });
  expect(energyParts(energyValue('12.5', 'kWh'))).toEqual({ digits: '12.5', unit: 'kWh' });
});
