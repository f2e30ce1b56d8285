import type { Quality, Why } from '#device/contract';
import type { StoredReading } from '../port.ts';

/**
 * The words of a reading, each at the number that stands for it in the file. Part of the schema: append, never reorder.
 * The commonest word comes first, because SQLite keeps a 0 or 1 in no byte at all
 * (https://sqlite.org/fileformat2.html#record_format).
 */
export const qualityWords = ['good', 'uncertain', 'bad'] as const satisfies readonly Quality[];
export const clockWords = [
  'synced',
  'estimated',
] as const satisfies readonly StoredReading['clock'][];
export const whyWords = [
  'loop-open',
  'loop-short',
  'out-of-range',
  'stuck',
  'stale',
  'bus-error',
  'no-data',
] as const satisfies readonly Why[];

/** Throws for a word that has no number: somebody extended the contract and not the schema. */
export function toCode<Word extends string>(words: readonly Word[], word: Word): number {
  const code = words.indexOf(word);
  if (code < 0) throw new Error(`the schema has no number for "${word}"; append it in codes.ts`);
  return code;
}

/** Throws for a number that no version of this program wrote. */
export function toWord<Word extends string>(words: readonly Word[], code: number): Word {
  const word = words[code];
  if (word === undefined)
    throw new Error(`the store holds code ${code} where 0 to ${words.length - 1} are known`);
  return word;
}
