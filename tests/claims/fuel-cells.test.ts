import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calculateClaim, type ClaimQuestion } from '../../gateway/claims/calculate.ts';
import { freezeClaim } from '../../gateway/claims/freeze.ts';
import { ClaimRefused, type ClaimObstacle } from '../../gateway/claims/obstacle.ts';
import type { FuelCellConfig } from '../../gateway/config/reduction.ts';
import { verifyClaim } from '../../gateway/verify/verify.ts';
import { type ClaimBench, claimBench, plainReading } from './claim-bench.ts';
import {
  cells,
  type Change,
  meterEntry,
  programmeOf,
  published,
  readingsOf,
  sites,
} from './fuel-cell-homes.ts';
import { signFolder } from './folder-writer.ts';

/**
 * Fiscal year 2026 by hand: 365 days, CEF 0.5 kg/kWh, CEF_fuel 50 kg/GJ, eta 0.9, 45 GJ per 1,000 Nm3, 15 degC and 2 kPa:
 * N = 273.15/288.15 x 103.325/101.325 = 2508731/2595271 (0.96665).
 *
 * x: EL 12 kWh a day, 4,380 kWh x 0.5 = 2,190 kg. Heat 45 MJ a day, 16,425 MJ / 0.9 x 50 g = 912.5 kg. Baseline 3,102.5.
 *    Gas 2.4 m3 a day, 876 m3 x N x 45 MJ x 50 g = 1,971 N = 4944708801/2595271 = 1,905.28 kg. ER = 1,197.22 kg.
 * y: EL 6 kWh, 1,095 kg; heat 9 MJ, 182.5 kg; gas 1.7 m3, 620.5 m3: 1,396.125 N = 1,349.57 kg. ER = -72.07 kg.
 * Together 1,125.15 kg: 1 t.
 */
const expected = [
  [
    'x,2026,all,4380000,876000,16425000,0.0005,C_a 2026; CEF_town_gas 2026',
    '3102.5,4944708801/2595271,6214238953/5190542',
  ],
  [
    'y,2026,all,2190000,620500,3285000,0.0005,C_a 2026; CEF_town_gas 2026',
    '1277.5,1648236267/1221304,-88020407/1221304',
  ],
];

const { privateKey } = generateKeyPairSync('ed25519');
const publicKey = createPublicKey(privateKey);
const atMs = Date.parse('2027-05-01T09:00:00+09:00');
const question: ClaimQuestion = {
  project: 'cells',
  fiscalYear: 2026,
  fixture: true,
  acknowledged: [],
  corrects: undefined,
  atMs,
};

let bench: ClaimBench;
let out: string;
beforeAll(async () => {
  bench = await claimBench(sites);
  await bench.enter(programmeOf(), Date.parse('2026-03-01T00:00:00+09:00'));
  for (const { register, readings } of readingsOf())
    await bench.commit(readings.map(({ at, value }) => plainReading(register, at, value)));
  await bench.seal(atMs);
  out = join(bench.folder, 'claim');
  await freeze(question, out);
}, 300_000);
afterAll(() => bench.close());

async function freeze(asked: ClaimQuestion, folder: string) {
  const options = { ...asked, by: 'tests', key: privateKey, out: folder };
  return freezeClaim(await bench.sources(), options);
}

async function obstacles(
  asked: ClaimQuestion,
  fuelCells?: ReadonlyMap<string, FuelCellConfig>,
): Promise<readonly ClaimObstacle[]> {
  const sources = await bench.sources();
  const given = fuelCells === undefined ? sources : { ...sources, fuelCells };
  return (await calculateClaim(given, asked, async () => undefined)).obstacles;
}

const written = (name: string, folder = out) => readFileSync(join(folder, name), 'utf8');

async function findingsAfter(...changes: readonly Change[]) {
  const dir = join(bench.folder, 'tampered');
  cpSync(out, dir, { recursive: true, force: true });
  for (const [file, from, to] of changes) {
    const before = readFileSync(join(dir, file), 'utf8');
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    writeFileSync(join(dir, file), after);
  }
  signFolder(dir, privateKey);
  const { findings } = await verifyClaim(dir, publicKey, () => undefined);
  return findings.kept;
}

test('two fuel cells by hand, one of them negative; whoever checks it agrees', async () => {
  const rows = written('calculation.csv').split('\n').slice(1, -1);
  expect(rows).toEqual(expected.map(([amounts, kg]) => `${amounts},${kg},試験用`));
  expect(written('activity.csv')).toContain('x,2026,5256000,876000,0,876000,16425000,4380000,');
  const { findings, tonnes } = await verifyClaim(out, publicKey, () => undefined);
  expect(findings.kept).toEqual([]);
  expect(tonnes).toBe(1);
});

test('the monitoring table has fuel and heat, and where each setting is written', () => {
  const table = written('monitoring.csv');
  expect(table).toContain('F,都市ガスの使用量（計量器の値）,m3,B,');
  expect(table).toContain(',1496.5,');
  expect(table).toContain('Q,給湯等に利用した熱量,MJ,B,');
  expect(table).toContain(',19710,');
  expect(table).toMatch(/換算係数,.*,計画書 3,要確認,約0\.966654,/);
  expect(table).toMatch(/η,ベースライン機器の効率,比率,係数,計画書 1,要確認,0\.9,/);
  expect(table).toContain('CEF_fuel,燃料の排出係数,t-CO2/GJ,係数,CEF_town_gas,要確認,0.05,');
});

test('an adversary with the key: a gas reading, a setting, a factor, a register', async () => {
  // x's gas stood at 800,000 on 1 April.
  const gas = await findingsAfter(['readings.csv', ',800000,', ',801000,']);
  expect(gas.map(({ file, what }) => [file, what.split(' ')[0]])).toEqual([
    ['readings.csv', '半時間'],
    ['stretches.csv', 'gas_dm3'],
  ]);
  const setting = await findingsAfter(['claim.json', '"0.9"', '"0.8"']);
  expect(setting.map(({ what }) => what)).toEqual(['em_bl_kg', 'er_kg', 'em_bl_kg', 'er_kg']);
  const warm = await findingsAfter(['claim.json', '"temperatureC": "15"', '"temperatureC": "25"']);
  expect(warm.map(({ what }) => what)).toEqual(['em_pj_kg', 'er_kg', 'em_pj_kg', 'er_kg']);
  const factor = await findingsAfter(['factors.csv', ',0.05,', ',0.04,']);
  expect(factor.map(({ what }) => what)).toContain('em_pj_kg');
  const fuel = await findingsAfter(['claim.json', '"fuel": "town-gas"', '"fuel": "lpg"']);
  expect(fuel).toContainEqual(expect.objectContaining({ file: 'calculation.csv', found: 'none' }));
  for (const date of ['2027-04-01', '2026-03-31']) {
    const later = await findingsAfter([
      'claim.json',
      '"validFrom": "2026-04-01"',
      `"validFrom": "${date}"`,
    ]);
    expect(later[0]).toMatchObject({ what: '設定 validFrom', found: date });
  }
  const none = await findingsAfter([
    'claim.json',
    /"fuelCell": \{[\s\S]*?\},\n {4}"factorRule/,
    '"factorRule',
  ]);
  expect(none).toContainEqual(expect.objectContaining({ what: '燃料電池 project.fuelCell' }));
  const electric = await findingsAfter(['meters.csv', 'x-heat,x,x-fc,heat,', 'x-heat,x,x-fc,gas,']);
  expect(electric).toContainEqual(
    expect.objectContaining({ file: 'stretches.csv', expected: 'no: no-heat' }),
  );
});

test('settings are one set, of the project’s fuel; without them nothing is frozen', async () => {
  const { fuelCells } = await bench.sources();
  const settings = fuelCells.get('minato/x-fc');
  if (settings === undefined) throw new Error('no settings');
  const place = (id: string) => ({
    what: 'fuel-cell-settings',
    where: `member ${id}, fuel cell minato/${id}-fc`,
  });
  const asIf = async (x: FuelCellConfig | undefined, y: FuelCellConfig) => {
    const given = new Map<string, FuelCellConfig>([['minato/y-fc', y]]);
    if (x !== undefined) given.set('minato/x-fc', x);
    return obstacles(question, given);
  };
  expect(await asIf(undefined, settings)).toMatchObject([place('x')]);
  const lpg = { ...settings, fuel: 'lpg' } as const;
  expect(await asIf(settings, lpg)).toMatchObject([place('y')]);
  const other = { ...settings, heatingValue: { ...settings.heatingValue, gjPer1000Nm3: 46 } };
  expect(await asIf(settings, other)).toMatchObject([place('y')]);
});

test('EN-S-007 ships unconfirmed, town gas without a factor: both are refused, and then both are said', async () => {
  const real = { ...question, fixture: false };
  const folder = join(bench.folder, 'published');
  await expect(freeze(real, folder)).rejects.toThrow(ClaimRefused);
  const found = await obstacles(real);
  expect(found.map(({ what }) => what)).toEqual([
    'methodology-unconfirmed',
    'factor-provisional',
    'factor-missing',
  ]);
  expect(found[0]?.where).toBe('methodology EN-S-007');
  expect(found[2]?.detail).toContain('CEF_town_gas');
  await bench.enter(published(), atMs);
  const { entry } = await freeze(real, folder);
  expect(entry).toMatchObject({ claim: 'cells-fy2026-1', tonnes: 1, fixture: false });
  expect(written('methodologies.json', folder)).toContain('EM_PJ = F x HV x CEF_fuel');
  const { findings, tonnes } = await verifyClaim(folder, publicKey, () => undefined);
  expect(findings.kept).toEqual([]);
  expect(tonnes).toBe(1);
});

test('heat from a rated efficiency is class C: it credits nothing, nor does the rest without it', async () => {
  await bench.enter(
    cells.map(({ id }) => meterEntry(id, 'heat', { class: 'C' })),
    atMs,
  );
  const found = await obstacles(question);
  expect(found.map(({ what }) => what)).toEqual(['not-acknowledged', 'not-acknowledged']);
  expect(found[0]?.detail).toContain('estimated-class: x-heat');
});
