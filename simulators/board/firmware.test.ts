import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { flashBytes, loadStandardFirmata, parseIntelHex } from './firmware.ts';

const end = ':00000001FF';

function record(kind: number, address: number, data: Uint8Array): string {
  const bytes = [data.length, address >> 8, address & 0xff, kind, ...data];
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  return `:${Buffer.from([...bytes, -sum & 0xff])
    .toString('hex')
    .toUpperCase()}`;
}

const content = fc.uint8Array({ minLength: 1, maxLength: 255 });

test('a file gives back what was written into it, and ones elsewhere', () => {
  fc.assert(
    fc.property(content, fc.nat(0x7f00), (data, address) => {
      const image = parseIntelHex(`${record(0, address, data)}\r\n${end}\r\n`);
      expect(image.subarray(address, address + data.length)).toEqual(data);
      image.fill(0xff, address, address + data.length);
      expect(image.every((byte) => byte === 0xff)).toBe(true);
    }),
  );
});

test('any single wrong character is refused', () => {
  const characters = '0123456789ABCDEFG: '.split('');
  fc.assert(
    fc.property(content, fc.nat(), fc.constantFrom(...characters), (data, position, character) => {
      const good = record(0, 0, data);
      const at = position % good.length;
      fc.pre(good[at] !== character);
      const bad = good.slice(0, at) + character + good.slice(at + 1);
      expect(() => parseIntelHex(`${bad}\n${end}`)).toThrow(/^Intel hex, line 1: /);
    }),
  );
});

test('reading never does anything but answer or refuse', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => parseIntelHex(`:${text}`)).toThrow(/^Intel hex/);
    }),
  );
});

const data = Uint8Array.of(1, 2, 3, 4);

test.each([
  ['cut off', record(0, 0, data), 'end record is missing'],
  ['data after the end', `${end}\n${record(0, 0, data)}`, 'line 2: there is a record after'],
  ['beyond the flash', `${record(0, flashBytes - 3, data)}\n${end}`, '0x8000 is outside the flash'],
  ['twice', `${record(0, 0, data)}\n${record(0, 3, data)}\n${end}`, '0x3 is written twice'],
  ['unknown type', `${record(6, 0, data)}\n${end}`, 'unknown record type 6'],
  ['odd address record', `${record(4, 0, data)}\n${end}`, 'exactly 2 data bytes'],
])('%s is refused', (_, text, message) => {
  expect(() => parseIntelHex(text)).toThrow(message);
});

test('segment and linear addresses move the data', () => {
  const segment = `${record(2, 0, Uint8Array.of(0x01, 0x00))}\n${record(0, 0, data)}\n${end}`;
  expect(parseIntelHex(segment).subarray(0x1000, 0x1004)).toEqual(data);
  const linear = `${record(4, 0, Uint8Array.of(0x00, 0x01))}\n${record(0, 0, data)}\n${end}`;
  expect(parseIntelHex(linear, 0x2_0000).subarray(0x1_0000, 0x1_0004)).toEqual(data);
});

test('the installed firmware is an image that begins with a jump', () => {
  const image = loadStandardFirmata();
  expect(image).toHaveLength(flashBytes);
  // JMP is 1001 010k kkkk 110k (AVR instruction set manual, DS40002198).
  expect(Buffer.from(image).readUInt16LE(0) & 0xfe0e).toBe(0x940c);
});
