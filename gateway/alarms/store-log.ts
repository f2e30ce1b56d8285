import { z } from 'zod';
import type { Store } from '../store/port.ts';
import type { RecordStore } from './record-log.ts';

const bodySchema = z.record(z.string(), z.unknown());

/** The store's operator records, as the alarm log takes them. */
export function alarmRecords(store: Pick<Store, 'commit' | 'records'>): RecordStore {
  return {
    async append(records) {
      const written = records.map((record) => ({ ...record, body: bodySchema.parse(record.body) }));
      await store.commit({
        frames: [],
        readings: [],
        events: [],
        quarantine: [],
        records: written,
        stale: [],
      });
    },
    records: (filter) => store.records(filter),
  };
}
