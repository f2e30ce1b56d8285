import { expect, test } from 'vitest';
import type { LogEntry } from './log.ts';
import { type AlarmRecord, recordLog } from './record-log.ts';
import { transition } from './testing-alarms.ts';

/** Records the way a store keeps them: JSON, and the first content under an id stays. */
function recordStore() {
  const kept = new Map<string, AlarmRecord>();
  return {
    kept,
    append: async (records: readonly AlarmRecord[]) => {
      for (const record of records)
        if (!kept.has(record.id)) kept.set(record.id, JSON.parse(JSON.stringify(record)));
    },
    async *records({ kind }: { readonly kind: string }) {
      for (const record of kept.values()) if (record.kind === kind) yield record;
    },
  };
}

const entries: LogEntry[] = [
  { type: 'transition', transition: transition(1) },
  { type: 'transition', transition: { ...transition(2), by: 'Sato', change: 'acknowledged' } },
  { type: 'delivered', sink: 'mail/sato@example.jp', seq: 2, at: 5 },
];

async function all(log: { load(): AsyncIterable<LogEntry> }): Promise<LogEntry[]> {
  const loaded: LogEntry[] = [];
  for await (const entry of log.load()) loaded.push(entry);
  return loaded;
}

test('what is appended, also twice, is loaded once', async () => {
  const store = recordStore();
  const log = recordLog(store, () => undefined);
  await log.append(entries);
  await log.append(entries);
  expect(await all(log)).toEqual(entries);
  expect([...store.kept.values()]).toMatchObject([
    { site: 'keihin', kind: 'alarm', subject: 'pack-1', by: 'gateway' },
    { site: 'keihin', kind: 'alarm', subject: 'pack-1', by: 'Sato' },
    { kind: 'alarm-delivery', subject: 'mail/sato@example.jp' },
  ]);
});

test('a record that nobody can read is told and left out', async () => {
  const store = recordStore();
  const strange: string[] = [];
  const log = recordLog(store, (id) => strange.push(id));
  await log.append(entries);
  const [first] = store.kept.values();
  if (first === undefined) throw new Error('nothing kept');
  store.kept.set('odd', { ...first, id: 'odd', body: { type: 'transition' } });
  expect(await all(log)).toEqual(entries);
  expect(strange).toEqual(['odd']);
});
