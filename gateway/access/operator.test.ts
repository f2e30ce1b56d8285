import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { FailureTable } from './failures.ts';
import { createAccess, type OperatorAccessParts } from './operator.ts';
import { hashPassword } from './password.ts';
import { Sessions } from './sessions.ts';
import { readOperatorSecret } from './token.ts';

vi.setConfig({ testTimeout: 60_000 });

const token = 'correct-horse-battery-staple';
const hourMs = 3_600_000;

function accessAt(parts: Partial<OperatorAccessParts>) {
  const time = { ms: 0 };
  const access = createAccess({
    mode: 'credentials',
    secret: { kind: 'text', text: token },
    host: '0.0.0.0',
    publicHosts: [],
    clock: { monotonicMs: () => time.ms },
    ...parts,
  });
  const bearer = (text: string, from = '192.0.2.1') =>
    access.admit({ authorization: `Bearer ${text}`, session: undefined, from });
  return { access, bearer, time };
}

test('a token known by its hash opens, again without another hash, and a wrong one does not', async () => {
  const secret = await readOperatorSecret({ operatorTokenHash: await hashPassword(token) }, {});
  const { bearer } = accessAt({ secret });
  expect(await bearer(`${token}x`)).toEqual({ kind: 'refused', why: 'wrong-credentials' });
  expect((await bearer(token)).kind).toBe('admitted');
  // Two hashes at once are the most: twenty can only be answered from memory.
  const again = await Promise.all(Array.from({ length: 20 }, () => bearer(token)));
  expect(again.map(({ kind }) => kind)).toEqual(again.map(() => 'admitted'));
});

test('more hashes than the machine should compute at once are put off, not queued', async () => {
  const secret = await readOperatorSecret({ operatorTokenHash: await hashPassword(token) }, {});
  const { bearer } = accessAt({ secret });
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) => bearer(`wrong-${index}-long-enough`)),
  );
  expect(answers.map(({ kind }) => kind).toSorted()).toEqual([
    'refused',
    'refused',
    'wait',
    'wait',
    'wait',
    'wait',
    'wait',
    'wait',
  ]);
});

test('failures from one address make it wait, others not, and time heals', async () => {
  const { bearer, time, access } = accessAt({
    failureLimits: { failures: 3, windowMs: 1000, entries: 10 },
  });
  for (let attempt = 0; attempt < 3; attempt += 1)
    expect((await bearer('wrong')).kind).toBe('refused');
  expect(await bearer(token)).toEqual({ kind: 'wait', waitMs: 1000 });
  expect((await bearer(token, '192.0.2.2')).kind).toBe('admitted');
  time.ms = 1000;
  expect((await bearer(token)).kind).toBe('admitted');
  expect(access.counts().failedLogins).toBe(3);
});

test('the failure table is bounded, and one IPv6 network counts as one', () => {
  const table = new FailureTable({ failures: 2, windowMs: 1000, entries: 100 });
  for (let index = 0; index < 5000; index += 1) table.record(`192.0.2.${index}`, 'operator', 0);
  expect(table.size).toBe(100);
  expect(table.total).toBe(5000);
  table.record('2001:db8::1', 'operator', 0);
  table.record('2001:db8:0:0:1:2:3:4', 'operator', 0);
  expect(table.waitMs('2001:db8::ffff', 'operator', 0)).toBe(1000);
  expect(table.waitMs('2001:db8:0:1::1', 'operator', 0)).toBe(0);
  expect(table.waitMs('2001:db8::1', 'keihin/pi-1', 0)).toBe(0);
});

test('a session works until it ends, idles out or grows old', async () => {
  const { access, time } = accessAt({
    sessionLimits: { sessions: 10, idleMs: 2 * hourMs, lifeMs: 5 * hourMs },
  });
  const logIn = async () => {
    const answer = await access.logIn(token, '192.0.2.1');
    if (answer.kind !== 'logged-in') throw new Error(answer.kind);
    return answer.session;
  };
  const ask = async (session: string) =>
    (await access.admit({ authorization: undefined, session, from: '' })).kind;
  const [ended, idle, old] = [await logIn(), await logIn(), await logIn()];
  access.logOut(ended);
  expect(await ask(ended)).toBe('refused');
  for (time.ms = hourMs; time.ms < 5 * hourMs; time.ms += hourMs)
    expect(await ask(old)).toBe('admitted');
  expect(await ask(idle)).toBe('refused');
  expect(await ask(old)).toBe('refused');
  expect(await ask('')).toBe('refused');
});

test('sessions are bounded: the one unused for longest makes room', () => {
  let next = 0;
  const sessions = new Sessions(() => Buffer.from([(next += 1)]), {
    sessions: 3,
    idleMs: 1e9,
    lifeMs: 1e9,
  });
  const ids = [0, 1, 2].map((nowMs) => sessions.start(nowMs));
  sessions.use(ids[0] ?? '', 3);
  ids.push(sessions.start(4));
  expect(sessions.size).toBe(3);
  expect(ids.map((id) => sessions.use(id, 5))).toEqual([true, false, true, true]);
});

test('the token comes from a file or the environment, and a bad one is told without being shown', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'kadoru-token-'));
  const file = join(dir, 'token');
  await writeFile(file, `${token}\nanything else\n`);
  expect(await readOperatorSecret({ operatorTokenFile: file }, {})).toEqual({
    kind: 'text',
    text: token,
  });
  expect(await readOperatorSecret({}, { KADORU_OPERATOR_TOKEN: token })).toEqual({
    kind: 'text',
    text: token,
  });
  expect(await readOperatorSecret({}, {})).toBeUndefined();
  await writeFile(file, 'hunter2\n');
  await expect(readOperatorSecret({ operatorTokenFile: file }, {})).rejects.toThrow(
    /^http\.operatorTokenFile: .* has 7$/,
  );
  await expect(readOperatorSecret({ operatorTokenFile: join(dir, 'no') }, {})).rejects.toThrow(
    /cannot read/,
  );
  await rm(dir, { recursive: true });
});

test('credentials without a secret are a broken composition', () => {
  expect(() => accessAt({ secret: undefined })).toThrow(/needs the operator token/);
});
