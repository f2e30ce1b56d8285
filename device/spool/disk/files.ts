import {
  closeSync,
  copyFileSync,
  fdatasyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { NewerSpool } from './newer-spool.ts';
import { type Scanned, scanSegment } from './segment.ts';

const asideSuffix = '.corrupt';
/** Damaged files that are kept for people; later ones are mended without a copy. */
const maxAside = 8;

/** Reads a whole file. Throws `NewerSpool`, and when the disk does. */
export function readWhole(path: string, first: number): Extract<Scanned, { kind: 'read' }> {
  const scanned = scanSegment(path, first, readFileSync(path));
  if (scanned.kind === 'read') return scanned;
  throw new NewerSpool(path, scanned.version);
}

/** Writes all of it at `offset`, however many calls that takes. Throws when the disk does. */
export function writeAll(file: number, bytes: Buffer, offset: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(file, bytes, done, bytes.length - done, offset + done);
}

export function syncFileSync(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Keeps what is damaged for people, within a bound. */
export function copyAside(path: string): void {
  const kept = readdirSync(dirname(path)).filter((name) => name.endsWith(asideSuffix)).length;
  if (kept < maxAside) copyFileSync(path, `${path}.${kept + 1}${asideSuffix}`);
}

/** Leaves to people what cannot be read at all. */
export function renameAside(path: string): void {
  renameSync(path, `${path}${asideSuffix}`);
}
