import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { QuantityName } from '#device/contract';
import { freezeClaim, type Frozen } from '../../gateway/claims/freeze.ts';
import type { Entry } from '../../gateway/programme/entry.ts';
import type { StoredEvent } from '../../gateway/store/port.ts';
import { verifyClaim } from '../../gateway/verify/verify.ts';
import { type ClaimBench, claimBench, plainReading } from './claim-bench.ts';
import { writeGoldenClaim } from './golden/folder.ts';
import { japan, readingsOf, registers } from './golden/homes.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const frozenAt = japan('2027-05-01T09:00');
const meter = '{ reportingPeriodSeconds: 1800 }';
const home = (id: string, exported = meter) =>
  `{ id: ${id}-pv, kind: pv, device: ${id}, meters: { generated: ${meter}, exported: ${exported}, auxiliary: ${meter} } }`;
const sites = `sites: [{ id: golden, generators: [
  ${home('a', '{ reportingPeriodSeconds: 1800, wrapAt: 10000000 }')}, ${home('b')}, ${home('c')} ] }]`;

const cited = { document: 'plan', page: '1' };
const started: Record<string, string> = { a: '2025-06-01', b: '2024-02-15', c: '2025-04-01' };
const changes: Record<string, object> = {
  a: { leftOn: '2026-10-01' },
  b: {},
  c: { monitoredFrom: '2026-04-20' },
};

function programme(): Entry[] {
  const project = {
    methodology: 'EN-R-002',
    factorRule: 'transitional',
    factorYear: { years: 'of-reduction', ...cited },
    auxiliary: { treatment: 'subtracted', ...cited, page: '2' },
    appliedOn: '2025-12-01',
    from: '2025-12-01',
    to: '2033-03-31',
    payment: { kind: 'success-fee', share: '0.70' },
  };
  const factor = {
    fiscalYear: 2026,
    unit: 't-CO2/kWh',
    end: 'receiving',
    class: 'fixture',
    document: 'tests',
    version: '1',
    page: '1',
  };
  return [
    { kind: 'project', subject: 'golden', body: project },
    ...Object.keys(started).flatMap(homeEntries),
    {
      kind: 'factor',
      subject: 'fixture/2026/C_a',
      body: { ...factor, symbol: 'C_a', value: '0.00045' },
    },
    {
      kind: 'factor',
      subject: 'fixture/2026/C_mo',
      body: { ...factor, symbol: 'C_mo', value: '0.0006' },
    },
  ];
}

function homeEntries(id: string): Entry[] {
  const member = {
    project: 'golden',
    kind: 'household',
    appliedOn: '2025-11-20',
    admittedOn: '2025-12-15',
    environmentalValueOwner: 'member',
    ...changes[id],
  };
  const device = {
    member: id,
    kind: 'pv',
    maker: 'maker',
    model: 'model',
    serial: `PV-${id}`,
    operationStartedOn: started[id],
    ratedW: 5500,
    gridChargingBattery: false,
    sharedExport: false,
  };
  const own = registers.filter(({ register }) => register.startsWith(`golden/${id}-`));
  return [
    { kind: 'member', subject: id, body: member },
    { kind: 'device', subject: `${id}-pv`, body: device },
    ...own.flatMap(({ register, item, replaced }) => {
      const common = {
        member: id,
        device: `${id}-pv`,
        item,
        register,
        class: 'B',
        evidence: { kind: 'specified', markExpires: '2031-05-31' },
        pulses: false,
      };
      const row = (number: number, more: object): Entry => ({
        kind: 'meter',
        subject: `${id}-${item}-${number}`,
        body: { ...common, ...more },
      });
      const serial = `${id}-${item}`.toUpperCase();
      if (replaced === undefined) return [row(1, { serial, from: '2025-12-01' })];
      const day = replaced.at.slice(0, 10);
      return [
        row(1, { serial, from: '2025-12-01', to: day }),
        row(2, { serial: replaced.serial, from: day }),
      ];
    }),
  ];
}

/** What the device of home c says of its meter, before and after it was replaced. */
function metas(): StoredEvent[] {
  const meta = (at: number, seq: number, about: object): StoredEvent => ({
    site: 'golden',
    device: 'c',
    stream: 'm',
    seq,
    at,
    index: 0,
    event: { kind: 'meta', channels: { 'c-pv/generated': about } },
  });
  return [
    meta(japan('2026-03-31T11:00'), 1, { serial: 'C-GENERATED' }),
    meta(japan('2026-11-10T12:00'), 2, { serial: 'C-GEN-2', startWh: 1_000 }),
  ];
}

let bench: ClaimBench;
let frozen: Frozen;
let out: string;

beforeAll(async () => {
  bench = await claimBench(sites);
  await bench.enter(programme(), japan('2026-03-01'));
  for (const register of registers) {
    const [site = '', asset = ''] = register.register.split('/');
    const quantity: QuantityName = register.item === 'sold' ? 'exported' : register.item;
    const series = { site, device: asset.slice(0, 1), asset, quantity };
    await bench.commit(readingsOf(register).map(({ at, wh }) => plainReading(series, at, wh)));
  }
  await bench.commit([], metas());
  await bench.seal(frozenAt);
  out = join(bench.folder, 'claim');
  frozen = await freeze(out);
}, 300_000);
afterAll(() => bench.close());

async function freeze(folder: string): Promise<Frozen> {
  return freezeClaim(await bench.sources(), {
    project: 'golden',
    fiscalYear: 2026,
    fixture: true,
    acknowledged: [{ rule: 'excluded', ...cited, page: '3', reasons: ['straddles'] }],
    corrects: undefined,
    atMs: frozenAt,
    by: 'tests',
    key: privateKey,
    out: folder,
  });
}

const expectedTable = (name: string) =>
  readFileSync(new URL(`golden/expected/${name}`, import.meta.url), 'utf8');
const written = (name: string) => readFileSync(join(out, name), 'utf8');

test('the tables are those worked out by hand', () => {
  expect(written('calculation.csv')).toBe(expectedTable('calculation.csv'));
  expect(written('activity.csv')).toBe(expectedTable('activity.csv'));
  const withoutDetail = written('stretches.csv').replaceAll(/,[^,\n]*,試験用$/gm, ',,試験用');
  expect(withoutDetail).toBe(expectedTable('stretches.csv'));
  expect(JSON.parse(written('summary.json'))).toMatchObject(
    JSON.parse(expectedTable('summary.json')),
  );
  expect(frozen.entry).toMatchObject({ claim: 'golden-fy2026-1', tonnes: 7, erKg: '7966.64385' });
});

/** What a gateway says in words of its own. */
const ownWords = ['claim.json', 'methodologies.json', 'monitoring.csv', 'monitoring.xlsx'];

test('every byte of evidence is what a second writer makes of the same readings', () => {
  const second = join(bench.folder, 'second');
  writeGoldenClaim(second, privateKey);
  const names = filesIn(second).filter(
    (name) => !ownWords.includes(name) && !name.startsWith('manifest.'),
  );
  expect(filesIn(out)).toEqual(filesIn(second));
  for (const name of names) {
    const [first, other] = [out, second].map((folder) => readFileSync(join(folder, name)));
    if (name === 'stretches.csv') continue; // worked out by hand, above
    expect([name, first?.equals(other ?? Buffer.alloc(0))]).toEqual([name, true]);
  }
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

test('whoever checks it with nothing but the folder and the key agrees', async () => {
  const { findings, tonnes } = await verifyClaim(out, createPublicKey(privateKey), () => undefined);
  expect(findings.kept).toEqual([]);
  expect(tonnes).toBe(7);
});
