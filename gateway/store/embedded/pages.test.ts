import { expect, test } from 'vitest';
import { pages } from './pages.ts';

test('the next page is asked for only when the last row of this one is taken', async () => {
  const asked: number[] = [];
  const rows = pages(0, (from: number) => {
    asked.push(from);
    const next = from === 4 ? undefined : from + 2;
    return Promise.resolve({ rows: [from, from + 1], next });
  });
  const taken: number[] = [];
  for await (const row of rows) {
    taken.push(row);
    expect(asked).toEqual([0, 2, 4].slice(0, Math.floor(row / 2) + 1));
  }
  expect(taken).toEqual([0, 1, 2, 3, 4, 5]);
});

test('a failing page fails the reader of it', async () => {
  const rows = pages(0, () => Promise.reject(new Error('disk')));
  await expect(rows.next()).rejects.toThrow('disk');
});
