import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calculateClaim, type ClaimQuestion } from '../../gateway/claims/calculate.ts';
import { freezeClaim } from '../../gateway/claims/freeze.ts';
import {
  deviceEntry,
  memberEntry,
  meterEntry,
  projectEntry,
} from '../../gateway/programme/testing-programme.ts';
import { verifyClaim } from '../../gateway/verify/verify.ts';
import { type ClaimBench, claimBench, plainReading } from './claim-bench.ts';

/** A home whose contract says that it sells nothing, and that has no register to show it. */
const { privateKey } = generateKeyPairSync('ed25519');
const april = Date.parse('2021-04-01T00:00:00+09:00');
const atMs = Date.parse('2022-05-01T09:00:00+09:00');
const dayMs = 86_400_000;
const question: ClaimQuestion = {
  project: 'quiet-pv',
  fiscalYear: 2021,
  fixture: false,
  acknowledged: [],
  corrects: undefined,
  atMs,
};

let bench: ClaimBench;
beforeAll(async () => {
  bench = await claimBench(`sites: [{ id: minato, generators: [
    { id: home-3, kind: pv, device: d3, meters: { generated: { reportingPeriodSeconds: 86400 } } } ] }]`);
  const confirmed = { methodology: 'EN-R-002', document: '方法論', version: '3.0', page: '4' };
  await bench.enter(
    [
      projectEntry('quiet-pv', { appliedOn: '2021-01-05', from: '2021-01-05', to: '2029-03-31' }),
      { kind: 'methodology-confirmation', subject: 'EN-R-002', body: confirmed },
      memberEntry('home-3', {
        project: 'quiet-pv',
        appliedOn: '2021-01-10',
        admittedOn: '2021-01-15',
      }),
      deviceEntry('home-3-pv', 'home-3', { operationStartedOn: '2020-06-01' }),
      meterEntry('home-3-g', 'home-3', 'minato/home-3/generated', { from: '2021-01-15' }),
    ],
    Date.parse('2021-01-16T09:00:00+09:00'),
  );
  const series = { site: 'minato', device: 'd3', asset: 'home-3', quantity: 'generated' } as const;
  await bench.commit(
    Array.from({ length: 370 }, (_, day) =>
      plainReading(series, april + (day - 2) * dayMs, 5_000_000 + day * 9_000),
    ),
  );
  await bench.seal(atMs);
}, 300_000);
afterAll(() => bench.close());

test('it earns nothing and is told what to do; left out by a rule, it is in the claim with 0', async () => {
  const sources = await bench.sources();
  const { obstacles } = await calculateClaim(sources, question, async () => undefined);
  expect(obstacles).toMatchObject([
    {
      what: 'not-acknowledged',
      detail: 'energy is left out (sold-unknown: no register of sold energy)',
      wayOut: expect.stringMatching(/item sold.*--acknowledge RULE:DOCUMENT:PAGE:sold-unknown/),
    },
  ]);
  const rule = {
    rule: 'excluded',
    document: 'plan',
    page: '9',
    reasons: ['sold-unknown'],
  } as const;
  const out = join(bench.folder, 'claim');
  const options = { ...question, acknowledged: [rule], by: 'tests', key: privateKey, out };
  expect((await freezeClaim(sources, options)).entry.tonnes).toBe(0);
  // 9 kWh a day; what was sold, and so what was replaced, is not known.
  expect(readFileSync(join(out, 'stretches.csv'), 'utf8')).toContain(
    ',3285000,,,,,,no,sold-unknown,no register of sold energy,',
  );
  const { findings } = await verifyClaim(out, createPublicKey(privateKey), () => undefined);
  expect(findings.kept).toEqual([]);
});
