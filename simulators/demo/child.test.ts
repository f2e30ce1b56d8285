import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEvent, startChild } from './child.ts';
import { createHousehold, Stopped } from './household.ts';

const patience = { timeout: 60_000 };
let folder: string;
const program = (name: string): string => join(folder, `${name}.mjs`);

const programs = {
  // Lives until SIGTERM and says when it got it.
  polite: `process.on('SIGTERM', () => { console.log('{"event":"asked"}'); process.exit(0); });
    console.log(JSON.stringify({ event: 'ready', pid: process.pid }));
    setInterval(() => {}, 1000);`,
  failing: `console.error('the disk is full'); process.exit(3);`,
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kadoru-child-'));
  for (const [name, text] of Object.entries(programs)) await writeFile(program(name), text);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a child is heard, and ends when it is asked to', patience, async () => {
  const child = startChild('polite', program('polite'), []);
  expect(await child.event('ready')).toEqual({ event: 'ready', pid: child.pid });
  const asked = child.event('asked');
  await child.stop();
  await asked;
  expect(await child.ended).toBe('ended with exit code 0');
  expect(alive(child.pid)).toBe(false);
});

test('a child that dies is told with its last lines', patience, async () => {
  const child = startChild('failing', program('failing'), []);
  await expect(child.event('ready')).rejects.toThrow(
    /failing ended with exit code 3[^]*the disk is full/,
  );
});

test(
  'a household is over when one of it dies, and the others are ended in order',
  patience,
  async () => {
    const told: string[] = [];
    const household = createHousehold(new AbortController().signal, (line) => told.push(line));
    const first = household.keep('first', program('polite'), []);
    const second = household.keep('second', program('polite'), []);
    await household.during(Promise.all([first.event('ready'), second.event('ready')]));
    household.keep('third', program('failing'), []);
    await expect(household.during(new Promise(() => undefined))).rejects.toThrow(
      'the disk is full',
    );
    await household.end();
    expect(told).toEqual(['second: stopped', 'first: stopped']);
    expect([first, second].some(({ pid }) => alive(pid))).toBe(false);
  },
);

test(
  'a household that is asked to stop says so to whoever waits, and starts nothing more',
  patience,
  async () => {
    const asked = new AbortController();
    const household = createHousehold(asked.signal, () => undefined);
    const waiting = household.until('something', 60_000, async () => undefined);
    asked.abort();
    await expect(waiting).rejects.toBeInstanceOf(Stopped);
    expect(() => household.run('late', program('polite'), [])).toThrow(Stopped);
  },
);

test('what takes too long is told by its name', async () => {
  const household = createHousehold(new AbortController().signal, () => undefined);
  await expect(household.until('the gateway', 150, async () => undefined)).rejects.toThrow(
    'the gateway took longer than 0.15 s',
  );
});

test('a child does not outlive a parent that is killed', patience, async () => {
  const module = fileURLToPath(new URL('child.ts', import.meta.url));
  const script = `const { startChild } = await import(${JSON.stringify(module)});
    const child = startChild('polite', ${JSON.stringify(program('polite'))}, []);
    console.log(JSON.stringify(await child.event('ready')));`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line]: unknown[] = await once(createInterface({ input: parent.stdout }), 'line');
  const pid = Number(parseEvent(String(line))?.['pid']);
  expect(alive(pid)).toBe(true);
  parent.kill('SIGKILL');
  while (alive(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
});
