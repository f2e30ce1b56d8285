import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClaimQuestion } from '../../gateway/claims/calculate.ts';
import { freezeClaim, type Frozen } from '../../gateway/claims/freeze.ts';
import { allocation, nextStep, recordClaim, standingClaims } from '../../gateway/claims/life.ts';
import { ClaimRefused } from '../../gateway/claims/obstacle.ts';
import {
  deviceEntry,
  memberEntry,
  meterEntry,
  projectEntry,
} from '../../gateway/programme/testing-programme.ts';
import { verifyClaim } from '../../gateway/verify/verify.ts';
import { type ClaimBench, claimBench, plainReading } from './claim-bench.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const japan = (text: string) => Date.parse(`${text}:00+09:00`);
const halfHourMs = 1_800_000;
const year = { from: japan('2021-04-01T00:00'), to: japan('2022-04-01T00:00') };
const frozenAt = japan('2022-05-01T09:00');

const meter = '{ reportingPeriodSeconds: 1800 }';
const sites = `sites: [{ id: minato, generators: [
  { id: home-1, kind: pv, device: d1, meters: { generated: ${meter}, exported: ${meter} } },
  { id: home-2, kind: pv, device: d2, meters: { generated: ${meter}, exported: ${meter} } } ] }]`;

/** 24 half hours of 1,000 Wh a day, of which 400 are sold; of home-2 a part of a day is turned round. */
function readingsOf(home: 1 | 2, quantity: 'generated' | 'exported') {
  const series = { site: 'minato', device: `d${home}`, asset: `home-${home}`, quantity };
  const readings = [];
  const step = quantity === 'generated' ? 1_000 : 400;
  let wh = 5_000_000;
  for (let at = year.from - 4 * halfHourMs; at <= year.to + 4 * halfHourMs; at += halfHourMs) {
    const hour = Math.floor(((at - halfHourMs + 9 * 3_600_000) / 3_600_000) % 24);
    if (hour >= 6 && hour < 18) wh += step;
    readings.push(plainReading(series, at, wh));
  }
  return readings;
}

const date = { admittedOn: '2021-01-15', appliedOn: '2021-01-10' };
const project = projectEntry('minato-pv', {
  appliedOn: '2021-01-05',
  from: '2021-01-05',
  to: '2029-03-31',
});
const device = (home: number, changes: object = {}) =>
  deviceEntry(`home-${home}-pv`, `home-${home}`, { operationStartedOn: '2020-06-01', ...changes });
const homeEntries = (home: 1 | 2) => [
  memberEntry(`home-${home}`, date),
  device(home),
  meterEntry(`home-${home}-g`, `home-${home}`, `minato/home-${home}/generated`, {
    from: '2021-01-15',
  }),
  meterEntry(`home-${home}-s`, `home-${home}`, `minato/home-${home}/exported`, {
    from: '2021-01-15',
    item: 'sold',
  }),
];
const confirmation = {
  kind: 'methodology-confirmation',
  subject: 'EN-R-002',
  body: { methodology: 'EN-R-002', document: '方法論 EN-R-002', version: '3.0', page: '4' },
} as const;

let bench: ClaimBench;
beforeAll(async () => {
  bench = await claimBench(sites);
  await bench.enter([project, ...homeEntries(1)], japan('2021-01-16T09:00'));
  for (const home of [1, 2] as const)
    for (const quantity of ['generated', 'exported'] as const)
      await bench.commit(readingsOf(home, quantity));
  await bench.seal(japan('2022-04-02T02:00'));
}, 300_000);
afterAll(() => bench.close());

const folder = (name: string) => join(bench.folder, name);
async function freeze(name: string, changes: Partial<ClaimQuestion> = {}): Promise<Frozen> {
  return freezeClaim(await bench.sources(), {
    project: 'minato-pv',
    fiscalYear: 2021,
    fixture: false,
    acknowledged: [],
    corrects: undefined,
    atMs: frozenAt,
    by: 'tests',
    key: privateKey,
    out: folder(name),
    ...changes,
  });
}

/** What is in the way, and that nothing was left behind. */
async function obstacles(changes: Partial<ClaimQuestion> = {}) {
  const refused: unknown = await freeze('refused', changes).catch((error: unknown) => error);
  expect(existsSync(folder('refused'))).toBe(false);
  expect(existsSync(folder('refused.partial'))).toBe(false);
  if (!(refused instanceof ClaimRefused)) throw new Error(`not refused: ${String(refused)}`);
  return refused.obstacles;
}

function filesOf(dir: string): Map<string, string> {
  const entries = readdirSync(dir, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => [
      join(parentPath, name).slice(dir.length + 1),
      readFileSync(join(parentPath, name), 'base64'),
    ]),
  );
}

test('an unconfirmed methodology is refused', async () => {
  expect(await obstacles()).toMatchObject([
    { what: 'methodology-unconfirmed', where: 'methodology EN-R-002' },
  ]);
});

test('FY2021 PV under the all-source rule, with the shipped factor; the same bytes twice, and verified', async () => {
  await bench.enter([confirmation], japan('2022-04-10T09:00'));
  const { entry } = await freeze('claim-1');
  // 365 days of 24 x 600 Wh, times 0.434 kg/kWh.
  expect(entry).toMatchObject({ claim: 'minato-pv-fy2021-1', erKg: '2281.104', tonnes: 2 });
  await freeze('claim-2');
  const files = filesOf(folder('claim-1'));
  expect(files.size).toBeGreaterThan(18);
  expect(filesOf(folder('claim-2'))).toEqual(files);
  const checked = await verifyClaim(
    folder('claim-1'),
    createPublicKey(privateKey),
    () => undefined,
  );
  expect(checked.findings.kept).toEqual([]);
  expect(checked.tonnes).toBe(2);
});

test('the monitoring table as CSV and as a spreadsheet', () => {
  const csv = readFileSync(join(folder('claim-1'), 'monitoring.csv'), 'utf8');
  expect(csv).toContain('\ufeff記号,定義,単位,分類,概要,頻度,実績値,計測対象期間,備考\r\n');
  expect(csv).toContain(
    'EL,自家消費した電力量（発電－売電－補機）,kWh,計算,会員ごとの集計,要確認,5256,',
  );
  const book = unzipSync(readFileSync(join(folder('claim-1'), 'monitoring.xlsx')));
  const text = Object.values(book)
    .map((part) => new TextDecoder().decode(part))
    .join('');
  for (const word of ['記号', '計測対象期間', '2281.104', 'home-1']) expect(text).toContain(word);
});

test('a year without factors of its own, two members with one serial, an unknown project', async () => {
  const missing = await obstacles({ fiscalYear: 2022 });
  expect(missing).toContainEqual(
    expect.objectContaining({
      what: 'factor-provisional',
      where: 'project minato-pv, fiscal year 2022, band all',
    }),
  );
  await bench.enter(
    [...homeEntries(2).slice(0, 1), device(2, { serial: 'serial of home-1-pv' })],
    japan('2022-04-11T09:00'),
  );
  const double = (await obstacles()).filter(({ what }) => what === 'enrolment');
  expect(double).toMatchObject([{ where: expect.stringContaining('home-') }]);
  expect(double[0]?.detail).toContain('home-1-pv (member home-1)');
  await expect(freeze('none', { project: 'nobody' })).rejects.toThrow(
    'there is no such project; there are: minato-pv',
  );
});

test('sold above generated, a fall nobody explained, time not acknowledged: each with member, register and times', async () => {
  await bench.enter(
    [
      ...homeEntries(2),
      meterEntry('home-2-s', 'home-2', 'minato/home-2/generated', {
        item: 'sold',
        from: '2021-01-15',
      }),
      meterEntry('home-2-g', 'home-2', 'minato/home-2/exported', { from: '2021-01-15' }),
    ],
    japan('2022-04-12T09:00'),
  );
  const [negative] = (await obstacles()).filter(({ what }) => what === 'negative');
  expect(negative?.where).toContain(
    'member home-2, minato/home-2/exported, minato/home-2/generated, 2021-04-01T00:00:00+09:00 to',
  );
  const late = japan('2021-09-01T12:10');
  const series = { site: 'minato', device: 'd1', asset: 'home-1', quantity: 'generated' } as const;
  // Sealed as late data, so that only the fall stands in the way.
  await bench.commit([plainReading(series, late, 12)]);
  const altered = await obstacles();
  expect(altered).toContainEqual(
    expect.objectContaining({
      what: 'reading-altered',
      where: 'minato/home-1/generated, 2021-09-01T12:00:00+09:00',
    }),
  );
});

test('a claim goes through its life once, step by step, and its spans are not claimed again', async () => {
  await bench.enter(
    [memberEntry('home-2', { ...date, leftOn: '2021-02-01' })],
    japan('2022-04-13T09:00'),
  );
  const { entry } = await freezeOfHomeOne();
  await recordClaim(bench.store, entry, { number: 1, nowMs: frozenAt, by: 'tests' });
  const again = await obstacles();
  expect(again).toContainEqual(
    expect.objectContaining({
      what: 'already-claimed',
      where:
        'member home-1, minato/home-1/generated, 2021-04-01T00:00:00+09:00 to 2022-04-01T00:00:00+09:00',
    }),
  );
  const claim = entry.claim;
  const step = async (said: Parameters<typeof nextStep>[1], number: number) => {
    const [standing] = await standingClaims(bench.store);
    if (standing === undefined) throw new Error('no claim');
    await recordClaim(bench.store, nextStep(standing, said), { number, nowMs: frozenAt, by: 't' });
  };
  const held = { state: 'held', claim, on: '2022-10-01', account: 'ward' } as const;
  await expect(step(held, 2)).rejects.toThrow('is frozen; next it can only be applied');
  await step({ state: 'applied', claim, on: '2022-06-01' }, 2);
  await step({ state: 'verified', claim, on: '2022-07-01', verifier: 'verifier' }, 3);
  const issued = { state: 'issued', claim, on: '2022-08-01' } as const;
  const serials = { first: 'J-1', last: 'J-2' };
  await expect(step({ ...issued, tonnes: 3, serials }, 4)).rejects.toThrow('2 t claimed');
  await step({ ...issued, tonnes: 2, serials }, 4);
  const [standing] = await standingClaims(bench.store);
  if (standing === undefined) throw new Error('no claim');
  const divided = allocation(standing, '2022-09-01');
  // floor(0.70 x 2) = 1.
  expect(divided).toMatchObject({ partnerTonnes: 1, wardTonnes: 1 });
  await step(divided, 5);
  await step(held, 6);
  await expect(step(held, 7)).rejects.toThrow('nothing comes after that');
});

/** With the late reading out of the way as a person would put it: it never was. */
async function freezeOfHomeOne(): Promise<Frozen> {
  const at = japan('2021-09-01T12:10');
  const said = {
    site: 'minato',
    kind: 'register-resolution',
    id: 'r-1',
    subject: 'home-1',
    at,
    recordedAt: frozenAt,
    by: '山田',
    body: {
      quantity: 'generated',
      resolution: { kind: 'error', by: '山田', why: 'garbled answer' },
    },
  };
  await bench.store.commit({
    frames: [],
    readings: [],
    events: [],
    quarantine: [],
    records: [said],
    stale: [`seal/minato/home-1/generated/${japan('2021-09-01T00:00')}`],
  });
  await bench.seal(japan('2022-04-02T02:00'));
  return freeze('claim-3');
}

test('what changed since is a new claim that names the old one and its effect', async () => {
  const [before] = await standingClaims(bench.store);
  if (before === undefined) throw new Error('no claim');
  const shorter = meterEntry('home-1-s', 'home-1', 'minato/home-1/exported', {
    item: 'sold',
    from: '2021-10-01',
  });
  await bench.enter([shorter], japan('2022-11-01T09:00'));
  const wanting = await obstacles({ corrects: before });
  expect(wanting).toMatchObject([
    { what: 'not-acknowledged', wayOut: expect.stringContaining('no-evidence') },
  ]);
  const rule = { rule: '欠測除外', document: 'plan', page: '9' };
  const { entry } = await freeze('claim-4', {
    corrects: before,
    acknowledged: [{ ...rule, reasons: ['no-evidence'] }],
  });
  expect(entry).toMatchObject({
    claim: 'minato-pv-fy2021-2',
    tonnes: 1,
    corrects: { claim: 'minato-pv-fy2021-1', tonnes: 2, effectTonnes: -1 },
  });
  await recordClaim(bench.store, entry, { number: 1, nowMs: frozenAt, by: 'tests' });
  const key = createPublicKey(privateKey);
  expect((await verifyClaim(folder('claim-4'), key, () => undefined)).findings.kept).toEqual([]);
  expect((await standingClaims(bench.store))[0]?.correctedBy).toBe('minato-pv-fy2021-2');
});
