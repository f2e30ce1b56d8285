import { type AlarmLog, type LogEntry, logEntrySchema } from './log.ts';

/** The shape of the store's operator records (gateway/store), as far as alarms use it. */
export interface AlarmRecord {
  readonly site: string;
  readonly kind: string;
  /** Identity: the same id again changes nothing. */
  readonly id: string;
  readonly subject: string;
  readonly at: number;
  readonly recordedAt: number;
  readonly by: string;
  readonly body: unknown;
}

export interface RecordStore {
  append(records: readonly AlarmRecord[]): Promise<void>;
  records(filter: { readonly kind: string }): AsyncIterable<AlarmRecord>;
}

export const transitionKind = 'alarm';
export const deliveryKind = 'alarm-delivery';

/** The alarm log as operator records. A record that cannot be read is told to `unreadable` and left out. */
export function recordLog(store: RecordStore, unreadable: (id: string) => void): AlarmLog {
  return {
    append: (entries) => store.append(entries.map(toRecord)),
    load: async function* load() {
      for (const kind of [transitionKind, deliveryKind])
        for await (const { id, body } of store.records({ kind })) {
          const parsed = logEntrySchema.safeParse(body);
          if (parsed.success) yield parsed.data;
          else unreadable(id);
        }
    },
  };
}

function toRecord(entry: LogEntry): AlarmRecord {
  if (entry.type === 'delivered') {
    const { sink, seq, at } = entry;
    const record = { site: '_gateway', kind: deliveryKind, id: `${sink}/${seq}/${at}` };
    return { ...record, subject: sink, at, recordedAt: at, by: 'gateway', body: entry };
  }
  const { seq, at, by, after } = entry.transition;
  return {
    site: after.site,
    kind: transitionKind,
    id: `${after.occurrence}/${seq}`,
    subject: after.subject,
    at,
    recordedAt: at,
    by: by ?? 'gateway',
    body: entry,
  };
}
