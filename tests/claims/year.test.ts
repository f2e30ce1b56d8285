import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';

/**
 * A fiscal year of five homes, one with a fuel cell, through the real programs: collectors, broker, gateway, store, statements over HTTP,
 * the programme's tables, seals, a frozen claim, and its check by a program that shares nothing with them. What the
 * simulator kept for itself is the truth. (Two hundred homes: tests/properties/claim-year.test.ts, without programs.)
 */
const run = promisify(execFile);
const { resolve: programPath } = createRequire(import.meta.url);
const limit = { timeout: 900_000 };
const sumSchema = z.object({ reductionKg: z.string(), tonnes: z.int(), elWh: z.int() });
const truthSchema = sumSchema.extend({ fuelCells: sumSchema });
const summarySchema = z.object({
  label: z.string(),
  erKg: z.string(),
  tonnes: z.int(),
  activity: z.object({ elWh: z.int() }),
});

const program = (name: string, ...args: string[]) =>
  run(process.execPath, [programPath(`#build/${name}.js`), ...args], { maxBuffer: 16_000_000 });

test('a simulated year becomes a claim that is true to the gram and verifies', limit, async () => {
  const out = mkdtempSync(join(tmpdir(), 'kadoru-year-'));
  const said = await program(
    'kadoru-simulate',
    'year',
    '--homes',
    '5',
    '--seed',
    '11',
    '--out',
    out,
  );
  expect(said.stdout).toMatch(/^sent: 5 homes, every frame acknowledged/m);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(out, name), 'utf8'));
  const truth = truthSchema.parse(read('truth.json'));
  const claims = [
    { folder: 'claim', id: 'year-pv-fy2025-1', truth },
    { folder: 'claim-fuel-cell', id: 'year-fuel-cell-fy2025-1', truth: truth.fuelCells },
  ];
  for (const claim of claims) {
    const summary = summarySchema.parse(read(`${claim.folder}/summary.json`));
    expect(summary).toEqual({
      label: '試験用',
      erKg: claim.truth.reductionKg,
      tonnes: claim.truth.tonnes,
      activity: { elWh: claim.truth.elWh },
    });
    const key = join(out, 'public.pem');
    const checked = await program('kadoru-verify', '--key', key, join(out, claim.folder));
    expect(checked.stdout).toContain(`verified: ${claim.id}`);
    expect(checked.stdout).toContain('試験用');
  }
});
