import { expect, test } from 'vitest';
import { kilogramsOf, tonnesText } from './reductions.ts';

test('exact kilograms are numbers for showing, and nothing else is', () => {
  expect(kilogramsOf('808.7625')).toBe(808.7625);
  expect(kilogramsOf('-97/4')).toBe(-24.25);
  expect(kilogramsOf(null)).toBeNull();
  expect(kilogramsOf('many')).toBeNull();
  expect(kilogramsOf('1/0')).toBeNull();
  expect(tonnesText(808.7625)).toBe('0.809');
  expect(tonnesText(-1_100.5)).toBe('−1.101');
});
