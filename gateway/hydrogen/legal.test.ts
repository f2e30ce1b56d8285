import { expect, test } from 'vitest';
import { legalQuantityM3, legalThresholdM3 } from './legal.ts';

test('one pack of 1,500 L is just under the threshold, two cross it', () => {
  expect(legalQuantityM3(19.6, 1.5)).toBeCloseTo(295.5, 9);
  expect(legalQuantityM3(19.6, 1.5)).toBeLessThan(legalThresholdM3);
  expect(2 * legalQuantityM3(19.6, 1.5)).toBeGreaterThan(legalThresholdM3);
});
