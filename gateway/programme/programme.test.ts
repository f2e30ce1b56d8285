import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordDesk } from '../records/desk.ts';
import { MemoryStore } from '../http/testing-store.ts';
import { revisionFor } from './entry.ts';
import { japanDateMs, japanDateOf, yearsLater } from './japan-date.ts';
import { programmeOf, projectPart, windowOf } from './programme.ts';
import { deviceEntry, memberEntry, projectEntry } from './testing-programme.ts';

test('the last revision stands, with its number; what says the same is no revision', async () => {
  const desk = new RecordDesk(new MemoryStore());
  const put = async (entry: ReturnType<typeof memberEntry>, nowMs: number) => {
    const record = revisionFor(desk, entry, { by: '佐藤', nowMs });
    if (record !== undefined) await desk.add(record);
    return record;
  };
  await put(projectEntry('minato-pv'), 1_000);
  await put(memberEntry('home-1'), 1_000);
  await put(deviceEntry('home-1-pv', 'home-1'), 1_000);
  const first = programmeOf(desk);
  expect(programmeOf(desk)).toBe(first);
  expect(await put(memberEntry('home-1'), 2_000)).toBeUndefined();
  // The clock was set back: what is said later stands all the same.
  await put(memberEntry('home-1', { leftOn: '2027-01-01' }), 500);
  const [member] = programmeOf(desk).members;
  expect(member).toMatchObject({ id: 'home-1', revision: 2, leftOn: '2027-01-01', by: '佐藤' });
  expect(member?.window.to).toBe(japanDateMs('2027-01-01'));
  expect(projectPart(programmeOf(desk), 'minato-pv')).toMatchObject({
    members: [{ id: 'home-1' }],
    devices: [{ id: 'home-1-pv', revision: 1 }],
  });
  expect(projectPart(programmeOf(desk), 'other')).toBeUndefined();
});

test('a window begins at the latest of three dates and ends after eight years or when the member left', () => {
  const project = { appliedOn: '2026-04-01' };
  const of = (member: Parameters<typeof windowOf>[0]) => {
    const { from, to } = windowOf(member, project);
    return [japanDateOf(from), japanDateOf(to)];
  };
  expect(of({ admittedOn: '2026-03-01' })).toEqual(['2026-04-01', '2034-04-01']);
  expect(of({ admittedOn: '2026-05-01', monitoredFrom: '2026-06-15' })).toEqual([
    '2026-06-15',
    '2034-06-15',
  ]);
  expect(of({ admittedOn: '2026-05-01', leftOn: '2026-12-31' })).toEqual([
    '2026-05-01',
    '2026-12-31',
  ]);
  expect(of({ admittedOn: '2026-05-01', leftOn: '2026-04-01' })).toEqual([
    '2026-05-01',
    '2026-05-01',
  ]);
  expect(windowOf({ admittedOn: '2026-05-01' }, undefined)).toEqual({ from: 0, to: 0 });
});

test('dates are those of Japan, and years later is the same day', () => {
  expect(japanDateMs('2026-04-01')).toBe(Date.parse('2026-03-31T15:00:00Z'));
  expect(yearsLater('2024-02-29', 1)).toBe('2025-03-01');
  expect(yearsLater('2024-02-29', 8)).toBe('2032-02-29');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
      const date = japanDateOf(ms);
      const begins = japanDateMs(date);
      expect(begins <= ms && ms < begins + 86_400_000).toBe(true);
    }),
  );
});
