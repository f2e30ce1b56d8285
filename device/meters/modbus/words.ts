/** How many 16-bit words each type takes. */
export const typeWords = {
  uint16: 1,
  int16: 1,
  uint32: 2,
  int32: 2,
  float32: 2,
  uint64: 4,
  int64: 4,
} as const;
export type WordType = keyof typeof typeWords;
export const wordTypes = [
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'uint64',
  'int64',
] as const;

export interface WordLayout {
  readonly type: WordType;
  /** `big`: the most significant word comes first, as almost everywhere. */
  readonly wordOrder: 'big' | 'little';
  /** The two bytes of every word are exchanged. */
  readonly byteSwap: boolean;
}

/** The words as one unsigned number, whatever its type: what a no-data value is compared with. */
export function bitsOf(words: readonly number[], { wordOrder, byteSwap }: WordLayout): bigint {
  const ordered = wordOrder === 'big' ? words : words.toReversed();
  return ordered.reduce(
    (bits, word) => (bits << 16n) | BigInt(byteSwap ? swapped(word) : word),
    0n,
  );
}

/** The number these bits mean: a float as a number (NaN and infinities included), an integer exactly. */
export function valueOf(bits: bigint, type: WordType): number | bigint {
  switch (type) {
    case 'uint16':
    case 'uint32':
    case 'uint64':
      return bits;
    case 'int16':
    case 'int32':
    case 'int64':
      return BigInt.asIntN(typeWords[type] * 16, bits);
    case 'float32': {
      const view = new DataView(new ArrayBuffer(4));
      view.setUint32(0, Number(bits));
      return view.getFloat32(0);
    }
  }
}

/** Distance to the next larger float32: what a register of this size cannot tell apart. */
export function float32Step(value: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -126);
  return 2 ** (exponent - 23);
}

function swapped(word: number): number {
  return ((word & 0xff) << 8) | (word >> 8);
}
