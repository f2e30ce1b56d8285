import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { replaceFileSync, syncFile, syncFolder } from '../../atomic-file.ts';
import { RangeSet } from '../../link/range-set.ts';
import { copyAside, readWhole, renameAside, syncFileSync, writeAll } from './files.ts';
import { loadSegments, type DamagedSegment } from './load.ts';
import { encodeRecord, type RecordKind } from './record.ts';
import {
  type Damage,
  emptySegment,
  encodeHeader,
  noteRecord,
  readableLines,
  readSegment,
  type Segment,
} from './segment.ts';

/** A record as a reader gets it. */
export interface StoredRecord {
  readonly position: number;
  readonly body: string;
}

export type ReadTrouble =
  | { readonly kind: 'damaged'; readonly segment: Segment }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface SegmentLogSettings {
  readonly folder: string;
  readonly kind: Exclude<RecordKind, 'H'>;
  readonly segmentBytes: number;
}

/** The file that is being written. */
interface Active {
  readonly segment: Segment;
  readonly file: number;
  readonly stream: string;
}

const suffixes = { F: '.frames', D: '.waiting' } as const;

/**
 * Records in rising positions, in append-only files. Memory holds what `Segment` says; everything else is read from
 * disk when asked for. Whatever the disk refuses is thrown, and leaves the log as it was before the call.
 */
export class SegmentLog {
  readonly #settings: SegmentLogSettings;
  #segments: Segment[] = [];
  #active: Active | undefined;
  /** Files with records that may not be on the disk itself yet, and their length at the last write. */
  readonly #unsynced = new Map<string, number>();

  constructor(settings: SegmentLogSettings) {
    this.#settings = settings;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get frames(): number {
    return this.#segments.reduce((sum, { held }) => sum + held.size, 0);
  }

  /** Highest position that was ever in these files; 0 if there are none. */
  get last(): number {
    return this.#segments.at(-1)?.last ?? 0;
  }

  /** Reads what is there and changes nothing. Throws `NewerSpool`. Answers what cannot be read. */
  load(): DamagedSegment[] {
    const { segments, damaged } = loadSegments(this.#paths(), suffixes[this.#settings.kind]);
    this.#segments = segments;
    // A killed process may have left them to the cache.
    for (const { path, bytes } of segments) this.#unsynced.set(path, bytes);
    return damaged;
  }

  /** Takes a record away whose writing never completed: once other files follow, it would count as damage. */
  cutTorn(): void {
    const newest = this.#segments.at(-1);
    if (newest !== undefined && statSync(newest.path).size > newest.bytes)
      truncateSync(newest.path, newest.bytes);
  }

  /** Removes files that `load` found to hold nothing, but for damaged ones, which are renamed. */
  tidy(damaged: readonly DamagedSegment[]): void {
    const known = new Set(this.#segments.map(({ path }) => path));
    const bad = new Set(damaged.map(({ segment }) => segment.path));
    for (const path of this.#paths().filter((path) => !known.has(path))) {
      if (bad.has(path)) renameAside(path);
      else unlinkSync(path);
    }
  }

  #paths(): string[] {
    const { folder, kind } = this.#settings;
    const names = readdirSync(folder).filter((name) => name.endsWith(suffixes[kind]));
    return names.toSorted().map((name) => join(folder, name));
  }

  /** Writes one record; a kill of the process from here on does not lose it. A file holds one stream. */
  append(position: number, body: string, stream: string): void {
    const line = encodeRecord(this.#settings.kind, position, body);
    if (this.#active?.stream !== stream) this.seal();
    const active = this.#active ?? this.#create(position, stream);
    const { segment, file } = active;
    try {
      writeAll(file, line, segment.bytes);
    } catch (error) {
      this.#abandon(active);
      throw error;
    }
    noteRecord(segment, position, segment.bytes);
    segment.bytes += line.length;
    this.#unsynced.set(segment.path, segment.bytes);
    if (segment.bytes >= this.#settings.segmentBytes) this.seal();
  }

  /** The next record goes into a new file. */
  seal(): void {
    if (this.#active !== undefined) closeSync(this.#active.file);
    this.#active = undefined;
  }

  /** Visits held records from `position` on until `visit` answers false; a file that cannot be read is left out. */
  read(position: number, visit: (record: StoredRecord) => boolean): ReadTrouble | undefined {
    let trouble: ReadTrouble | undefined;
    let goOn = true;
    for (const segment of this.#segments) {
      if (!goOn) break;
      if (segment.last < position || segment.held.empty) continue;
      try {
        const whole = readSegment(segment, position, (record, line) => {
          if (!segment.held.has(record.position)) return true;
          const body = line.toString('utf8', record.bodyStart);
          goOn = visit({ position: record.position, body });
          return goOn;
        });
        if (!whole) return { kind: 'damaged', segment };
      } catch (error) {
        trouble = { kind: 'failed', error };
      }
    }
    return trouble;
  }

  /** Lets go of positions. Answers how many were held. */
  free(first: number, last: number): number {
    let freed = 0;
    for (const { held, ...segment } of this.#segments) {
      if (segment.last < first || segment.first > last) continue;
      freed += held.size;
      held.remove(first, last);
      freed -= held.size;
    }
    return freed;
  }

  /** Removes files of which nothing is held, and that end before `before`. */
  sweep(before: number): void {
    for (const segment of this.#segments)
      if (segment.held.empty && segment.last < before && segment !== this.#active?.segment)
        this.remove(segment);
  }

  remove(segment: Segment): void {
    if (segment === this.#active?.segment) this.seal();
    unlinkSync(segment.path);
    this.#segments = this.#segments.filter((other) => other !== segment);
    this.#unsynced.delete(segment.path);
  }

  /** Replaces neighbours by one thinned file with these records. */
  rewrite(segments: readonly Segment[], records: readonly StoredRecord[]): Segment | undefined {
    const [target] = segments;
    if (target === undefined) return undefined;
    const { kind } = this.#settings;
    const lines = records.map(({ position, body }) => encodeRecord(kind, position, body));
    replaceFileSync(target.path, Buffer.concat([encodeHeader(true), ...lines]));
    const replaced = emptySegment(target.path, target.first, true);
    replaced.bytes = encodeHeader(true).length;
    for (const [index, line] of lines.entries()) {
      noteRecord(replaced, records[index]?.position ?? 0, replaced.bytes);
      replaced.bytes += line.length;
    }
    const others = segments.slice(1);
    this.#segments = this.#segments.map((other) => (other === target ? replaced : other));
    for (const other of others) this.remove(other);
    return replaced;
  }

  /** What of a file cannot be read any more. Throws when the disk does. */
  inspect({ path, first, last }: Segment): readonly Damage[] {
    const { segment, damages } = readWhole(path, first);
    const told = damages.some(({ before }) => before === undefined);
    // Without its line feed a last record looks as if it had never been finished.
    if (segment.last >= last || told) return damages;
    return [...damages, { after: segment.last, before: undefined, lines: 1 }];
  }

  /** Gives up a file that the disk cannot read, and leaves it to people. */
  setAside(segment: Segment): void {
    if (segment === this.#active?.segment) this.seal();
    renameAside(segment.path);
    this.#segments = this.#segments.filter((other) => other !== segment);
    this.#unsynced.delete(segment.path);
  }

  /** Keeps a damaged file aside and goes on with what can be read of it. */
  mend(segment: Segment): Segment {
    if (segment === this.#active?.segment) this.seal();
    const good = readableLines(readFileSync(segment.path));
    copyAside(segment.path);
    replaceFileSync(segment.path, Buffer.concat([encodeHeader(segment.thinned), ...good]));
    const mended = readWhole(segment.path, segment.first).segment;
    const acknowledged = new RangeSet();
    for (const { first, last } of mended.held.ranges) acknowledged.add(first, last);
    for (const { first, last } of segment.held.ranges) acknowledged.remove(first, last);
    for (const { first, last } of acknowledged.ranges) mended.held.remove(first, last);
    this.#segments = this.#segments.map((other) => (other === segment ? mended : other));
    return mended;
  }

  /** Makes everything written so far survive a power cut. */
  async sync(): Promise<void> {
    const files = [...this.#unsynced];
    for (const [path, bytes] of files) {
      await syncFile(path).catch(ignoreRemoved);
      if (this.#unsynced.get(path) === bytes) this.#unsynced.delete(path);
    }
    if (files.length > 0) await syncFolder(this.#settings.folder);
  }

  /** The same at once. */
  syncNow(): void {
    for (const path of this.#unsynced.keys()) syncFileSync(path);
    this.#unsynced.clear();
  }

  #create(first: number, stream: string): Active {
    const { folder, kind } = this.#settings;
    const path = join(folder, `${String(first).padStart(16, '0')}${suffixes[kind]}`);
    const segment = emptySegment(path, first, false);
    const file = openSync(path, 'wx');
    const active = { segment, file, stream };
    const header = encodeHeader(false);
    try {
      writeAll(file, header, 0);
    } catch (error) {
      closeSync(file);
      unlinkSync(path);
      throw error;
    }
    segment.bytes = header.length;
    this.#segments.push(segment);
    this.#active = active;
    return active;
  }

  /** After a failed write: what may stand half written behind the good part is cut off, now or at the next start. */
  #abandon({ segment, file }: Active): void {
    try {
      ftruncateSync(file, segment.bytes);
    } catch {
      // The disk refuses this too; the half record has no line feed, so the next start cuts it.
    }
    this.seal();
    if (segment.held.empty && segment.last < segment.first) this.remove(segment);
  }
}

function ignoreRemoved(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
