import { mkdirSync } from 'node:fs';
import { replaceFileSync } from '../../atomic-file.ts';
import type { Stamp } from '../../clock/stamper.ts';
import type { Streams } from '../streams.ts';
import { encodeNote, type Identity } from './note.ts';
import type { SpoolPaths } from './recover.ts';

/** Positions reserved at once: one small synced write per so many frames, and at most so many skipped. */
const blockPositions = 1_024;

interface Start {
  readonly paths: SpoolPaths;
  readonly streams: Streams;
  readonly next: number;
  readonly syncedTo: number;
  readonly last: Stamp | undefined;
  /** The folder could not be made at the start. */
  readonly folderMissing: boolean;
  readonly newStreamId: () => string;
}

/**
 * Gives positions, and with them sequence numbers, none of them twice whatever is cut when: a block is on disk as
 * reserved before its first number is used. While that fails, numbers come from a new stream that no disk knows.
 */
export class Numbers {
  readonly streams: Streams;
  readonly #start: Start;
  #folderMissing: boolean;
  #next: number;
  #reservedTo: number;
  /** Whether the disk knows the stream in use. */
  #known = false;
  syncedTo: number;
  last: Stamp | undefined;

  constructor(start: Start) {
    this.#start = start;
    this.streams = start.streams;
    this.#folderMissing = start.folderMissing;
    this.#next = start.next;
    this.#reservedTo = start.next - 1;
    this.syncedTo = start.syncedTo;
    this.last = start.last;
  }

  get next(): number {
    return this.#next;
  }

  get known(): boolean {
    return this.#known;
  }

  /** Whether records may be written: never into a folder that others filled since the start. */
  get folderReady(): boolean {
    return !this.#folderMissing;
  }

  /** The next position, reserved. Answers the error as well if the disk refused; then the stream is a new one. */
  claim(oldestUnstamped: number): { readonly position: number; readonly error: unknown } {
    const position = this.#next;
    const error = position <= this.#reservedTo ? undefined : this.#tryReserve();
    if (error !== undefined) this.#leaveDisk(oldestUnstamped);
    this.#next += 1;
    return { position, error };
  }

  /** Frames stamped from here on, `oldestUnstamped` the first, count from 1. Answers the error if the disk refused. */
  startStream(oldestUnstamped: number): unknown {
    this.#leaveDisk(oldestUnstamped);
    this.last = undefined;
    return this.#tryReserve();
  }

  /** Puts the stream in use and a block of numbers on disk. Throws when the disk does. */
  reserve(): void {
    this.#makeFolder();
    const reservedTo = this.#next - 1 + blockPositions;
    this.#save({ usedTo: this.syncedTo, reservedTo, clean: false });
    this.#reservedTo = reservedTo;
    this.#known = true;
  }

  /** The last act: nothing was used beyond `next`. Throws when the disk does. */
  finish(): void {
    this.#save({ usedTo: this.#next - 1, reservedTo: this.#next - 1, clean: true });
  }

  #tryReserve(): unknown {
    try {
      this.reserve();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #leaveDisk(oldestUnstamped: number): void {
    this.streams.start({ id: this.#start.newStreamId(), base: oldestUnstamped - 1 });
    this.#reservedTo = Infinity;
    this.#known = false;
  }

  #save(state: Pick<Identity, 'usedTo' | 'reservedTo' | 'clean'>): void {
    const { id: stream, base } = this.streams.current;
    const last = this.last;
    const identity: Identity = { stream, base, ...state, ...(last !== undefined && { last }) };
    replaceFileSync(this.#start.paths.identity, encodeNote(identity));
  }

  #makeFolder(): void {
    if (!this.#folderMissing) return;
    const { folder } = this.#start.paths;
    if (mkdirSync(folder, { recursive: true }) === undefined)
      throw new Error(`${folder} has come after the start: restart this program to use it`);
    this.#folderMissing = false;
  }
}
