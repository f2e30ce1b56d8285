import type { EnergyInterval } from '#gateway/contract';
import { japanDate, japanClock } from '../format.ts';
import type { TimelineEvent } from './events.ts';
import type { Drawn } from './series.ts';

/** `2026-04-01T12:00:00+09:00`: a spreadsheet and a program read the same time. */
export function japanIso(atMs: number): string {
  return `${japanDate(atMs)}T${japanClock(atMs)}+09:00`;
}

type Cell = string | number | null;

const packColumns = [
  'from',
  'to',
  'pressureMpa',
  'pressureLeastMpa',
  'pressureMostMpa',
  'usableKg',
  'expandedUncertaintyKg',
  'usableLowKg',
  'usableHighKg',
  'temperatureC',
  'quality',
  'why',
  'knownMinutes',
  'minutes',
  'event',
];

/** What the chart of a pack shows: its points, then its events with the other columns empty. */
export function packCsv(points: readonly Drawn[], events: readonly TimelineEvent[]): string {
  const rows = points.map((point) => [
    japanIso(point.fromMs),
    japanIso(point.toMs),
    point.pressureMpa,
    point.pressureLeastMpa,
    point.pressureMostMpa,
    point.usableKg,
    point.uncertaintyKg,
    point.usableLowKg,
    point.usableHighKg,
    point.temperatureC,
    point.quality,
    point.why ?? null,
    point.knownMinutes,
    point.minutes,
    null,
  ]);
  return table([packColumns, ...rows, ...eventRows(events, packColumns.length)]);
}

export interface Bar {
  readonly start: number;
  readonly end: number;
  readonly wh: number;
  readonly unallocatedWh: number;
  readonly coveredPercent: number;
  readonly quality: EnergyInterval['quality'];
  readonly revision: number;
}

const meterColumns = [
  'from',
  'to',
  'wh',
  'unallocatedWh',
  'coveredPercent',
  'quality',
  'revision',
  'event',
];

/** What the bars of a register show. */
export function meterCsv(bars: readonly Bar[], events: readonly TimelineEvent[]): string {
  const rows = bars.map(({ start, end, wh, unallocatedWh, coveredPercent, quality, revision }) => [
    japanIso(start),
    japanIso(end),
    wh,
    unallocatedWh,
    coveredPercent,
    quality,
    revision,
    null,
  ]);
  return table([meterColumns, ...rows, ...eventRows(events, meterColumns.length)]);
}

function eventRows(events: readonly TimelineEvent[], width: number): Cell[][] {
  return events.map(({ atMs, toMs, text }) => [
    japanIso(atMs),
    typeof toMs === 'number' ? japanIso(toMs) : null,
    ...Array.from({ length: width - 3 }, () => null),
    text,
  ]);
}

/** RFC 4180, with a byte order mark: without it a spreadsheet in Japan reads Japanese as something else. */
function table(rows: readonly (readonly Cell[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A text that a spreadsheet would compute is made a text again: reasons are typed by people. */
function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
