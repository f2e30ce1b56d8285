import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bigEndian,
  type EchonetFrame,
  encodeFrame,
  maxDatagramBytes,
  parseFrame,
} from './frame.ts';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

test('a Get and its partial answer are the bytes of the specification', () => {
  const get = {
    tid: 0x1234,
    seoj: 0x05ff01,
    deoj: 0x027901,
    esv: 0x62,
    properties: [
      { epc: 0xe1, edt: new Uint8Array() },
      { epc: 0xe3, edt: new Uint8Array() },
    ],
  };
  expect(encodeFrame(get)).toEqual(bytes('1081 1234 05ff01 027901 62 02 e1 00 e3 00'));
  expect(parseFrame(bytes('1081 1234 027901 05ff01 52 02 e1 04 0012d687 e3 00'))).toEqual({
    tid: 0x1234,
    seoj: 0x027901,
    deoj: 0x05ff01,
    esv: 0x52,
    properties: [
      { epc: 0xe1, edt: bytes('0012d687') },
      { epc: 0xe3, edt: new Uint8Array() },
    ],
  });
});

test.each([
  ['', /too few/],
  ['1081 1234 027901 05ff01 72', /too few/],
  ['1082 1234 027901 05ff01 72 00', /format 1/],
  ['1081 1234 027901 05ff01 72 01', /before its last property/],
  ['1081 1234 027901 05ff01 72 01 e1', /before its last property/],
  ['1081 1234 027901 05ff01 72 01 e1 04 0000', /within a property/],
])('%s is no frame', (hex, why) => {
  expect(parseFrame(bytes(hex))).toMatch(why);
});

test('a datagram larger than a node sends is refused before it is looked at', () => {
  expect(parseFrame(new Uint8Array(maxDatagramBytes + 1))).toMatch(/1473 bytes/);
});

test('whatever the bytes, the answer is a frame or what is wrong', () => {
  const noise = fc.uint8Array({ maxLength: 300 });
  const nearly = noise.map((rest) => Uint8Array.from([0x10, 0x81, ...rest]));
  fc.assert(
    fc.property(fc.oneof(noise, nearly), (datagram) => {
      const frame = parseFrame(datagram);
      if (typeof frame === 'string') return;
      expect(datagram.slice(0, encodeFrame(frame).length)).toEqual(encodeFrame(frame));
    }),
    { numRuns: 2_000 },
  );
});

test('every frame that can be written can be read', () => {
  const property = fc.record({
    epc: fc.integer({ min: 0, max: 255 }),
    edt: fc.uint8Array({ maxLength: 30 }),
  });
  const eoj = fc.integer({ min: 0, max: 0xff_ffff });
  const frames = fc.record({
    tid: fc.integer({ min: 0, max: 0xffff }),
    seoj: eoj,
    deoj: eoj,
    esv: fc.integer({ min: 0, max: 255 }),
    properties: fc.array(property, { maxLength: 20 }),
  });
  fc.assert(
    fc.property(frames, (frame: EchonetFrame) => {
      expect(parseFrame(encodeFrame(frame))).toEqual(frame);
    }),
  );
});

test('what a frame cannot hold is a defect of the caller', () => {
  expect(() => bigEndian(65_536, 2)).toThrow(RangeError);
  expect(() => bigEndian(-1, 2)).toThrow(RangeError);
  const properties = [{ epc: 1, edt: new Uint8Array(256) }];
  const head = { tid: 0, seoj: 0, deoj: 0, esv: 0 };
  expect(() => encodeFrame({ ...head, properties })).toThrow(/255 bytes/);
  const many = Array.from({ length: 256 }, () => ({ epc: 1, edt: new Uint8Array() }));
  expect(() => encodeFrame({ ...head, properties: many })).toThrow(/255 properties/);
});
