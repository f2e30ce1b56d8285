import { expect, test } from 'vitest';
import { MemoryStore } from '../http/testing-store.ts';
import { RecordDesk } from '../records/desk.ts';
import { importProgramme, type ProgrammeTables } from './import.ts';
import { japanDateMs } from './japan-date.ts';
import { programmeOf } from './programme.ts';
import { tables } from './testing-tables.ts';

const nowMs = japanDateMs('2026-06-01');
const registers = new Set(['minato/home-1/generated', 'minato/home-1/exported']);

function office() {
  const store = new MemoryStore();
  const desk = new RecordDesk(store);
  return {
    store,
    desk,
    take: (given: ProgrammeTables, at = nowMs) =>
      importProgramme({ desk, by: '佐藤', nowMs: at, registers }, given),
  };
}

/** Changes one cell of one row (the first below the names is 2). */
function changed(text: string, row: number, column: string, value: string): string {
  const lines = text.split('\n').map((line) => line.split(','));
  const at = lines[0]?.indexOf(column) ?? -1;
  const cells = lines[row - 1];
  if (at < 0 || cells === undefined) throw new Error(`no ${column} in row ${row}`);
  cells[at] = value;
  return lines.map((line) => line.join(',')).join('\n');
}

test('four tables make a programme; the same again writes nothing, a changed row is a new revision', async () => {
  const { desk, store, take } = office();
  const first = await take(tables);
  expect(first.at(-1)).toEqual({ kind: 'done', written: 9, unchanged: 0, mistakes: 0 });
  expect(first.filter(({ kind }) => kind === 'warning')).toEqual([
    expect.objectContaining({ file: 'meters.csv', row: 4, column: 'register' }),
    expect.objectContaining({ file: 'meters.csv', row: 4, column: 'mark_expires' }),
    expect.objectContaining({ file: 'meters.csv', row: 5, column: 'register' }),
    expect.objectContaining({ file: 'meters.csv', row: 5, column: 'evidence' }),
  ]);
  expect(programmeOf(desk)).toMatchObject({
    projects: [{ id: 'minato-pv', payment: { kind: 'success-fee', share: '0.70' } }],
    members: [
      { id: 'home-1', subsidies: [{ name: 'ward', takesValue: false }], otherSchemes: [] },
      { id: 'shop-1', kind: 'business', payback: { investmentYen: 1_500_000 } },
    ],
    meters: [
      { evidence: { kind: 'specified', markExpires: '2033-03-31' } },
      {},
      {},
      expect.not.objectContaining({ evidence: expect.anything() }),
    ],
  });
  const commits = store.committed.length;
  expect((await take(tables)).at(-1)).toMatchObject({ written: 0, unchanged: 9 });
  expect(store.committed).toHaveLength(commits);
  const left = { member: changed(tables.member, 2, 'left_on', '2026-10-01') };
  expect((await take(left)).filter(({ kind }) => kind === 'written')).toEqual([
    { kind: 'written', what: 'member', id: 'home-1', revision: 2 },
  ]);
  expect(programmeOf(desk).members[0]?.leftOn).toBe('2026-10-01');
});

test('a table with mistakes names each by file, row and column with the value, and records nothing', async () => {
  const { store, take } = office();
  let { project, member, device, meter } = tables;
  project = changed(project, 2, 'share', '70%');
  member = changed(member, 2, 'applied_on', '');
  member = changed(member, 3, 'kind', 'shop');
  device = changed(device, 3, 'rated_w', '4 kW');
  device = changed(device, 2, 'shared_export', 'maybe');
  meter = changed(meter, 2, 'from', '2026-02-30');
  meter = changed(meter, 3, 'id', 'home-1-g');
  meter = changed(meter, 5, 'device', 'nothing');
  const answer = await take({ project, member, device, meter });
  expect(
    answer.map((each) =>
      'file' in each ? [each.file, each.row, each.column, each.value] : each.kind,
    ),
  ).toEqual([
    ['projects.csv', 2, 'share', '70%'],
    ['members.csv', 2, 'applied_on', ''],
    ['members.csv', 3, 'kind', 'shop'],
    ['devices.csv', 2, 'shared_export', 'maybe'],
    ['devices.csv', 3, 'rated_w', '4 kW'],
    ['meters.csv', 2, 'from', '2026-02-30'],
    ['meters.csv', 3, 'id', 'home-1-g'],
    ['meters.csv', 5, 'device', 'nothing'],
    'done',
  ]);
  expect(store.committed).toEqual([]);
});

test.each<[string, keyof typeof tables, number, string, string, RegExp]>([
  ['applied for too late', 'device', 2, 'operation_started_on', '2024-03-30', /2 days too early/],
  [
    'two members with one serial',
    'device',
    3,
    'serial',
    'ｐｖ-0001',
    /is that of home-1-pv \(member home-1\)/,
  ],
  ['a meter of another member', 'meter', 5, 'serial', 'M-1', /is that of home-1-g/],
  [
    'a register that another meter shows',
    'meter',
    4,
    'register',
    'minato/home-1/exported',
    /is that of home-1-s/,
  ],
  ['a device of another member', 'meter', 4, 'device', 'home-1-pv', /belongs to home-1/],
  ['another scheme', 'member', 2, 'other_schemes', 'green-power certificate', /counts the same/],
  ['a value that somebody else owns', 'member', 2, 'value_owner', 'other', /neither member nor/],
  ['a subsidy that takes the value', 'member', 2, 'subsidies_taking_value', 'tokyo', /tokyo took/],
  ['a business paid back too soon', 'member', 3, 'saving_yen_per_year', '333334', /less than 3/],
  ['a business without its figures', 'member', 3, 'investment_yen', '', /is needed here and empty/],
  ['another class in the list', 'meter', 4, 'class', 'A', /in class B: classes are never mixed/],
  ['a device of another methodology', 'device', 2, 'kind', 'fuel-cell', /EN-R-002 .* is for pv/],
  ['an unknown project', 'member', 2, 'project', 'other', /no such project; known: minato-pv/],
  ['a methodology nobody knows', 'project', 2, 'methodology', 'EN-R-003', /none of those known/],
  ['a period that ends before it begins', 'project', 2, 'to', '2026-03-31', /is not after "from"/],
  ['leaving before coming', 'member', 2, 'left_on', '2026-04-01', /before the admission/],
])('%s is refused at its cell', async (_, kind, row, column, value, detail) => {
  const { store, take } = office();
  const answer = await take({ ...tables, [kind]: changed(tables[kind], row, column, value) });
  expect(answer).toContainEqual({
    kind: 'mistake',
    file: `${kind}s.csv`,
    row,
    column,
    value,
    detail: expect.stringMatching(detail),
  });
  expect(store.committed).toEqual([]);
});

test('a payback of exactly three years, and an application on the last day, are in time', async () => {
  const { take } = office();
  const member = changed(tables.member, 3, 'saving_yen_per_year', '333333');
  const device = changed(tables.device, 2, 'operation_started_on', '2024-04-01');
  expect((await take({ ...tables, member, device })).at(-1)).toMatchObject({ mistakes: 0 });
});

test('what was recorded before counts: a serial that stands already, and a row that breaks it', async () => {
  const { take } = office();
  await take(tables);
  const names = tables.device.split('\n', 1)[0] ?? '';
  const device = `${names}\nhome-9-pv,home-1,pv,maker,model,PV-0002,,2026-02-01,4000,no,no\n`;
  expect(await take({ device })).toContainEqual(
    expect.objectContaining({ row: 2, column: 'serial', value: 'PV-0002' }),
  );
  const project = changed(tables.project, 2, 'methodology', 'EN-S-006');
  expect(await take({ project })).toContainEqual(
    expect.objectContaining({ file: 'devices.csv', row: 0, value: 'home-1-pv' }),
  );
});

test('no table, a table without its columns and one that is no CSV are refused as a whole', async () => {
  const { take } = office();
  expect(await take({})).toContainEqual(expect.objectContaining({ kind: 'mistake', row: 0 }));
  for (const project of ['', 'id,name\n', 'id,"'])
    expect(await take({ project })).toContainEqual(
      expect.objectContaining({ kind: 'mistake', file: 'projects.csv', row: 0 }),
    );
});
