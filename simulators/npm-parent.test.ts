import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const watcher = `const { onNpmGone } = await import(${JSON.stringify(fileURLToPath(new URL('npm-parent.ts', import.meta.url)))});
  onNpmGone(process.env, () => process.exit(0));
  setInterval(() => {}, 1000);
  console.log(process.pid);`;

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Stands for npm: runs a shell that runs the watcher, as `npm start` does. */
const npm = `require('node:child_process').spawn('sh', ['-c', '"$NODE" --import tsx --input-type=module -e "$WATCHER"; true'],
  { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, NODE: process.execPath, npm_lifecycle_event: 'start' } });
  setInterval(() => {}, 1000);`;

test('a program started by npm learns that npm was killed', { timeout: 60_000 }, async () => {
  const parent = spawn(process.execPath, ['-e', npm], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, WATCHER: watcher },
  });
  const [line]: unknown[] = await once(createInterface({ input: parent.stdout }), 'line');
  const pid = Number(line);
  expect(alive(pid)).toBe(true);
  parent.kill('SIGKILL');
  while (alive(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
});
