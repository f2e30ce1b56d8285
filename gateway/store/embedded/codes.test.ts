import { qualitySchema, whySchema } from '#device/contract';
import { expect, test } from 'vitest';
import { clockWords, qualityWords, toCode, toWord, whyWords } from './codes.ts';

test('the numbers in files that exist already', () => {
  expect(qualityWords).toEqual(['good', 'uncertain', 'bad']);
  expect(clockWords).toEqual(['synced', 'estimated']);
  const whys = 'loop-open loop-short out-of-range stuck stale bus-error no-data';
  expect(whyWords.join(' ')).toBe(whys);
});

test('every word of the wire contract has a number', () => {
  expect(new Set<string>(qualityWords)).toEqual(new Set(qualitySchema.options));
  expect(new Set<string>(whyWords)).toEqual(new Set(whySchema.options));
});

test('what has no number or no word is said, not stored', () => {
  expect(() => toCode<string>(qualityWords, 'superb')).toThrow('superb');
  expect(() => toWord(qualityWords, 3)).toThrow('code 3');
});
