import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogue } from '#device/contract';
import { bigEndian } from './frame.ts';
import { readRegister, readWatts16, readWatts32, thousandths, wrapInUnits } from './numbers.ts';
import {
  classOf,
  type Facts,
  objectClass,
  objectNames,
  readMeasurement,
  wrapAtOf,
} from './objects.ts';

const edt = (value: number, length: number): Uint8Array =>
  Uint8Array.from(bigEndian(value, length));
const meter = objectClass('smart-meter');
const imported = meter.measurements.find(({ quantity }) => quantity === 'imported');
const facts = (coefficient: number | undefined, unit: number, digits: number): Facts =>
  new Map([
    ...(coefficient === undefined ? [] : [[0xd3, edt(coefficient, 4)] as const]),
    [0xe1, edt(unit, 1)],
    [0xd7, edt(digits, 1)],
  ]);
const everything = new Set([0xd3, 0xd7, 0xe0, 0xe1]);

function importedWh(count: number, given: Facts, supported: ReadonlySet<number> | undefined) {
  if (imported === undefined) throw new Error('a smart meter imports');
  return readMeasurement(meter, imported, edt(count, 4), given, supported);
}

test('a PV register counts Wh and wraps at a million kWh', () => {
  expect(readRegister(edt(1_234_567, 4), thousandths)).toEqual({
    value: 1_234_567,
    raw: 1_234_567,
    quality: 'good',
  });
  expect(wrapInUnits(thousandths)).toBe(1_000_000_000);
});

test('codes for no data are null with no-data, numbers beyond the range null with out-of-range', () => {
  expect(readRegister(edt(0xffff_fffe, 4), thousandths)).toMatchObject({
    value: null,
    why: 'no-data',
  });
  expect(readRegister(edt(0xffff_ffff, 4), thousandths)).toMatchObject({
    value: null,
    why: 'out-of-range',
  });
  expect(readRegister(edt(1_000_000_000, 4), thousandths)).toMatchObject({ why: 'out-of-range' });
  expect(readRegister(edt(1, 2), thousandths)).toMatchObject({ value: null, why: 'no-data' });
  expect(readWatts16(edt(65_533, 2))).toMatchObject({ value: 65_533 });
  expect(readWatts16(edt(0xfffe, 2))).toMatchObject({ value: null, why: 'no-data' });
  expect(readWatts16(edt(0xffff, 2))).toMatchObject({ value: null, why: 'out-of-range' });
  expect(readWatts32(edt(0xffff_ff38, 4))).toEqual({ value: -200, quality: 'good' });
  expect(readWatts32(edt(0x7fff_fffe, 4))).toMatchObject({ value: null, why: 'no-data' });
  expect(readWatts32(edt(0x7fff_ffff, 4))).toMatchObject({ value: null, why: 'out-of-range' });
  expect(readWatts32(edt(0x8000_0000, 4))).toMatchObject({ value: null, why: 'out-of-range' });
});

test('a smart meter is count x coefficient x unit, and wraps at its digits', () => {
  // 0.1 kWh, six digits: 12,345.6 kWh.
  expect(importedWh(123_456, facts(1, 0x01, 6), everything)).toMatchObject({ value: 12_345_600 });
  expect(wrapAtOf(meter, facts(1, 0x01, 6), everything)).toBe(100_000_000);
  // 10 kWh and a transformer of 40: 400 kWh a count.
  expect(importedWh(3, facts(40, 0x0a, 8), everything)).toMatchObject({ value: 1_200_000 });
  // 0.0001 kWh is a tenth of a Wh: rounded down, the count stays in raw.
  expect(importedWh(19, facts(1, 0x04, 8), everything)).toEqual({
    value: 1,
    raw: 19,
    quality: 'good',
  });
});

test('a reading that its own digits rule out is no reading', () => {
  expect(importedWh(999_999, facts(1, 0x01, 6), everything)).toMatchObject({ quality: 'good' });
  expect(importedWh(1_000_000, facts(1, 0x01, 6), everything)).toMatchObject({
    why: 'out-of-range',
  });
});

test('a factor is not guessed: a missing unit, digit count or coefficient makes it unknown', () => {
  expect(importedWh(1, new Map(), everything)).toMatchObject({ value: null, why: 'no-data' });
  expect(importedWh(1, facts(1, 0x07, 6), everything)).toMatchObject({ why: 'no-data' });
  expect(importedWh(1, facts(1, 0x01, 9), everything)).toMatchObject({ why: 'no-data' });
  expect(importedWh(1, facts(undefined, 0x01, 6), everything)).toMatchObject({ why: 'no-data' });
  expect(importedWh(1, facts(undefined, 0x01, 6), undefined)).toMatchObject({ why: 'no-data' });
  // Only a node that says it has none has a coefficient of 1.
  const without = new Set([0xd7, 0xe0, 0xe1]);
  expect(importedWh(1, facts(undefined, 0x01, 6), without)).toMatchObject({ value: 100 });
  const multiplied = new Map([...facts(1, 0x01, 6), [0xd4, edt(1, 1)]]);
  expect(importedWh(1, multiplied, everything)).toMatchObject({ why: 'no-data' });
});

test('a total never loses a Wh, whatever coefficient, unit and digits', () => {
  const units = fc.constantFrom(0x00, 0x01, 0x02, 0x03, 0x04, 0x0a, 0x0b, 0x0c, 0x0d);
  const exponents: Record<number, number> = {
    0: 4,
    1: 3,
    2: 2,
    3: 1,
    4: 0,
    10: 5,
    11: 6,
    12: 7,
    13: 8,
  };
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 99_999_999 }),
      fc.integer({ min: 1, max: 999_999 }),
      units,
      (count, coefficient, unit) => {
        const exact =
          (BigInt(count) * BigInt(coefficient) * 10n ** BigInt(exponents[unit] ?? 0)) / 10n;
        const read = importedWh(count, facts(coefficient, unit, 8), everything);
        if (exact > BigInt(catalogue.imported.maximum))
          expect(read).toMatchObject({ why: 'out-of-range' });
        else expect(read.value).toBe(Number(exact));
      },
    ),
  );
});

test('every class measures quantities of the contract, each once, and is found by its objects', () => {
  for (const name of objectNames) {
    const { code, measurements } = objectClass(name);
    const quantities = measurements.map(({ quantity }) => quantity);
    expect(new Set(quantities).size).toBe(quantities.length);
    for (const quantity of quantities) expect(catalogue).toHaveProperty(quantity);
    expect(classOf(code * 256 + 3)?.name).toBe(name);
  }
  expect(classOf(0x013001)).toBeUndefined();
});
