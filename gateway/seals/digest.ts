import { hash } from 'node:crypto';
import { halfHourMs } from '../energy/calendar.ts';
import { dayMs, japanMidnight } from '../energy/japan-day.ts';
import type { StoredReading } from '../store/port.ts';

const digestBytes = 32;
const halfHoursOfDay = dayMs / halfHourMs;
/** The 48 digests of a day, one after the other. */
export const dayBytes = halfHoursOfDay * digestBytes;

type Measured = Pick<StoredReading, 'at' | 'value' | 'raw' | 'quality' | 'why' | 'clock'>;

/**
 * What a seal covers of a reading: what was measured and when. How and when it came here (stream, seq, receivedAt) is
 * in no seal: the same reading sent twice is the same reading.
 */
export function readingLine({ at, value, raw, quality, why, clock }: Measured): string {
  return `${at} ${value ?? '-'} ${raw ?? '-'} ${quality} ${why ?? '-'} ${clock}\n`;
}

/**
 * SHA-256 of a half hour's reading lines, oldest first, a byte a character: made a million times over, twice as fast as
 * buffers.
 */
function halfHourDigest(register: string, startMs: number, lines: string): string {
  return hash('sha256', `kadoru half hour 1\n${register}\n${startMs}\n${lines}`, 'binary');
}

/** A day of a register as it is stored: the midnight in Japan it begins at, and its 48 digests. */
export interface DayDigests {
  readonly day: number;
  readonly digests: Buffer;
}

export const emptyDay: Buffer = Buffer.alloc(dayBytes);

/** Gathers readings of one register, given oldest first, into digests of days. Holds one half hour's lines. */
export class Digester {
  readonly #register: string;
  #start = Number.NEGATIVE_INFINITY;
  #end = Number.NEGATIVE_INFINITY;
  #lines = '';
  #open: DayDigests | undefined;

  constructor(register: string) {
    this.#register = register;
  }

  /** Answers the day that the reading has ended, if it has; days without readings are not told. */
  take(reading: Measured): DayDigests | undefined {
    if (reading.at < this.#end) {
      this.#lines += readingLine(reading);
      return undefined;
    }
    this.#close();
    this.#start = Math.floor(reading.at / halfHourMs) * halfHourMs;
    this.#end = this.#start + halfHourMs;
    this.#lines = readingLine(reading);
    const day = japanMidnight(reading.at);
    const before = this.#open;
    if (before?.day === day) return undefined;
    this.#open = { day, digests: Buffer.alloc(dayBytes) };
    return before;
  }

  /** The last day. */
  end(): DayDigests | undefined {
    this.#close();
    const last = this.#open;
    this.#open = undefined;
    return last;
  }

  #close(): void {
    if (this.#open === undefined || this.#lines === '') return;
    const digest = halfHourDigest(this.#register, this.#start, this.#lines);
    const place = ((this.#start - this.#open.day) / halfHourMs) * digestBytes;
    this.#open.digests.write(digest, place, 'binary');
    this.#lines = '';
  }
}

/** Starts of the half hours whose digests differ. */
export function differingHalfHours(day: number, one: Buffer, other: Buffer): number[] {
  if (one.equals(other)) return [];
  if (one.equals(other)) return [];
  return Array.from({ length: halfHoursOfDay }, (_, index) => index)
    .filter((index) => !digestAt(one, index).equals(digestAt(other, index)))
    .map((index) => day + index * halfHourMs);
}

function digestAt(digests: Buffer, index: number): Buffer {
  return digests.subarray(index * digestBytes, (index + 1) * digestBytes);
}
