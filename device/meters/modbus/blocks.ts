import { maxWords, type ReadFunction } from './port.ts';
import type { ReadRegister } from './reading.ts';
import { typeWords } from './words.ts';

/** Registers that are read with one request, in the order of their addresses. */
export interface Block {
  readonly function: ReadFunction;
  readonly address: number;
  readonly count: number;
  readonly registers: readonly ReadRegister[];
}

/**
 * As few requests as possible: registers that touch are read together. Ones with a hole between them are not: meters
 * may refuse to read what they do not have.
 */
export function planBlocks(registers: readonly ReadRegister[]): Block[] {
  const sorted = registers.toSorted(
    ({ register: a }, { register: b }) => a.function - b.function || a.address - b.address,
  );
  return sorted.reduce<Block[]>((blocks, next) => {
    const last = blocks.at(-1);
    const joined = last && join(last, next);
    return joined === undefined ? [...blocks, single(next)] : [...blocks.slice(0, -1), joined];
  }, []);
}

/** Each register by itself, for a meter that refused them together: it may lack only one. */
export function splitBlock({ registers }: Block): Block[] {
  return registers.map(single);
}

/** The words of one register out of its block's answer. */
export function wordsOf(
  block: Block,
  { register }: ReadRegister,
  words: readonly number[],
): number[] {
  const from = register.address - block.address;
  return words.slice(from, from + typeWords[register.type]);
}

function single(read: ReadRegister): Block {
  const { function: code, address, type } = read.register;
  return { function: code, address, count: typeWords[type], registers: [read] };
}

function join(block: Block, next: ReadRegister): Block | undefined {
  const { function: code, address, type } = next.register;
  const count = block.count + typeWords[type];
  if (code !== block.function || address !== block.address + block.count || count > maxWords)
    return undefined;
  return { ...block, count, registers: [...block.registers, next] };
}
