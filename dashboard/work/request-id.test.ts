import { expect, test } from 'vitest';
import { randomId, requestIds } from './request-id.ts';

test('the same content keeps its id, changed content gets a new one', () => {
  let count = 0;
  const ids = requestIds(() => `id-${(count += 1)}`);
  expect(ids.idFor({ kg: 1 })).toBe('id-1');
  expect(ids.idFor({ kg: 1 })).toBe('id-1');
  expect(ids.idFor({ kg: 2 })).toBe('id-2');
});

test('an id is what the contract takes', () => {
  expect(randomId()).toMatch(/^[0-9a-f]{32}$/);
  expect(randomId()).not.toBe(randomId());
});
