import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, expect, test, vi } from 'vitest';
import type { IntervalPull } from '#gateway/contract';
import { databaseFile } from '../../gateway/store/embedded/store.ts';
import type { GatewayProcess } from './gateway-process.ts';
import {
  day,
  dayName,
  deliver,
  enrol,
  frames,
  minuteMs,
  pull,
  run,
  startOffice,
  waiting,
} from './partner-office.ts';
import { root } from './program.ts';

let office: GatewayProcess;
afterEach(() => office.program.end('SIGKILL'));

const intervals = '/projects/keihin-pv/intervals';

test('a store edited behind the gateway’s back after a head was handed out', async () => {
  office = await startOffice();
  const token = await enrol(office);
  await deliver(office, frames);
  const pulled = await vi.waitFor(async () => {
    const all = await pull<IntervalPull>(office, token, intervals);
    expect(all.seals?.heads).toHaveLength(2);
    return all;
  }, waiting);
  // What a partner keeps: a whole answer, or nothing but the header.
  const place = (name: string) => join(office.folder, name);
  const [answer, header, both] = [place('pull.json'), place('header'), place('both')] as const;
  const digest = pulled.seals?.digest ?? '';
  writeFileSync(answer, JSON.stringify(pulled));
  writeFileSync(header, `${digest}\n`);
  writeFileSync(both, `${JSON.stringify(pulled)}\n${digest}\n`);
  const check = async (heads: string) => {
    const { code, out } = await run(office, 'seals', 'check', '--heads', heads);
    const findings: Finding[] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    return { code, found: findings.filter(({ finding }) => finding !== 'checked') };
  };
  expect(await check(both)).toEqual({ code: 0, found: [] });

  await office.program.end();
  const edit = (sql: string, ...values: readonly number[]) => {
    const database = new DatabaseSync(databaseFile(join(office.folder, 'data')));
    expect(database.prepare(sql).run(...values).changes).toBeGreaterThan(0);
    database.close();
  };
  const at = day + (13 * 60 + 40) * minuteMs;
  edit(
    `UPDATE reading SET value = value + 1 WHERE at = ? AND series = (SELECT id FROM series WHERE quantity = 'generated')`,
    at,
  );
  const altered = {
    finding: 'altered',
    register: 'keihin/home-1/generated',
    day: dayName,
    revision: 1,
    halfHour: `${dayName}T13:30+09:00`,
  };
  expect(await check(both)).toEqual({ code: 1, found: [altered] });

  // Whoever makes new seals of it as well has other heads than those that were handed out.
  edit(`DELETE FROM record WHERE kind = '"seal"'`);
  edit(
    `DELETE FROM derived WHERE key IN (SELECT id FROM derived_key WHERE measurement IN ('seal_head', 'seal_day'))`,
  );
  office = await office.again();
  await vi.waitFor(async () => {
    const { items } = await pull<{ items: unknown[] }>(office, token, '/seals/heads');
    expect(items).toHaveLength(2);
  }, waiting);
  const { register } = altered;
  const head = pulled.seals?.heads.find((each) => each.register === register)?.head;
  const gone = { code: 1, found: [{ finding: 'head-gone', register, head }] };
  for (const heads of [answer, header]) expect(await check(heads)).toEqual(gone);

  // And whoever removes what was handed out has nothing to show for the digest.
  await office.program.end();
  edit(`DELETE FROM record WHERE kind = '"seal-heads"'`);
  expect(await check(header)).toEqual({ code: 1, found: [{ finding: 'heads-unknown', digest }] });

  // Nobody reads the list: no complaint about a pipe that is closed.
  const command = `"${process.execPath}" .build/kadoru-gateway.js programme list --config "${office.config}" | true`;
  const complaint = await new Promise((resolve) => {
    execFile('sh', ['-c', command], { cwd: root }, (_, __, said) => resolve(said));
  });
  expect(complaint).toBe('');
});

interface Finding {
  readonly finding: string;
}
