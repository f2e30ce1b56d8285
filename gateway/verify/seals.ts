import { createHash, type Hash } from 'node:crypto';
import { digestsFile, halfHourTag, meterDayTag } from '#gateway/contract';
import { dayMs, halfHourMs, midnightOf, writeInstant } from './calendar.ts';
import type { Findings } from './findings.ts';
import { type ClaimFolder, messageOf } from './folder.ts';
import type { RowOf } from './rows.ts';

const digestBytes = 32;
const rowBytes = 48 * digestBytes;
/** Of a half hour in which nothing was stored. */
export const emptyDigest = '0'.repeat(64);

/** Digests of half hours, by their start: as they follow from the readings of the claim. */
export function digestsOf(
  register: string,
  readings: readonly RowOf<'readings'>[],
): Map<number, string> {
  const hashes = new Map<number, Hash>();
  for (const { cells } of readings) {
    const at = Date.parse(cells.at);
    const start = Math.floor(at / halfHourMs) * halfHourMs;
    let hash = hashes.get(start);
    if (hash === undefined) {
      hash = createHash('sha256').update(`${halfHourTag}\n${register}\n${start}\n`);
      hashes.set(start, hash);
    }
    const { value, raw, quality, why, clock } = cells;
    hash.update(`${at} ${value || '-'} ${raw || '-'} ${quality} ${why || '-'} ${clock}\n`);
  }
  return new Map([...hashes].map(([start, hash]) => [start, hash.digest('hex')]));
}

/** What the seals of one register say: the digest of a half hour, undefined where no seal covers it. */
export interface Sealed {
  readonly days: number;
  digestAt(start: number): string | undefined;
}

/**
 * Checks one register's chain from its first row to the head: leaves, links, days and revisions. Of the digests only those of days
 * that `isUsed` are kept.
 */
export async function checkChain(
  register: string,
  seals: readonly RowOf<'seals'>[],
  head: RowOf<'heads'> | undefined,
  isUsed: (dayStart: number) => boolean,
  { folder, findings }: { readonly folder: ClaimFolder; readonly findings: Findings },
): Promise<Sealed> {
  const file = 'seals.csv';
  const revisions = new Map<string, number>();
  const kept = new Map<number, Buffer>();
  const digests = rowsOf(folder, digestsFile(register), findings);
  let previous: RowOf<'seals'> | undefined;
  for (const seal of seals) {
    const { cells, row } = seal;
    const place = { file, row };
    const bytes = await digests.next();
    findings.equal(
      place,
      '番号 number',
      String(Number(previous?.cells.number ?? 0) + 1),
      cells.number,
    );
    if (previous !== undefined)
      findings.equal(place, '鎖 link to the leaf before', previous.cells.leaf, cells.previous);
    checkRevision(seal, revisions, findings);
    if (bytes.done !== true) {
      findings.equal(place, '葉 leaf', leafOf(register, cells, bytes.value), cells.leaf);
      if (isUsed(midnightOf(cells.day))) kept.set(midnightOf(cells.day), bytes.value);
    } else findings.equal(place, 'ダイジェスト digests', '48 digests', 'none');
    previous = seal;
  }
  if ((await digests.next()).done !== true)
    findings.add({
      file: digestsFile(register),
      what: '長さ length',
      expected: `${seals.length} rows of ${rowBytes} bytes`,
      found: 'more',
    });
  checkHead(register, previous, head, findings);
  return {
    days: revisions.size,
    digestAt: (start) => {
      const day = dayStartOf(start);
      const at = ((start - day) / halfHourMs) * digestBytes;
      return kept.get(day)?.toString('hex', at, at + digestBytes);
    },
  };
}

export function dayStartOf(at: number): number {
  // 1 January 1970 00:00 Japan time is 15 hours into a day of 24 hours from midnight UTC.
  const shift = midnightOf('1970-01-01');
  return Math.floor((at - shift) / dayMs) * dayMs + shift;
}

function leafOf(
  register: string,
  { day, revision, reason, previous }: RowOf<'seals'>['cells'],
  digests: Buffer,
): string {
  return createHash('sha256')
    .update(`${meterDayTag}\n${register}\n${day}\n${revision}\n${reason}\n${previous}\n`)
    .update(digests)
    .digest('hex');
}

/** Days follow each other, each with revision 1; what comes after is a supplement to a day that has been sealed. */
function checkRevision(
  { cells, row }: RowOf<'seals'>,
  revisions: Map<string, number>,
  findings: Findings,
): void {
  const place = { file: 'seals.csv', row };
  const last = revisions.get(cells.day);
  findings.equal(place, '改訂 revision', String((last ?? 0) + 1), cells.revision);
  findings.equal(place, '理由 reason', last === undefined ? 'day' : 'late', cells.reason);
  if (last === undefined) {
    const newest = [...revisions.keys()].at(-1);
    if (newest !== undefined) {
      const next = writeInstant(midnightOf(newest) + dayMs).slice(0, 10);
      findings.equal(place, '日 day', next, cells.day);
    }
  }
  revisions.set(cells.day, Number(cells.revision));
}

function checkHead(
  register: string,
  last: RowOf<'seals'> | undefined,
  head: RowOf<'heads'> | undefined,
  findings: Findings,
): void {
  const place = { file: 'heads.csv', row: head?.row };
  const said = head && [head.cells.day, head.cells.revision, head.cells.leaf].join(' ');
  const is = last && [last.cells.day, last.cells.revision, last.cells.leaf].join(' ');
  findings.equal(place, `鎖の先頭 head of ${register}`, is ?? 'none', said ?? 'none');
}

/** The digests of one row after another. */
async function* rowsOf(
  folder: ClaimFolder,
  file: string,
  findings: Findings,
): AsyncGenerator<Buffer, undefined> {
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of folder.chunks(file)) {
      rest = Buffer.concat([rest, chunk]);
      const whole = rest.length - (rest.length % rowBytes);
      for (let at = 0; at < whole; at += rowBytes)
        yield Buffer.from(rest.subarray(at, at + rowBytes));
      rest = rest.subarray(whole);
    }
  } catch (error) {
    const found = messageOf(error);
    findings.add({ file, what: '読めません not readable', expected: 'digests', found });
  }
  if (rest.length > 0)
    findings.add({
      file,
      what: '長さ length',
      expected: `rows of ${rowBytes} bytes`,
      found: `${rest.length} bytes more`,
    });
  return undefined;
}
