import { parseConfig } from '../config/load.ts';
import { configuredMeters } from '../derive/meter.ts';
import type { Store, StoredReading } from '../store/port.ts';
import { SealTime, withSealMarks } from './late.ts';

/** Test equipment: a register with readings every ten minutes, stored as ingest does. */
export const [meter] = configuredMeters(
  parseConfig('sites: [{ id: a, generators: [{ id: pv-1, kind: pv, device: d }] }]', 'test', {}),
);
export const meters = meter === undefined ? [] : [meter];
export const firstDay = Date.parse('2021-04-01T00:00:00+09:00');
export const tenMinutesMs = 600_000;

export function reading(at: number, value = (at - firstDay) / tenMinutesMs): StoredReading {
  const series = { site: 'a', device: 'd', asset: 'pv-1', quantity: 'generated' } as const;
  const content = { value, raw: null, quality: 'good', why: null, clock: 'synced' } as const;
  return { ...series, ...content, at, stream: 's', seq: at, receivedAt: at };
}

/** Readings every ten minutes of a span. */
export function readings(from: number, to: number): StoredReading[] {
  const count = Math.ceil((to - from) / tenMinutesMs);
  return Array.from({ length: count }, (_, index) => reading(from + index * tenMinutesMs));
}

/** Commits with the marks that the gateway makes at `nowMs`. */
export async function commit(store: Store, come: readonly StoredReading[], nowMs: number) {
  const time = new SealTime({ trusted: () => true, wallMs: () => nowMs }, 0);
  const stale = withSealMarks(() => [], meters, time)({ readings: come, events: [] });
  await store.commit({
    frames: [],
    readings: come,
    events: [],
    quarantine: [],
    records: [],
    stale,
  });
}
