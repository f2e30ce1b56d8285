import type { StoredReading } from '../store/port.ts';
import { csvLine, japanTime } from './csv.ts';

const columns = ['at', 'value', 'raw', 'quality', 'why', 'stream', 'seq', 'receivedAt'] as const;

export const csvHeader = csvLine(columns);

/** One stored reading as a line of NDJSON: times in epoch milliseconds. */
export function jsonLine(reading: StoredReading): string {
  return `${JSON.stringify(reading, [...columns])}\n`;
}

/** One stored reading as a record of CSV (RFC 4180): times in Japan time, nothing for a null. */
export function csvRecord(reading: StoredReading): string {
  const { at, value, raw, quality, why, stream, seq, receivedAt } = reading;
  return csvLine([japanTime(at), value, raw, quality, why, stream, seq, japanTime(receivedAt)]);
}
