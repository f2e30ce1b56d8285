import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { signFolder } from './folder-writer.ts';
import { replace, Tampering } from './tampering.ts';

const other = generateKeyPairSync('ed25519');
const bench = new Tampering();
afterAll(() => bench.remove());

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['.build/kadoru-verify.js', ...args], { encoding: 'utf8' });

describe('the program', () => {
  test('verifies an untouched claim, and says that it is a trial', () => {
    const { status, stdout } = run('--key', bench.keyFile, bench.golden);
    expect(stdout).toContain('試験用');
    expect(stdout).toContain('確認 verified: golden-fy2026-1 7 t-CO2');
    expect(status).toBe(0);
  });

  test('needs the key, a claim, and a key that is one', () => {
    expect(run(bench.golden).status).toBe(2);
    expect(run('--key', bench.keyFile).status).toBe(2);
    expect(run('--key', join(bench.golden, 'claim.json'), bench.golden).status).toBe(2);
    expect(run('--key', bench.keyFile, join(bench.top, 'nowhere'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('nowhere'),
    });
  });

  test('names file, row, what was expected and what was found, and ends with 1', () => {
    const dir = join(bench.top, 'shown');
    cpSync(bench.golden, dir, { recursive: true });
    bench.edit('calculation.csv', replace('1014.552,0,1014.552', '1014.552,0,1014.553'))(dir);
    const { status, stdout } = run('--key', bench.keyFile, dir);
    expect(stdout).toContain(
      '!!  calculation.csv 行 row 2: er_kg: 正 expected 1014.552 / 実 found 1014.553',
    );
    expect(status).toBe(1);
  });

  test('needs nothing but the folder and the key', () => {
    const alone = join(bench.top, 'alone');
    cpSync(bench.golden, join(alone, 'claim'), { recursive: true });
    cpSync(bench.keyFile, join(alone, 'key.pem'));
    const program = join(process.cwd(), '.build/kadoru-verify.js');
    const said = execFileSync(process.execPath, [program, '--key', 'key.pem', 'claim'], {
      cwd: alone,
      encoding: 'utf8',
      env: {},
    });
    expect(said).toContain('確認 verified');
  });
});

test('any byte of any file', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 1, max: 255 }),
      async (which, share, flip) => {
        const file = bench.files[which % bench.files.length] ?? '';
        const found = await bench.findingsAfter((dir) => {
          const bytes = readFileSync(join(dir, file));
          const at = Math.floor(share * bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ flip;
          writeFileSync(join(dir, file), bytes);
        });
        const named = file === 'manifest.json' ? 'manifest.sig' : file;
        expect(found.map(({ file }) => file)).toContain(named);
      },
    ),
    { numRuns: 20 },
  );
});

describe('somebody without the key', () => {
  test('a changed reading, the manifest made to fit', async () => {
    const found = await bench.findingsAfter((dir) => {
      const signature = readFileSync(join(dir, 'manifest.sig'));
      bench.edit('readings.csv', replace(',5000000,', ',4000000,'))(dir);
      writeFileSync(join(dir, 'manifest.sig'), signature);
    });
    expect(found).toContainEqual(expect.objectContaining({ file: 'manifest.sig' }));
    expect(found).toContainEqual(
      expect.objectContaining({
        file: 'readings.csv',
        row: bench.rowOf('readings.csv', 'golden/a-pv/generated,2026-04-01T00:00:00'),
        what: expect.stringContaining('golden/a-pv/generated 2026-04-01T00:00:00+09:00'),
      }),
    );
  });

  test('a claim signed anew with another key', async () => {
    const found = await bench.findingsAfter((dir) => signFolder(dir, other.privateKey));
    expect(found.map(({ file }) => file)).toEqual(['manifest.sig', 'manifest.json']);
  });

  test('another claim’s signature, none, and one with something behind it', async () => {
    for (const change of [
      (dir: string) => writeFileSync(join(dir, 'manifest.sig'), `${'A'.repeat(86)}==\n`),
      (dir: string) => rmSync(join(dir, 'manifest.sig')),
      bench.edit('manifest.sig', (text) => `${text}\n`, null),
    ])
      expect((await bench.findingsAfter(change)).map(({ file }) => file)).toContain('manifest.sig');
  });

  test.each(['members.csv', 'summary.json', 'digests/golden.a-pv.generated.bin', 'claim.json'])(
    'without %s',
    async (file) => {
      const found = await bench.findingsAfter((dir) => rmSync(join(dir, file)));
      expect(found).toContainEqual(
        expect.objectContaining({ file, what: '欠落 missing', found: 'none' }),
      );
    },
  );

  test('a file added, in the folder of digests, too', async () => {
    for (const file of ['more.csv', 'digests/more.bin', '.hidden']) {
      const found = await bench.findingsAfter((dir) => writeFileSync(join(dir, file), ''));
      expect(found).toEqual([expect.objectContaining({ file, what: '追加 added' })]);
    }
  });

  test('a file cut short', async () => {
    const found = await bench.findingsAfter((dir) => truncateSync(join(dir, 'seals.csv'), 5_000));
    expect(found).toContainEqual(
      expect.objectContaining({ file: 'seals.csv', what: '読めません not readable' }),
    );
  });
});
