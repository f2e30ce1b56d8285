import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOf, float32Step, typeWords, valueOf, type WordLayout, wordTypes } from './words.ts';

const layouts = fc.record({
  type: fc.constantFrom(...wordTypes),
  wordOrder: fc.constantFrom('big' as const, 'little' as const),
  byteSwap: fc.boolean(),
});

/** The other direction, by Buffer: how a meter lays a value out. */
function wordsFor(bits: bigint, { type, wordOrder, byteSwap }: WordLayout): number[] {
  const bytes = Buffer.from(bits.toString(16).padStart(typeWords[type] * 4, '0'), 'hex');
  if (byteSwap) bytes.swap16();
  const words = Array.from({ length: typeWords[type] }, (_, word) => bytes.readUInt16BE(2 * word));
  return wordOrder === 'big' ? words : words.toReversed();
}

test('bits come back from every layout', () => {
  fc.assert(
    fc.property(layouts, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (layout, any) => {
      const bits = BigInt.asUintN(typeWords[layout.type] * 16, any);
      expect(bitsOf(wordsFor(bits, layout), layout)).toBe(bits);
    }),
  );
});

test('values are what Buffer reads from the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (random) => {
      const bytes = Buffer.from(random);
      const words = [0, 2, 4, 6].map((at) => bytes.readUInt16BE(at));
      const read = (type: (typeof wordTypes)[number]) => {
        const own = words.slice(0, typeWords[type]);
        return valueOf(bitsOf(own, { type, wordOrder: 'big', byteSwap: false }), type);
      };
      expect(read('uint16')).toBe(BigInt(bytes.readUInt16BE()));
      expect(read('int16')).toBe(BigInt(bytes.readInt16BE()));
      expect(read('uint32')).toBe(BigInt(bytes.readUInt32BE()));
      expect(read('int32')).toBe(BigInt(bytes.readInt32BE()));
      expect(read('uint64')).toBe(bytes.readBigUInt64BE());
      expect(read('int64')).toBe(bytes.readBigInt64BE());
      expect(read('float32')).toBe(bytes.readFloatBE());
    }),
  );
});

test('the step of a float is the distance to the next one', () => {
  fc.assert(
    fc.property(fc.float({ min: 1, max: 16_777_216, noNaN: true }), (value) => {
      const view = new DataView(new ArrayBuffer(4));
      view.setFloat32(0, value);
      view.setUint32(0, view.getUint32(0) + 1);
      expect(float32Step(value)).toBe(view.getFloat32(0) - value);
    }),
  );
});
