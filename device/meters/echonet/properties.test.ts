import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex, parseCode, parseInstanceList, parsePropertyMap } from './properties.ts';

test('a short property map lists its codes', () => {
  expect(parsePropertyMap(Uint8Array.from([3, 0x80, 0xe1, 0x9f]))).toEqual(
    new Set([0x80, 0xe1, 0x9f]),
  );
  expect(parsePropertyMap(Uint8Array.from([3, 0x80, 0xe1]))).toBeUndefined();
  expect(parsePropertyMap(new Uint8Array())).toBeUndefined();
});

test('a long property map is bits: rows are the low nibble, columns the high one from 8', () => {
  // Twenty codes, by the table of the specification: 0x80-0x8F in bit 0, and four of 0xE0-0xE3 in bit 6.
  const rows = Array.from({ length: 16 }, (_, low) => (low < 4 ? 0b0100_0001 : 0b0000_0001));
  const map = parsePropertyMap(Uint8Array.from([20, ...rows]));
  expect(map?.size).toBe(20);
  for (const code of [0x80, 0x8f, 0xe0, 0xe3]) expect(map?.has(code), hex(code, 2)).toBe(true);
  expect(map?.has(0xe4)).toBe(false);
  expect(parsePropertyMap(Uint8Array.from([21, ...rows]))).toBeUndefined();
});

test('an instance list names its objects', () => {
  expect(parseInstanceList(Uint8Array.from([2, 2, 0x79, 1, 2, 0x7c, 1]))).toEqual([
    0x027901, 0x027c01,
  ]);
  expect(parseInstanceList(Uint8Array.from([2, 2, 0x79, 1]))).toBeUndefined();
  expect(parseInstanceList(Uint8Array.from([0]))).toEqual([]);
});

test('codes lose their padding, and nothing that does not print gets through', () => {
  expect(parseCode(Buffer.from('PV-0001\0\0\0\0\0'))).toBe('PV-0001');
  expect(parseCode(Buffer.from('  AB\u0007C  '))).toBe('ABC');
  expect(parseCode(new Uint8Array(12))).toBeUndefined();
});

test('whatever the bytes, nothing throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (edt) => {
      for (const code of parsePropertyMap(edt) ?? []) expect(code).toBeLessThanOrEqual(0xff);
      for (const object of parseInstanceList(edt) ?? [])
        expect(object).toBeLessThanOrEqual(0xff_ffff);
      expect(parseCode(edt) ?? 'x').toMatch(/^[\x20-\x7e]+$/);
    }),
  );
});
