import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  bracketing,
  chainOf,
  csv,
  instant,
  json,
  midnight,
  sha256,
  signFolder,
  write,
} from '../folder-writer.ts';
import { fiscalYear, japan, periodMs, readingsOf, registers } from './homes.ts';

const note = '試験用';
const read = (name: string) => readFileSync(new URL(`expected/${name}`, import.meta.url), 'utf8');
/** The register's letter and what it measures: `a`, `generated`. */
const home = (register: string) => register.slice('golden/'.length, 'golden/'.length + 1);

const homes = {
  a: { started: '2025-06-01', monitored: '', left: '2026-10-01', to: '2026-10-01' },
  b: { started: '2024-02-15', monitored: '', left: '', to: '2033-12-15' },
  c: { started: '2025-04-01', monitored: '2026-04-20', left: '', to: '2034-04-20' },
} as const;
const admitted = '2025-12-15';

/** Events as they are told, by register. */
const events: Record<string, readonly (string | number)[]> = {
  'golden/a-pv/exported': event('golden/a-pv/exported', 'wrap', '2026-04-05T14:30', 9_999_000, '2026-04-05T15:00', 0, {
    wrap: 10_000_000,
    resolution: 'wrap',
    by: 'rule',
    adjustment: 10_000_000,
  }),
  // 1,000,000 and 267 days of 48,000 since 1 April.
  'golden/b-pv/generated': event('golden/b-pv/generated', 'fall', '2026-12-24T05:00', 13_816_000, '2026-12-24T05:30', 0, {
    until: '2026-12-24T06:00',
    resolution: 'rejoined',
    by: 'rule',
    adjustment: 0,
  }),
  // 4,000,000, 223 days of 19,200 and 4 half hours of 800.
  'golden/c-pv/generated': event(
    'golden/c-pv/generated',
    'replacement',
    '2026-11-10T08:00',
    8_284_800,
    '2026-11-10T16:00',
    7_400,
    {
      start: 1_000,
      resolution: 'declared-replacement',
      by: 'device',
      adjustment: 8_284_800 - 1_000,
    },
  ),
};

function event(
  register: string,
  kind: string,
  before: string,
  beforeWh: number,
  at: string,
  afterWh: number,
  more: {
    until?: string;
    start?: number;
    wrap?: number;
    resolution: string;
    by: string;
    adjustment: number;
  },
): (string | number)[] {
  const until = more.until === undefined ? '' : instant(japan(more.until));
  return [
    register,
    `${register.replaceAll('/', '.')}.${japan(at)}`,
    kind,
    instant(japan(before)),
    beforeWh,
    instant(japan(at)),
    afterWh,
    until,
    '',
    more.start ?? '',
    more.wrap ?? '',
    more.resolution,
    more.by,
    more.adjustment,
    note,
  ];
}

const claim = {
  label: note,
  format: 'kadoru-claim/1',
  id: 'golden-fy2026-1',
  fixture: true,
  project: {
    id: 'golden',
    methodology: 'EN-R-002',
    fuel: null,
    factorRule: 'transitional',
    factorYear: { years: 'of-reduction', document: 'plan', page: '1' },
    auxiliary: { treated: 'subtracted', document: 'plan', page: '2' },
    appliedOn: '2025-12-01',
    from: '2025-12-01',
    to: null,
    payment: { kind: 'success-fee', share: '0.7' },
  },
  fiscalYear: 2026,
  methodology: { id: 'EN-R-002', version: 'fixture' },
  program: { name: 'kadoru', version: '0.1.0' },
  frozenAt: '2027-05-01T09:00:00+09:00',
  by: 'tests',
  corrects: null,
  acknowledged: [
    { rule: 'excluded', document: 'plan', page: '3', reasons: ['straddles'] },
  ],
};

const columns = {
  members:
    'member,kind,applied_on,admitted_on,monitored_from,left_on,window_from,window_to,environmental_value_owner,subsidies,other_schemes,investment_yen,subsidy_yen,saving_yen_per_year,note',
  devices:
    'device,member,kind,maker,model,serial,operation_started_on,rated_w,grid_charging_battery,shared_export,note',
  meters:
    'meter,member,device,item,register,serial,class,evidence,mark_expires,document,pulses,reconciled_on,period_ms,jitter_wh,from,to,note',
  readings: 'register,at,value,raw,quality,why,clock,note',
  corrections: 'register,at,number,before_wh,after_wh,by,why,note',
  events:
    'register,id,kind,before_at,before_wh,at,after_wh,until,final_wh,start_wh,wrap_at,resolution,by,adjustment_wh,note',
  factors:
    'fiscal_year,symbol,value,unit,end,class,document,version,page,verified_by,verified_on,note',
  seals: 'register,number,day,revision,reason,previous,leaf,note',
  heads: 'register,day,revision,leaf,note',
};

/** The golden claim as a folder, from the hand-worked tables: what a gateway has to write of the same homes. */
export function writeGoldenClaim(dir: string, privateKey: KeyObject): void {
  write(dir, 'claim.json', json(claim));
  write(
    dir,
    'methodologies.json',
    json({
      label: note,
      methodologies: [
        {
          id: 'EN-R-002',
          version: 'fixture',
          title: '太陽光発電設備の導入',
          formula: 'EL = generated - sold - auxiliary; ER = EL x CEF',
          confirmation: null,
        },
      ],
    }),
  );
  for (const table of ['stretches.csv', 'activity.csv', 'calculation.csv'])
    write(dir, table, read(table));
  writeRecords(dir);
  writeEvidence(dir);
  const expected: object = JSON.parse(read('summary.json'));
  const factors = factorTable();
  write(dir, 'factors.csv', factors);
  write(
    dir,
    'summary.json',
    json({
      label: note,
      claim: claim.id,
      fiscalYear: 2026,
      ...expected,
      factorTableSha256: sha256(factors),
    }),
  );
  write(dir, 'monitoring.csv', '\uFEFF記号,定義\n');
  write(dir, 'monitoring.xlsx', 'for people\n');
  signFolder(dir, privateKey);
}

function factorTable(): string {
  const source = ['t-CO2/kWh', 'receiving', 'fixture', 'tests', '1', '1', '', '', note];
  return csv(columns.factors, [
    [2026, 'C_a', '0.00045', ...source],
    [2026, 'C_mo', '0.0006', ...source],
  ]);
}

function writeRecords(dir: string): void {
  write(
    dir,
    'members.csv',
    csv(
      columns.members,
      Object.entries(homes).map(([id, { monitored, left, to }]) => {
        const from = monitored === '' ? admitted : monitored;
        const before = [id, 'household', '2025-11-20', admitted, monitored, left];
        return [...before, from, to, 'member', '', '', '', '', '', note];
      }),
    ),
  );
  write(
    dir,
    'devices.csv',
    csv(
      columns.devices,
      Object.entries(homes).map(([id, { started }]) => {
        const made = ['maker', 'model', `PV-${id}`, started, 5_500];
        return [`${id}-pv`, id, 'pv', ...made, 'no', 'no', note];
      }),
    ),
  );
  const meters = registers.flatMap(({ register, item, replaced }) => {
    const member = home(register);
    const row = (number: number, serial: string, from: string, to: string) =>
      [`${member}-${item}-${number}`, member, `${member}-pv`, item, register, serial, 'B']
        .concat(['specified', '2031-05-31', '', 'no', '', String(periodMs), '10', from, to, note]);
    const serial = `${member}-${item}`.toUpperCase();
    if (replaced === undefined) return [row(1, serial, '2025-12-01', '')];
    const day = replaced.at.slice(0, 10);
    return [row(1, serial, '2025-12-01', day), row(2, replaced.serial, day, '')];
  });
  write(dir, 'meters.csv', csv(columns.meters, byFirst(meters)));
}

function writeEvidence(dir: string): void {
  const readings: (string | number)[][] = [];
  const seals: (readonly (string | number)[])[] = [];
  const heads: (string | number)[][] = [];
  const stretches = read('stretches.csv').split('\n').slice(1, -1);
  const inOrder = registers.toSorted((a, b) => (a.register < b.register ? -1 : 1));
  for (const register of inOrder) {
    const { register: name } = register;
    const all = readingsOf(register);
    const ends = stretches
      .map((line) => line.split(','))
      .filter(([member]) => member === home(name))
      .flatMap(([, , , from = '', to = '']) => [Date.parse(from), Date.parse(to)]);
    const told = events[name];
    const ofEvent = [told?.[3], told?.[5], told?.[7]].flatMap((text) =>
      typeof text === 'string' && text !== '' ? Date.parse(text) : [],
    );
    const shown = bracketing(all, [...ends, ...ofEvent]);
    for (const { at, wh } of shown)
      readings.push([name, instant(at), wh, '', 'good', '', 'synced', note]);
    const chain = chainOf(name, all, {
      keptFrom: Math.min(fiscalYear.from, midnight(shown[0]?.at ?? fiscalYear.from)),
      until: japan('2027-05-01'),
      note,
    });
    seals.push(...chain.rows);
    write(dir, `digests/${name.replaceAll('/', '.')}.bin`, chain.digests);
    const last = chain.rows.at(-1) ?? [];
    heads.push([name, last[2] ?? '', last[3] ?? '', last[6] ?? '', note]);
  }
  write(dir, 'readings.csv', csv(columns.readings, readings));
  write(dir, 'corrections.csv', csv(columns.corrections, []));
  write(dir, 'events.csv', csv(columns.events, byFirst(Object.values(events))));
  write(dir, 'seals.csv', csv(columns.seals, seals));
  write(dir, 'heads.csv', csv(columns.heads, heads));
}

function byFirst<Row extends readonly (string | number)[]>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}
