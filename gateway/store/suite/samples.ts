import type {
  Batch,
  DerivedRow,
  OperatorRecord,
  QuarantineEntry,
  SeriesKey,
  StoredEvent,
  StoredFrame,
  StoredReading,
} from '../port.ts';

/** 2026-04-01T00:00Z */
export const someTimeMs = 1_775_001_600_000;
export const allTime = { from: 0, to: Number.MAX_SAFE_INTEGER };

export const pressure: SeriesKey = {
  site: 'keihin',
  device: 'pi-1',
  asset: 'pack-1',
  quantity: 'pressure',
};
export const generated: SeriesKey = { ...pressure, asset: 'pv-1', quantity: 'generated' };

export function reading(change: Partial<StoredReading> = {}): StoredReading {
  return {
    ...pressure,
    at: someTimeMs,
    value: 12.345,
    raw: 17123,
    quality: 'good',
    why: null,
    clock: 'synced',
    stream: 'k3f9',
    seq: 1042,
    receivedAt: someTimeMs + 40,
    ...change,
  };
}

export function frame(change: Partial<StoredFrame> = {}): StoredFrame {
  return { site: 'keihin', device: 'pi-1', stream: 'k3f9', seq: 1042, at: someTimeMs, ...change };
}

export function event(change: Partial<StoredEvent> = {}): StoredEvent {
  const dropped = { kind: 'dropped', from: 1, to: 2, count: 12, why: 'spool-full' } as const;
  return { ...frame(), index: 0, event: dropped, ...change };
}

export function refused(change: Partial<QuarantineEntry> = {}): QuarantineEntry {
  return {
    id: 'q-1',
    site: 'keihin',
    device: 'pi-1',
    topic: 'kadoru/v1/keihin/pi-1/live',
    receivedAt: someTimeMs,
    reasons: [{ code: 'not-json', path: '', detail: 'Unexpected end of JSON input' }],
    bytes: new TextEncoder().encode('{"stream":'),
    ...change,
  };
}

export function record(change: Partial<OperatorRecord> = {}): OperatorRecord {
  return {
    site: 'keihin',
    kind: 'delivery',
    id: 'd-1',
    subject: 'pack-1',
    at: someTimeMs,
    recordedAt: someTimeMs + 3_600_000,
    by: '田中',
    body: { kg: 13.9, cylinders: [{ serial: 'A-1', kg: 0.46 }], note: null },
    ...change,
  };
}

export function batch(change: Partial<Batch>): Batch {
  return {
    frames: [],
    readings: [],
    events: [],
    quarantine: [],
    records: [],
    stale: [],
    ...change,
  };
}

export function derivedRow(at: number, fields: DerivedRow['fields']): DerivedRow {
  return { at, fields };
}

export async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
