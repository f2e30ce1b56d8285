import { expect, test } from 'vitest';
import { reading } from '../store/suite/samples.ts';
import { Latest } from './latest.ts';

test('channels beyond the bound are not shown, and counted; known ones go on', () => {
  const latest = new Latest(1);
  expect(latest.observe(reading({ asset: 'pack-1', at: 1 }))).toBe(true);
  expect(latest.observe(reading({ asset: 'pack-2', at: 2 }))).toBe(false);
  expect(latest.observe(reading({ asset: 'pack-1', at: 3 }))).toBe(true);
  expect(latest.observe(reading({ asset: 'pack-1', at: 2 }))).toBe(false);
  expect(latest.overlooked).toBe(1);
  expect([...latest.all()].map(({ asset, at }) => [asset, at])).toEqual([['pack-1', 3]]);
});
