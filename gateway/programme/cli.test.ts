import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createLog } from '../log.ts';
import { controlPath, listenForCommands } from '../control/socket.ts';
import { MemoryStore } from '../http/testing-store.ts';
import { RecordDesk } from '../records/desk.ts';
import { programmeCommand, UsageError } from './cli.ts';
import { fileOf, tableKinds } from './columns.ts';
import { tables } from './testing-tables.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'kadoru-programme-'));
const config = join(folder, 'gateway.yaml');

beforeAll(() => {
  writeFileSync(config, 'data: ./data\nsites: [{ id: minato }]\n');
  for (const kind of tableKinds) writeFileSync(join(folder, fileOf[kind]), tables[kind]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const lines: string[] = [];
  const code = await programmeCommand([...args, '--config', config], {}, (line) =>
    lines.push(line),
  );
  return { code, lines, last: lines.at(-1) ?? '' };
}

const factor =
  '--fiscal-year 2021 --symbol C_a --unit t-CO2/kWh --end receiving --class published --document plan --version 2 --page 7 --by 佐藤'.split(
    ' ',
  );

test('without a gateway the store itself takes an import, factors, a confirmation and tokens', async () => {
  const imported = await run('programme', 'import', '--dir', folder, '--by', '佐藤');
  expect(imported).toMatchObject({ code: 0, last: '9 recorded, 0 unchanged' });
  expect(imported.lines[0]).toMatch(
    /^note: meters.csv row 2, register: "minato\/home-1\/generated" /,
  );
  expect((await run('programme', 'import', '--dir', folder)).last).toBe('0 recorded, 9 unchanged');
  const listed = (await run('programme', 'list')).lines.map((line) => JSON.parse(line));
  expect(listed).toContainEqual(
    expect.objectContaining({
      id: 'home-1',
      window: { from: '2026-04-10', to: '2034-04-10' },
      devices: [{ id: 'home-1-pv', daysLeft: 609 }],
    }),
  );

  const kilograms = await run('factors', 'add', ...factor, '--value', '0.434');
  expect(kilograms).toMatchObject({
    code: 1,
    last: expect.stringMatching(/^value: "0.434" .* 0.000434$/),
  });
  const verify = (year: string, ...more: string[]) =>
    run('factors', 'verify', '--fiscal-year', year, '--symbol', 'C_a', '--by', '山田', ...more);
  expect((await verify('2022')).last).toMatch(
    /^factor: "published\/2022\/C_a" no such row ships or was entered/,
  );
  // What ships is listed with what was entered; verified, it is entered with its value and where it was read.
  const rows = async () =>
    (await run('factors', 'list')).lines.flatMap((line) => {
      const { id, origin, value, verifiedBy, page } = JSON.parse(line);
      return id === 'published/2013/C_a' ? [[origin, value, verifiedBy, page]] : [];
    });
  expect(await rows()).toEqual([['shipped', '0.000570', 'facts/jcredit.md', 'not recorded']]);
  expect((await verify('2013', '--document', '別紙', '--page', '4')).code).toBe(0);
  expect(await rows()).toEqual([['entered', '0.000570', '山田', '4']]);
  expect((await run('factors', 'add', ...factor, '--value', '0.000434')).code).toBe(0);
  await run('factors', 'verify', '--fiscal-year', '2021', '--symbol', 'C_a', '--by', '山田');
  expect(JSON.parse((await run('factors', 'list')).last)).toMatchObject({
    id: 'published/2021/C_a',
    value: '0.000434',
    revision: 2,
    verifiedBy: '山田',
    verifiedOn: expect.stringMatching(/^20\d\d-\d\d-\d\d$/),
  });

  const read = ['--document', 'text', '--version', '3', '--page', '1', '--by', '佐藤'];
  expect((await run('methodology', 'confirm', '--methodology', 'PV', ...read)).last).toMatch(
    /^methodology: "PV" is a methodology/,
  );
  expect(
    JSON.parse((await run('methodology', 'confirm', '--methodology', 'EN-R-002', ...read)).last),
  ).toMatchObject({
    id: 'EN-R-002',
    by: '佐藤',
  });

  const to = ['--role', 'partner', '--holder', 'partner', '--by', '佐藤'];
  expect(
    (await run('tokens', 'add', '--project', 'other', '--expires', '2020-01-01', ...to)).lines,
  ).toEqual([
    'project: "other" no such project; known: minato-pv',
    'expires: "2020-01-01" is over already: name a day to come',
  ]);
  const expires = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10);
  const made = JSON.parse(
    (await run('tokens', 'add', '--project', 'minato-pv', '--expires', expires, ...to)).last,
  );
  expect(made.text).toMatch(/^kadoru_[0-9a-f]{12}_[\w-]{43}$/);
  await run('tokens', 'revoke', '--token', made.id, '--why', 'lost', '--by', '山田');
  const shown = (await run('tokens', 'list')).last;
  expect(JSON.parse(shown)).toMatchObject({ id: made.id, revoked: { by: '山田', why: 'lost' } });
  expect(shown).not.toContain('ha256');
});

test('a running gateway is asked through its socket, and its desk knows at once', async () => {
  const desk = new RecordDesk(new MemoryStore());
  const unused = () => Promise.reject(new Error('no quarantine here'));
  const parts = { desk, registers: new Set<string>(), wallMs: () => Date.now() };
  const store = {
    async *quarantined() {
      yield* await Promise.resolve([]);
    },
  };
  const whole = {
    ...parts,
    kept: {
      heads: async () => [],
      check: async function* () {},
      record: async () => undefined,
    },
    readmit: unused,
    store,
  };
  const socket = await listenForCommands(
    controlPath(join(folder, 'data')),
    whole,
    createLog('error'),
  );
  try {
    expect((await run('factors', 'add', ...factor, '--value', '0.000434')).code).toBe(0);
    expect(desk.version).toBe(1);
  } finally {
    await socket.close();
  }
});

test('a command line that cannot be understood names what is missing or unknown', async () => {
  const refused = async (...args: string[]) => {
    await expect(run(...args)).rejects.toThrow(UsageError);
    return run(...args).catch(String);
  };
  expect(await refused('factors')).toMatch(/factors add, factors verify, factors list/);
  expect(await refused('tokens', 'add', '--project', 'p')).toMatch(/needs --role --holder/);
  expect(await refused('tokens', 'list', '--all')).toMatch(/Unknown option '--all'/);
  expect(
    await refused('factors', 'verify', '--fiscal-year', '21', '--symbol', 'C', '--by', 'a'),
  ).toMatch(/--fiscal-year "21"/);
});
