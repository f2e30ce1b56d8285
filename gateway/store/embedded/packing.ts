import { notFinite } from '../finite.ts';
import type {
  Batch,
  CommitResult,
  DerivedKey,
  DerivedRow,
  SeqRun,
  SeriesKey,
  Span,
  StoredFrame,
  StoredReading,
} from '../port.ts';
import { clockWords, qualityWords, toCode, toWord, whyWords } from './codes.ts';
import { packEntry, type QuarantineRow } from './quarantine.ts';
import { packRecord, type RecordRow } from './records.ts';
import { toRuns, type Run } from '../runs.ts';

/** A reading on its way to the writer; `series` and `stream` are positions in the batch's own lists. */
export type PackedReading = readonly [
  series: number,
  at: number,
  value: number | null,
  raw: number | null,
  quality: number,
  why: number | null,
  clock: number,
  stream: number,
  seq: number,
  receivedAfterMs: number,
];

/** A reading on its way back from the reader. */
export type ReadingRow = readonly [
  at: number,
  value: number | null,
  raw: number | null,
  quality: number,
  why: number | null,
  clock: number,
  stream: string,
  seq: number,
  receivedAfterMs: number,
];

export interface StreamKey {
  readonly site: string;
  readonly device: string;
  readonly name: string;
}

/**
 * A batch as it crosses to the writer's thread. Copying 500 readings between threads as objects costs as much as
 * storing them (3.2 of 4.2 microseconds a row); as rows of numbers it costs a quarter of that.
 */
export interface PackedBatch {
  readonly series: readonly SeriesKey[];
  readonly streams: readonly StreamKey[];
  readonly runs: readonly (Run & { readonly stream: number })[];
  readonly readings: readonly PackedReading[];
  readonly events: readonly {
    readonly stream: number;
    readonly seq: number;
    readonly index: number;
    readonly at: number;
    readonly body: string;
  }[];
  readonly quarantine: readonly QuarantineRow[];
  readonly records: readonly RecordRow[];
  readonly stale: readonly string[];
}

export interface PackedResult {
  /** Positions in `readings` of the batch. */
  readonly conflicts: readonly number[];
  readonly added: number;
  /** Positions in `records` of the batch. */
  readonly recordConflicts: readonly number[];
}

/** Gives equal keys the same position in `list`. */
class Positions<Key> {
  readonly list: Key[] = [];
  readonly #byName = new Map<string, number>();

  of(name: string, key: () => Key): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const position = this.list.push(key()) - 1;
    this.#byName.set(name, position);
    return position;
  }
}

/** Throws StoreError for a number that SQLite or JSON would silently turn into null, and for a body that is not JSON. */
export function pack(batch: Batch): PackedBatch {
  const series = new Positions<SeriesKey>();
  const streams = new Positions<StreamKey>();
  const streamOf = ({ site, device, stream }: Pick<StoredFrame, 'site' | 'device' | 'stream'>) =>
    streams.of(`${site}/${device}/${stream}`, () => ({ site, device, name: stream }));

  const readings = batch.readings.map((reading) =>
    packReading(
      reading,
      series.of(seriesName(reading), () => seriesKey(reading)),
      streamOf(reading),
    ),
  );
  const events = batch.events.map((entry) => ({
    stream: streamOf(entry),
    seq: finite(entry.seq, entry, 'seq'),
    index: entry.index,
    at: finite(entry.at, entry, 'at'),
    body: JSON.stringify(entry.event),
  }));
  const quarantine = batch.quarantine.map(packEntry);
  const runs = [
    ...packFrames(batch.frames, streamOf),
    ...(batch.runs ?? []).map((run) => packRun(run, streamOf(run))),
  ];
  return {
    series: series.list,
    streams: streams.list,
    runs,
    readings,
    events,
    quarantine,
    records: batch.records.map(packRecord),
    stale: batch.stale,
  };
}

/** Puts the refused readings and records back as they were given. */
export function unpackResult(result: PackedResult, batch: Batch): CommitResult {
  const conflicts = result.conflicts.flatMap((position) => batch.readings[position] ?? []);
  const recordConflicts = result.recordConflicts.flatMap(
    (position) => batch.records[position] ?? [],
  );
  return { conflicts, added: result.added, recordConflicts };
}

/** Throws for a code that no version of this program wrote. */
export function unpackReading(series: SeriesKey, row: ReadingRow): StoredReading {
  const [at, value, raw, quality, why, clock, stream, seq, receivedAfterMs] = row;
  return {
    site: series.site,
    device: series.device,
    asset: series.asset,
    quantity: series.quantity,
    at,
    value,
    raw,
    quality: toWord(qualityWords, quality),
    why: why === null ? null : toWord(whyWords, why),
    clock: toWord(clockWords, clock),
    stream,
    seq,
    receivedAt: at + receivedAfterMs,
  };
}

function seriesName({ site, device, asset, quantity }: SeriesKey): string {
  return `${site}/${device}/${asset}/${quantity}`;
}

function seriesKey({ site, device, asset, quantity }: SeriesKey): SeriesKey {
  return { site, device, asset, quantity };
}

function packReading(reading: StoredReading, series: number, stream: number): PackedReading {
  const { value, raw, why } = reading;
  return [
    series,
    finite(reading.at, reading, 'at'),
    value === null ? null : finite(value, reading, 'value'),
    raw === null ? null : finite(raw, reading, 'raw'),
    toCode(qualityWords, reading.quality),
    why === null ? null : toCode(whyWords, why),
    toCode(clockWords, reading.clock),
    stream,
    finite(reading.seq, reading, 'seq'),
    finite(reading.receivedAt, reading, 'receivedAt') - reading.at,
  ];
}

function packFrames(
  frames: readonly StoredFrame[],
  streamOf: (frame: StoredFrame) => number,
): (Run & { stream: number })[] {
  const byStream = new Map<number, StoredFrame[]>();
  for (const frame of frames) {
    finite(frame.seq, frame, 'seq');
    finite(frame.at, frame, 'at');
    const stream = streamOf(frame);
    const others = byStream.get(stream);
    if (others === undefined) byStream.set(stream, [frame]);
    else others.push(frame);
  }
  return [...byStream].flatMap(([stream, frames]) =>
    toRuns(frames).map((run) => ({ ...run, stream })),
  );
}

function packRun(run: SeqRun, stream: number): Run & { stream: number } {
  const { first, last, firstAt, lastAt } = run;
  const ends = { first, last, firstAt, lastAt };
  for (const [field, value] of Object.entries(ends)) finite(value, run, field);
  return { ...ends, stream };
}

/** Throws StoreError for a field that JSON would silently turn into null. */
export function checkDerived(
  { measurement, key }: DerivedKey,
  rows: readonly DerivedRow[],
  replacing: Span | undefined,
): void {
  for (const end of [replacing?.from, replacing?.to])
    if (end !== undefined && !Number.isFinite(end))
      throw notFinite(`an end of the span to replace in ${measurement} ${key}`, end);
  for (const { at, fields } of rows)
    for (const [field, value] of [['at', at], ...Object.entries(fields)])
      if (typeof value === 'number' && !Number.isFinite(value))
        throw notFinite(`${field} of ${measurement} ${key} at ${at}`, value);
}

function finite(value: number, where: Partial<StoredReading>, field: string): number {
  if (Number.isFinite(value)) return value;
  const name = [where.site, where.device, where.asset, where.quantity].filter(Boolean).join('/');
  throw notFinite(`${field} of ${name} at ${where.at}`, value);
}
