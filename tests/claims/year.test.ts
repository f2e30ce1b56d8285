import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';

/**
 * A fiscal year of three homes through the real programs: collectors, broker, gateway, store, statements over HTTP,
 * the programme's tables, seals, a frozen claim, and its check by a program that shares nothing with them. What the
 * simulator kept for itself is the truth. (Two hundred homes: tests/properties/claim-year.test.ts, without programs.)
 */
const run = promisify(execFile);
const { resolve: programPath } = createRequire(import.meta.url);
const limit = { timeout: 900_000 };
const truthSchema = z.object({ reductionKg: z.string(), tonnes: z.int(), elWh: z.int() });
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
    '3',
    '--seed',
    '11',
    '--out',
    out,
  );
  expect(said.stdout).toMatch(/^sent: 3 homes, every frame acknowledged/m);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(out, name), 'utf8'));
  const truth = truthSchema.parse(read('truth.json'));
  const summary = summarySchema.parse(read('claim/summary.json'));
  expect(summary).toMatchObject({
    label: '試験用',
    erKg: truth.reductionKg,
    tonnes: truth.tonnes,
    activity: { elWh: truth.elWh },
  });
  const checked = await program(
    'kadoru-verify',
    '--key',
    join(out, 'public.pem'),
    join(out, 'claim'),
  );
  expect(checked.stdout).toMatch(/verified: year-pv-fy2025-1/);
  expect(checked.stdout).toMatch(/試験用/);
});
