import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openSpool, spoolFolder } from './testing-spool.ts';

const child = new URL('kill-child.ts', import.meta.url).pathname;
const numbered = z.object({ stream: z.string(), seq: z.int(), at: z.int() });
const kills = 12;
/** What the child never acknowledges. */
const keptFrames = 99;

/** Runs the child on the folder and kills it after this many lines, at whatever it is doing then. */
async function killAfter(folder: string, lines: number, delayMs: number): Promise<string[]> {
  // A file, not a pipe: a pipe that is full refuses a synchronous write.
  const file = join(dirname(folder), 'said');
  const output = openSync(file, 'w');
  // Not the tsx program, which starts another process: SIGKILL must reach the one that writes.
  const writer = spawn(process.execPath, ['--import', 'tsx', child, folder], {
    stdio: ['ignore', output, 'inherit'],
  });
  closeSync(output);
  const closed = once(writer, 'close');
  const said = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  while (said().length < lines && writer.exitCode === null) await sleep(5);
  await sleep(delayMs);
  writer.kill('SIGKILL');
  await closed;
  expect(writer.signalCode).toBe('SIGKILL');
  return said();
}

test(
  'whatever a process said it had appended is there after SIGKILL, byte for byte, and no number comes twice',
  { timeout: 180_000 },
  async () => {
    const folder = spoolFolder();
    const numbers = new Set<string>();
    for (let kill = 0; kill < kills; kill += 1) {
      const said = await killAfter(folder, 1 + ((kill * 97) % 500), (kill * 7) % 40);
      for (const text of said) {
        const { stream, seq } = numbered.parse(JSON.parse(text));
        expect(numbers.has(`${stream} ${seq}`)).toBe(false);
        numbers.add(`${stream} ${seq}`);
      }
      const spool = await openSpool(folder);
      const held = new Set(spool.read(1, Infinity, Infinity).map(({ text }) => text));
      const due = said.slice(-keptFrames);
      expect(due.filter((text) => !held.has(text))).toEqual([]);
      expect(spool.ending).toBe('unclean');
      expect(spool.stats().corrupt).toBe(0);
      await spool.close();
    }
    expect(numbers.size).toBeGreaterThan(kills);
  },
);
