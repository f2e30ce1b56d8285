import type { StoredReading } from '../store/port.ts';

export type ReadingFormat = 'ndjson' | 'csv';

const columns = ['at', 'value', 'raw', 'quality', 'why', 'stream', 'seq', 'receivedAt'] as const;

export const csvHeader = `${columns.join(',')}\r\n`;

/** One stored reading as a line of NDJSON: times in epoch milliseconds. */
export function jsonLine(reading: StoredReading): string {
  return `${JSON.stringify(reading, [...columns])}\n`;
}

/** One stored reading as a record of CSV (RFC 4180): times in Japan time, nothing for a null. */
export function csvRecord(reading: StoredReading): string {
  const { at, value, raw, quality, why, stream, seq, receivedAt } = reading;
  const cells = [japanTime(at), value, raw, quality, why, stream, seq, japanTime(receivedAt)];
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const japanOffsetMs = 9 * 3_600_000;

/** ISO 8601 with +09:00; Japan has no summer time. */
function japanTime(ms: number): string {
  return new Date(ms + japanOffsetMs).toISOString().replace('Z', '+09:00');
}
