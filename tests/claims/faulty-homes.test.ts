import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freezeClaim } from '../../gateway/claims/freeze.ts';
import type { Entry } from '../../gateway/programme/entry.ts';
import type { OperatorRecord } from '../../gateway/store/port.ts';
import { verifyClaim } from '../../gateway/verify/verify.ts';
import { type RegisterYear, registerYear } from '../../simulators/meters/register-year.ts';
import { word } from '../properties/operator.ts';
import { type ClaimBench, claimBench } from './claim-bench.ts';

/**
 * Homes whose registers meet every fault that meters are known for, frozen by the gateway and checked by the program
 * that shares nothing with it: two accounts of the same falls, wraps, gaps and words of people.
 */
const homes = [0, 1, 2, 3];
const from = Date.parse('2026-06-01T00:00:00+09:00');
const to = Date.parse('2026-08-14T00:00:00+09:00');
const quantities = ['generated', 'exported'] as const;
const wraps = [undefined, 1_000_000, 1_000_000_000, 1_000_000];
/**
 * A year before a midnight at which something was going on: jitter (0, 2), a zero that is left out and a meter replaced (1), an
 * outage of two days with another meter after it (3).
 */
const startedOn = ['2025-07-04', '2025-06-24', '2025-07-02', '2025-06-20'];
const cited = { document: 'plan', page: '1' };
const { privateKey } = generateKeyPairSync('ed25519');

function yearOf(home: number, stream: number): RegisterYear {
  const wrapAt = wraps[home % 4];
  return registerYear({
    seed: home,
    stream,
    channel: `h${home}-pv/${quantities[stream] ?? ''}`,
    from,
    to,
    startWh: wrapAt === undefined ? 300_000 : wrapAt - 200_000 - home * 1_000,
    wrapAt,
    wrapDeclared: home % 4 !== 3,
    ratedW: home % 4 === 0 ? undefined : 5_000,
    peakW: stream === 0 ? 4_500 : 1_800,
  });
}

function programme(): Entry[] {
  const project = {
    methodology: 'EN-R-002',
    factorRule: 'transitional',
    factorYear: { years: 'of-reduction', ...cited },
    auxiliary: { treatment: 'incidental', ...cited },
    appliedOn: '2025-12-01',
    from: '2025-12-01',
    to: '2033-03-31',
    payment: { kind: 'participation-fee' },
  };
  const source = {
    fiscalYear: 2026,
    unit: 't-CO2/kWh',
    end: 'receiving',
    class: 'fixture',
    document: 'tests',
    version: '1',
    page: '1',
  };
  return [
    { kind: 'project', subject: 'faulty', body: project },
    {
      kind: 'factor',
      subject: 'fixture/2026/C_a',
      body: { symbol: 'C_a', value: '0.00045', ...source },
    },
    {
      kind: 'factor',
      subject: 'fixture/2026/C_mo',
      body: { symbol: 'C_mo', value: '0.0006', ...source },
    },
    ...homes.flatMap(homeEntries),
  ];
}

function homeEntries(home: number): Entry[] {
  const member = `h${home}`;
  const started = startedOn[home];
  return [
    {
      kind: 'member',
      subject: member,
      body: {
        project: 'faulty',
        kind: 'household',
        appliedOn: '2025-11-20',
        admittedOn: '2025-12-15',
        environmentalValueOwner: 'member',
      },
    },
    {
      kind: 'device',
      subject: `${member}-pv`,
      body: {
        member,
        kind: 'pv',
        maker: 'maker',
        model: 'model',
        serial: `PV-${home}`,
        operationStartedOn: started,
        ratedW: 5_000,
        gridChargingBattery: false,
        sharedExport: false,
      },
    },
    ...quantities.map((quantity): Entry => ({
      kind: 'meter',
      subject: `${member}-${quantity}`,
      body: {
        member,
        device: `${member}-pv`,
        item: quantity === 'generated' ? 'generated' : 'sold',
        register: `site/${member}-pv/${quantity}`,
        serial: `${member}-${quantity}`,
        class: 'B',
        evidence: { kind: 'calibrated', document: 'sheet 1' },
        pulses: false,
        from: '2025-12-01',
      },
    })),
  ];
}

let bench: ClaimBench;
const truth = new Map<string, number>();

beforeAll(async () => {
  const generators = homes
    .map((home) => `{ id: h${home}-pv, kind: pv, device: d${home}, meters: { exported: {} } }`)
    .join(', ');
  bench = await claimBench(`sites: [{ id: site, generators: [${generators}] }]`);
  await bench.enter(programme(), Date.parse('2026-03-01T00:00:00+09:00'));
  for (const home of homes)
    for (const [stream, quantity] of quantities.entries()) await send(home, stream, quantity);
  await bench.seal(to + 3 * 86_400_000);
}, 300_000);
afterAll(() => bench.close());

async function send(home: number, stream: number, quantity: (typeof quantities)[number]) {
  const asset = `h${home}-pv`;
  const device = `d${home}`;
  const year = yearOf(home, stream);
  truth.set(`${asset}/${quantity}`, year.countedWh);
  await bench.commit(
    year.messages.flatMap(({ at, clock, reading }) =>
      reading === undefined
        ? []
        : {
            ...{ site: 'site', device, asset, quantity, at, clock },
            ...{ value: reading.value, raw: null, quality: reading.quality },
            ...{ why: reading.why ?? null, stream: quantity, seq: at, receivedAt: at },
          },
    ),
    year.messages.flatMap(({ at, events }, seq) =>
      events.map((event, index) => ({
        ...{ site: 'site', device, stream: quantity, seq, at, index, event },
      })),
    ),
  );
  const records = year.faults.flatMap((fault): OperatorRecord | [] => {
    const resolution = word(fault, wraps[home % 4]);
    if (resolution === undefined) return [];
    return {
      site: 'site',
      kind: 'register-resolution',
      id: `${asset}.${quantity}.${fault.at}`,
      subject: asset,
      at: fault.at,
      recordedAt: fault.at,
      by: 'operator',
      body: { quantity, resolution },
    };
  });
  const nothing = { frames: [], quarantine: [], readings: [], events: [], stale: [] };
  await bench.store.commit({ ...nothing, records });
}

test(
  'what is frozen of faulty registers follows from the readings that it shows, and is true to the Wh',
  { timeout: 300_000 },
  async () => {
    const out = join(bench.folder, 'claim');
    await freezeClaim(await bench.sources(), {
      project: 'faulty',
      fiscalYear: 2026,
      fixture: true,
      acknowledged: [{ rule: 'excluded', ...cited, reasons: ['straddles', 'gap-at-edge'] }],
      corrects: undefined,
      atMs: to + 3 * 86_400_000,
      by: 'tests',
      key: privateKey,
      out,
    });
    const { findings } = await verifyClaim(out, createPublicKey(privateKey), () => {});
    expect(findings.kept).toEqual([]);

    const stretches = rowsOf(readFileSync(join(out, 'stretches.csv'), 'utf8'));
    for (const home of homes)
      for (const [column, quantity] of [
        ['generated_wh', 'generated'],
        ['sold_wh', 'exported'],
      ] as const) {
        const own = stretches.filter(({ member }) => member === `h${home}`);
        const wh = own.reduce((sum, row) => sum + Number(row[column]), 0);
        expect([home, quantity, wh]).toEqual([
          home,
          quantity,
          truth.get(`h${home}-pv/${quantity}`),
        ]);
      }
    const bands = stretches.filter(({ counted }) => counted === 'yes').map(({ band }) => band);
    expect(bands.filter((band) => band === 't<1')).toHaveLength(homes.length);
    expect(bands.filter((band) => band === '1<=t<2.5')).toHaveLength(homes.length);
    const straddling = stretches.filter(({ reason }) => reason === 'straddles');
    expect(straddling.map(({ member }) => member)).toEqual(['h1', 'h3']);
  },
);

function rowsOf(table: string): Record<string, string>[] {
  const [head = '', ...lines] = table.trimEnd().split('\n');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(head.split(',').map((name, index) => [name, cells[index] ?? '']));
  });
}
