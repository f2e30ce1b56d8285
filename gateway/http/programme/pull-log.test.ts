import { expect, test } from 'vitest';
import { headsOf } from '../../seals/handed-out.ts';
import { MemoryStore } from '../testing-store.ts';
import { logPull, pullsOf } from './pull-log.ts';

const none = headsOf([], new Set());

test('pages of pulls, newest first, give each of them once, however many there are', async () => {
  const store = new MemoryStore();
  const places = Array.from({ length: 1_000 }, (_, place) => (place * 377) % 1_000);
  for (const at of places)
    await logPull(
      store,
      { project: 'p', by: 'operator', what: String(at), why: 'test', at },
      none,
      true,
    );
  await logPull(
    store,
    { project: 'q', by: 'operator', what: 'other', why: 'test', at: 5 },
    none,
    true,
  );
  const seen: number[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await pullsOf(store, 'p', { limit: 30, cursor });
    seen.push(...page.items.map(({ at }) => at));
    if (page.next === undefined) break;
    cursor = page.next;
  }
  expect(seen).toEqual(places.toSorted((a, b) => b - a));
});
