import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes the files of a claim folder from rows: a second opinion on `kadoru-claim/1`, written from its description alone and
 * sharing nothing with the gateway or with what checks claims.
 */
const halfHourMs = 1_800_000;
const dayMs = 48 * halfHourMs;
const japanMs = 9 * 3_600_000;

export function instant(at: number): string {
  return new Date(at + japanMs).toISOString().replace(/(\.000)?Z$/, '+09:00');
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

export function csv(columns: string, rows: readonly (readonly (string | number)[])[]): string {
  const lines = rows.map((row) =>
    row
      .map(String)
      .map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
      .join(','),
  );
  return [columns, ...lines].map((line) => `${line}\n`).join('');
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function write(dir: string, path: string, content: string | Uint8Array): void {
  mkdirSync(join(dir, path, '..'), { recursive: true });
  writeFileSync(join(dir, path), content);
}

/** Manifest and signature over whatever lies in the folder. */
export function signFolder(dir: string, privateKey: KeyObject): void {
  const paths = readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('manifest.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .toSorted((a, b) => (a < b ? -1 : 1));
  const files = paths.map((path) => {
    const content = readFileSync(join(dir, path));
    return { path, bytes: content.length, sha256: sha256(content) };
  });
  const keyId = sha256(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
  const manifest = json({ format: 'kadoru-claim/1', files, keyId });
  write(dir, 'manifest.json', manifest);
  write(
    dir,
    'manifest.sig',
    `${sign(null, Buffer.from(manifest), privateKey).toString('base64')}\n`,
  );
}

export interface Reading {
  readonly at: number;
  readonly wh: number;
}

/** The readings of every half hour that holds one of the two next to an instant. */
export function bracketing(readings: readonly Reading[], instants: readonly number[]): Reading[] {
  const halves = new Set<number>();
  for (const instant of instants)
    for (const reading of [
      readings.findLast(({ at }) => at <= instant),
      readings.find(({ at }) => at >= instant),
    ])
      if (reading !== undefined) halves.add(Math.floor(reading.at / halfHourMs));
  return readings.filter(({ at }) => halves.has(Math.floor(at / halfHourMs)));
}

export interface Chain {
  /** Rows of `seals.csv`. */
  readonly rows: readonly (readonly (string | number)[])[];
  readonly digests: Uint8Array;
}

/** One seal per day from the first reading's on; kept are those from `keptFrom` to `until` (midnights, the last one excluded). */
export function chainOf(
  register: string,
  readings: readonly Reading[],
  { keptFrom, until, note }: { keptFrom: number; until: number; note: string },
): Chain {
  const rows: (string | number)[][] = [];
  const digests: Buffer[] = [];
  const byHalf = new Map<number, string>();
  for (const { at, wh } of readings) {
    const start = at - (at % halfHourMs);
    byHalf.set(start, `${byHalf.get(start) ?? ''}${at} ${wh} - good - synced\n`);
  }
  let previous = '0'.repeat(64);
  for (let day = midnight(readings[0]?.at ?? until); day < until; day += dayMs) {
    const name = instant(day).slice(0, 10);
    const ofDay = Buffer.concat(
      Array.from({ length: 48 }, (_, index) => {
        const start = day + index * halfHourMs;
        const lines = byHalf.get(start);
        if (lines === undefined) return Buffer.alloc(32);
        return Buffer.from(sha256(`kadoru half hour 1\n${register}\n${start}\n${lines}`), 'hex');
      }),
    );
    const head = `kadoru meter day 1\n${register}\n${name}\n1\nday\n${previous}\n`;
    const leaf = sha256(Buffer.concat([Buffer.from(head), ofDay]));
    if (day >= keptFrom) {
      rows.push([register, rows.length + 1, name, 1, 'day', previous, leaf, note]);
      digests.push(ofDay);
    }
    previous = leaf;
  }
  return { rows, digests: Buffer.concat(digests) };
}

export function midnight(at: number): number {
  return at - ((at + japanMs) % dayMs);
}
