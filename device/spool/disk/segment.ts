import { closeSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import { maxMessageBytes } from '#device/contract';
import { RangeSet } from '../../link/range-set.ts';
import { decodeRecord, eachLine, encodeRecord, type SpoolRecord } from './record.ts';

/** The form of the files. A newer program may change everything behind the header line. */
export const spoolVersion = 1;
/** One offset is remembered per this many bytes: reading starts at most this far before what it looks for. */
const markBytes = 32_768;

const headerSchema = z.looseObject({
  version: z.int().positive(),
  thinned: z.boolean().optional(),
});

/** What is known in memory about one file: a few hundred bytes, however many records it holds. */
export interface Segment {
  readonly path: string;
  /** No record of this file has a lower position. It is also the name of the file. */
  readonly first: number;
  /** Highest position that was read or written; `first - 1` if none. */
  last: number;
  /** Length of the file as far as it is good. */
  bytes: number;
  /** Positions that are in the file and not acknowledged. */
  readonly held: RangeSet;
  readonly marks: { readonly position: number; readonly offset: number }[];
  readonly thinned: boolean;
}

/** Lines that were written and cannot be read, between two positions that can (or the ends of the file). */
export interface Damage {
  readonly after: number;
  readonly before: number | undefined;
  readonly lines: number;
}

export type Scanned =
  | { readonly kind: 'newer'; readonly version: number }
  | {
      readonly kind: 'read';
      readonly segment: Segment;
      /** A torn last line is not among them: usually its writing never completed. */
      readonly damages: readonly Damage[];
      readonly torn: boolean;
    };

export function encodeHeader(thinned: boolean): Buffer {
  return encodeRecord(
    'H',
    0,
    JSON.stringify({ version: spoolVersion, ...(thinned && { thinned }) }),
  );
}

/** Notes a record that stands at `offset` of its file. */
export function noteRecord(segment: Segment, position: number, offset: number): void {
  segment.held.add(position);
  segment.last = position;
  const mark = segment.marks.at(-1);
  if (mark === undefined || offset - mark.offset >= markBytes)
    segment.marks.push({ position, offset });
}

export function emptySegment(path: string, first: number, thinned: boolean): Segment {
  return { path, first, last: first - 1, bytes: 0, held: new RangeSet(), marks: [], thinned };
}

/** Reads what a file holds. Whatever the bytes are, the answer is a value. */
export function scanSegment(path: string, first: number, bytes: Buffer): Scanned {
  const header = headerOf(bytes);
  if (header !== undefined && header.version > spoolVersion)
    return { kind: 'newer', version: header.version };
  const segment = emptySegment(path, first, header?.thinned === true);
  const damages: Damage[] = [];
  let badLines = 0;
  const close = (before: number | undefined): void => {
    if (badLines > 0) damages.push({ after: segment.last, before, lines: badLines });
    badLines = 0;
  };
  segment.bytes = eachLine(bytes, (line, offset) => {
    const record = decodeRecord(line);
    if (record?.kind === 'H') return true;
    if (record === undefined || record.position <= segment.last) {
      badLines += 1;
      return true;
    }
    close(record.position);
    noteRecord(segment, record.position, offset);
    return true;
  });
  close(undefined);
  return { kind: 'read', segment, damages, torn: segment.bytes < bytes.length };
}

/** The records of a damaged file that can be read, as they stand there. */
export function readableLines(bytes: Buffer): Buffer[] {
  const good: Buffer[] = [];
  let last = 0;
  eachLine(bytes, (line, offset) => {
    const record = decodeRecord(line);
    if (record === undefined || record.kind === 'H' || record.position <= last) return true;
    last = record.position;
    good.push(bytes.subarray(offset, offset + line.length + 1));
    return true;
  });
  return good;
}

function headerOf(bytes: Buffer): z.infer<typeof headerSchema> | undefined {
  let header: z.infer<typeof headerSchema> | undefined;
  eachLine(bytes, (line) => {
    const record = decodeRecord(line);
    if (record?.kind === 'H') header = parseHeader(line.toString('utf8', record.bodyStart));
    return false;
  });
  return header;
}

function parseHeader(body: string): z.infer<typeof headerSchema> | undefined {
  try {
    return headerSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined; // the caller treats it as any other line that cannot be read
  }
}

/** One for all reading, which is synchronous: twice the longest frame with its head, so that a line always fits. */
const window = Buffer.allocUnsafe(2 * maxMessageBytes);

/**
 * Visits the records from `position` on until `visit` answers false. Throws when the disk does. Answers false if lines
 * were met that cannot be read.
 */
export function readSegment(
  segment: Segment,
  position: number,
  visit: (record: SpoolRecord, line: Buffer) => boolean,
): boolean {
  let offset = segment.marks.findLast((mark) => mark.position <= position)?.offset ?? 0;
  let stopped = false;
  let whole = true;
  const file = openSync(segment.path, 'r');
  try {
    while (offset < segment.bytes) {
      const length = Math.min(window.length, segment.bytes - offset);
      const read = readSync(file, window, 0, length, offset);
      const used = eachLine(window.subarray(0, read), (line) => {
        const record = decodeRecord(line);
        if (record === undefined) whole = false;
        else if (record.kind !== 'H' && record.position >= position) stopped = !visit(record, line);
        return !stopped;
      });
      if (stopped) return whole;
      // Nothing but one endless line, or a file that has become shorter.
      if (used === 0) return false;
      offset += used;
    }
  } finally {
    closeSync(file);
  }
  return whole;
}
