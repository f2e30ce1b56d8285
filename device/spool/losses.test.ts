import { expect, test } from 'vitest';
import type { FrameEvent } from '#device/contract';
import { type Loss, Losses } from './losses.ts';

const many = 100;
const rollback = (wh: number): FrameEvent => ({
  kind: 'register-rollback',
  channel: 'pv-1/generated',
  wh,
});
const loss = (changes: Partial<Loss>): Loss => ({
  kind: 'dropped',
  why: 'spool-full',
  stream: 's',
  firstSeq: 1,
  lastSeq: 1,
  count: 1,
  ...changes,
});
const kinds = (losses: Losses) => losses.report(0, 0).map(({ kind }) => kind);

test('events beyond the bound are let go, those first that no register depends on, and counted', () => {
  const losses = new Losses();
  losses.carry([rollback(7), { kind: 'meta', channels: {} }], 's');
  for (let n = 0; n < many; n += 1) losses.carry([{ kind: 'restart' }], 's');
  const events = losses.report(0, 0);
  expect(events.slice(0, 2)).toEqual([rollback(7), { kind: 'meta', channels: {} }]);
  expect(events.filter(({ kind }) => kind === 'restart')).toHaveLength(62);
  expect(events.at(-1)).toEqual({ kind: 'dropped', why: 'events-full', count: many - 62 });
  losses.clear();
  expect(losses.empty).toBe(true);
  expect(losses.report(0, 0)).toEqual([]);
});

test('where only events are there that matter, the oldest go', () => {
  const losses = new Losses();
  for (let wh = 0; wh < many; wh += 1) losses.carry([rollback(wh)], 's');
  expect(losses.report(0, 0)[0]).toEqual(rollback(many - 64));
  expect(losses.report(0, 0).at(-1)).toMatchObject({ count: many - 64 });
});

test('reports that cannot be joined are let go beyond the bound, counted, and so after a restart', () => {
  const losses = new Losses();
  for (let n = 0; n < many; n += 1) losses.add(loss({ stream: `s-${n}` }));
  const after = new Losses();
  after.restore(losses.save());
  expect(after.report(0, 0)).toEqual(losses.report(0, 0));
  expect(after.report(0, 0).at(-1)).toEqual({ kind: 'dropped', why: 'events-full', count: 36 });
  expect(after.report(0, 0)[0]).toMatchObject({ stream: 's-36' });
});

test('reports of one stream and reason are joined, not let go', () => {
  const losses = new Losses();
  for (let n = 0; n < many; n += 1)
    losses.add(loss({ firstSeq: 3 * n, lastSeq: 3 * n + 1, count: 2 }));
  expect(kinds(losses)).toHaveLength(64);
  const counted = losses.report(0, 0).reduce((sum, { count = 0 }) => sum + count, 0);
  expect(counted).toBe(2 * many);
});
