import { expect, test } from 'vitest';
import { type ModbusQuantity, profileSchema } from './profile.ts';
import { readRegister, resolutionOf } from './reading.ts';

/** A register as a configuration would have it. */
function read(quantity: ModbusQuantity, settings: object) {
  const base = { function: 3, address: 0, type: 'uint32' };
  const profile = profileSchema.parse({ registers: { [quantity]: { ...base, ...settings } } });
  const register = profile.registers[quantity];
  if (register === undefined) throw new Error('the schema lost a register');
  return { quantity, register };
}

function float(value: number): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
}

const kwh = read('generated', { type: 'float32', scale: 1_000 });

test('registers are whole units, with what the meter said beside', () => {
  expect(readRegister(kwh, float(1.5))).toEqual({ value: 1_500, raw: 1.5, quality: 'good' });
  expect(readRegister(read('imported', {}), [1, 2])).toEqual({ value: 65_538, quality: 'good' });
  expect(readRegister(read('heat', { scale: '1/1000' }), [0, 2_500]).value).toBe(3);
});

test.each([
  ['NaN', float(Number.NaN)],
  ['infinity', float(Infinity)],
  ['below zero', float(-0.5)],
])('a register of %s is out of range', (_what, words) => {
  expect(readRegister(kwh, words)).toMatchObject({
    value: null,
    quality: 'bad',
    why: 'out-of-range',
  });
});

test('a 64-bit register beyond what is exact is out of range', () => {
  const long = read('generated', { type: 'uint64' });
  expect(readRegister(long, [0xffff, 0xffff, 0xffff, 0xffff])).toMatchObject({
    why: 'out-of-range',
  });
  expect(readRegister(long, [0, 0, 0, 5]).value).toBe(5);
});

test.each([
  ['uint32', 0xffff_ffff, [0xffff, 0xffff]],
  ['int32', -1, [0xffff, 0xffff]],
  ['uint64', '0x8000000000000000', [0x8000, 0, 0, 0]],
  ['uint16', 0x7fff, [0x7fff]],
])('a %s of %s is no data where the profile says so', (type, noData, words) => {
  expect(readRegister(read('imported', { type, noData }), words)).toMatchObject({
    value: null,
    why: 'no-data',
  });
  const other = words.map((_, index) => (index === words.length - 1 ? 7 : 0));
  expect(readRegister(read('imported', { type, noData }), other).quality).toBe('good');
});

test('power has a sign, from the meter and from the wiring', () => {
  const power = read('power', { type: 'float32', sign: -1 });
  expect(readRegister(power, float(-1_234.5))).toEqual({ value: 1_234.5, quality: 'good' });
  expect(readRegister(power, float(Number.NaN))).toMatchObject({ why: 'out-of-range' });
  expect(readRegister(read('power', { type: 'int16', scale: 0.1 }), [0xffff]).value).toBe(-0.1);
});

test('a register whose sign is turned counts upwards', () => {
  const exported = read('exported', { type: 'int32', sign: -1 });
  expect(readRegister(exported, [0xffff, 0xfff6])).toEqual({
    value: 10,
    raw: -10,
    quality: 'good',
  });
  expect(Object.is(readRegister(exported, [0, 0]).value, 0)).toBe(true);
});

test('a float of kWh tells Wh apart below 16,384 kWh', () => {
  expect(resolutionOf(kwh, float(16_383))).toBeLessThan(1);
  expect(resolutionOf(kwh, float(16_384))).toBeCloseTo(1.95, 2);
  expect(resolutionOf(read('imported', {}), [1, 2])).toBe(0);
});
