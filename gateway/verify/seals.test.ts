import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { midnightOf } from './calendar.ts';
import { Findings } from './findings.ts';
import { ClaimFolder } from './folder.ts';
import type { RowOf } from './rows.ts';
import { checkChain, dayStartOf, digestsOf } from './seals.ts';

const dir = mkdtempSync(join(tmpdir(), 'kadoru-seals-'));
mkdirSync(join(dir, 'digests'));
afterAll(() => rmSync(dir, { recursive: true }));
const register = 'site/pv/generated';
const sha256 = (...parts: (string | Uint8Array)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();

const days: readonly (readonly [string, string, string, number])[] = [
  ['2026-04-01', '1', 'day', 1],
  ['2026-04-02', '1', 'day', 2],
  ['2026-04-01', '2', 'late', 3],
  ['2026-04-03', '1', 'day', 4],
];

/** A chain over days whose digests are all one byte. */
function chain(from: readonly (readonly [string, string, string, number])[] = days) {
  let previous = '0'.repeat(64);
  const digests = from.map(([, , , fill]) => Buffer.alloc(48 * 32, fill));
  const seals = from.map(([day, revision, reason], index): RowOf<'seals'> => {
    const text = `kadoru meter day 1\n${register}\n${day}\n${revision}\n${reason}\n${previous}\n`;
    const leaf = sha256(text, digests[index] ?? Buffer.alloc(0)).toString('hex');
    const cells = {
      register,
      number: String(index + 1),
      day,
      revision,
      reason,
      previous,
      leaf,
      note: '' as const,
    };
    previous = leaf;
    return { row: index + 2, cells };
  });
  return { seals, bytes: Buffer.concat(digests) };
}

async function checked({ seals, bytes }: ReturnType<typeof chain>) {
  writeFileSync(join(dir, 'digests/site.pv.generated.bin'), bytes);
  const findings = new Findings();
  const last = seals.at(-1)?.cells;
  const head =
    last === undefined
      ? undefined
      : {
          row: 2,
          cells: {
            register,
            day: last.day,
            revision: last.revision,
            leaf: last.leaf,
            note: '' as const,
          },
        };
  const sealed = await checkChain(register, seals, head, () => true, {
    folder: new ClaimFolder(dir),
    findings,
  });
  return {
    sealed,
    found: findings.kept.map(({ file, row, what }) => [file, row, what.split(' ')[0]]),
  };
}

test('of a day the last revision counts', async () => {
  const { sealed, found } = await checked(chain());
  expect(found).toEqual([]);
  expect(sealed.days).toBe(3);
  const at = (date: string) => sealed.digestAt(midnightOf(date) + 47 * 1_800_000);
  expect(at('2026-04-01')).toBe('03'.repeat(32));
  expect(at('2026-04-02')).toBe('02'.repeat(32));
  expect(at('2026-04-04')).toBeUndefined();
});

test('a day between is missing; a supplement to nothing; a revision twice', async () => {
  const [first, second, late] = days;
  if (first === undefined || second === undefined || late === undefined) throw new Error('days');
  expect((await checked(chain([first, ['2026-04-03', '1', 'day', 2]]))).found).toEqual([
    ['seals.csv', 3, '日'],
  ]);
  expect((await checked(chain([late]))).found).toEqual([
    ['seals.csv', 2, '改訂'],
    ['seals.csv', 2, '理由'],
  ]);
  expect((await checked(chain([first, second, late, late]))).found).toEqual([
    ['seals.csv', 5, '改訂'],
  ]);
});

test('digests that are too few, too many, or cut', async () => {
  const { seals, bytes } = chain();
  const file = 'digests/site.pv.generated.bin';
  expect((await checked({ seals, bytes: bytes.subarray(1_536) })).found).toContainEqual([
    'seals.csv',
    5,
    'ダイジェスト',
  ]);
  expect((await checked({ seals, bytes: Buffer.concat([bytes, bytes]) })).found).toEqual([
    [file, undefined, '長さ'],
  ]);
  expect((await checked({ seals, bytes: Buffer.concat([bytes, Buffer.alloc(5)]) })).found).toEqual([
    [file, undefined, '長さ'],
  ]);
});

test('a half hour is its readings in words', () => {
  const at = midnightOf('2026-04-01');
  const line = `${at} 5 1.5 uncertain stale synced\n${at + 60_000} - - bad no-data estimated\n`;
  const base = { register, note: '' } as const;
  const readings = [
    {
      ...base,
      at: '2026-04-01T00:00:00+09:00',
      value: '5',
      raw: '1.5',
      quality: 'uncertain',
      why: 'stale',
      clock: 'synced',
    },
    {
      ...base,
      at: '2026-04-01T00:01:00+09:00',
      value: '',
      raw: '',
      quality: 'bad',
      why: 'no-data',
      clock: 'estimated',
    },
  ] as const;
  const digests = digestsOf(
    register,
    readings.map((cells, row) => ({ row, cells })),
  );
  expect([...digests]).toEqual([
    [at, sha256(`kadoru half hour 1\n${register}\n${at}\n${line}`).toString('hex')],
  ]);
  expect(dayStartOf(at + 86_399_999)).toBe(at);
  expect(dayStartOf(at - 1)).toBe(midnightOf('2026-03-31'));
});
