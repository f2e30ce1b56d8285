import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { claimTables } from '#gateway/contract';
import { Findings } from './findings.ts';
import { ClaimFolder } from './folder.ts';
import { readTable } from './table.ts';

const dir = mkdtempSync(join(tmpdir(), 'kadoru-table-'));
afterAll(() => rmSync(dir, { recursive: true }));
const head = claimTables.heads.columns.join(',');
const leaf = 'a'.repeat(64);

async function read(bytes: string | Uint8Array) {
  writeFileSync(join(dir, 'heads.csv'), bytes);
  const findings = new Findings();
  const rows = [];
  const reading = { folder: new ClaimFolder(dir), findings, label: '' };
  for await (const row of readTable(reading, claimTables.heads)) rows.push(row);
  return { rows, found: findings.kept.map(({ row, what }) => [row, what.split(' ')[0]]) };
}

test('rows with their places', async () => {
  const { rows, found } = await read(`${head}\na/b/c,2026-04-01,1,${leaf},\n`);
  expect(rows).toEqual([
    {
      row: 2,
      cells: { register: 'a/b/c', day: '2026-04-01', revision: '1', leaf, note: '' },
    },
  ]);
  expect(found).toEqual([]);
});

test.each([
  ['', [[undefined, '列']]],
  ['a,b\n', [[1, '列']]],
  [`${head}\na/b/c,2026-04-01,1,${leaf},`, [[2, '読めません']]],
  [`${head}\n"a/b/c",2026-04-01,1,${leaf},\n`, [[2, '書式']]],
  [`${head}\na/b/c,2026-04-01,1,${leaf}\n`, [[2, '書式']]],
  [
    `${head}\na/b/c,2026-04-31,01,${leaf},\n`,
    [
      [2, '書式'],
      [2, '書式'],
    ],
  ],
  [`${head}\n\n`, [[2, '書式']]],
  [`${head}\nb/b/c,2026-04-01,1,${leaf},\na/b/c,2026-04-01,1,${leaf},\n`, [[3, '順序']]],
  [`${head}\na/b/c,2026-04-01,1,${leaf},\na/b/c,2026-04-02,1,${leaf},\n`, [[3, '順序']]],
  [`${head}\na/b/c,2026-04-01,1,${leaf},試験用\n`, [[2, '表示']]],
])('a mistake in %j', async (text, places) => {
  expect((await read(text)).found).toEqual(places);
});

test('what is no text, and what has no end', async () => {
  expect((await read(Uint8Array.of(0xff, 0x0a))).found).toEqual([[1, '読めません']]);
  expect((await read('x'.repeat(300_000))).found).toEqual([[1, '読めません']]);
});

test('any bytes: read or found fault with, never thrown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const { found } = await read(bytes);
      expect(found.length).toBeGreaterThan(0);
    }),
    { numRuns: 50 },
  );
});
