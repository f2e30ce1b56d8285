import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const root = new URL('../..', import.meta.url).pathname;

/** A program running as a process of its own, as people run it. */
export interface Program {
  readonly child: ChildProcess;
  /** Everything said so far, both outputs, line by line. */
  readonly lines: readonly string[];
  /** Resolves with the first line that matches, past or to come; rejects when the program ends without it. */
  said(pattern: RegExp): Promise<string>;
  /** Sends a signal and resolves with the exit code once the program has ended. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcess>();
// A test run that is cut off must not leave servers behind.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @param terminal signals go to the whole process group, as Ctrl-C in a terminal does: npm itself passes none on. */
export function runProgram(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  terminal = false,
): Program {
  const child = spawn(command, args, {
    detached: terminal,
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  const lines: string[] = [];
  const ended = once(child, 'exit').then(() => running.delete(child));
  for (const output of [child.stdout, child.stderr])
    createInterface({ input: output }).on('line', (line) => {
      lines.push(line);
      child.emit('kadoru-line', line);
    });
  return {
    child,
    lines,
    said: async (pattern) => {
      for (;;) {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) return found;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(
            `${command} ended before it said ${pattern}:\n${lines.slice(-20).join('\n')}`,
          );
        await Promise.race([once(child, 'kadoru-line'), ended]);
      }
    },
    end: async (signal = 'SIGTERM') => {
      if (terminal && child.pid !== undefined) process.kill(-child.pid, signal);
      else child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}

/** One of our programs, as `npm run build` left it. */
export function runKadoru(
  name: 'device' | 'gateway' | 'simulate',
  args: readonly string[],
  environment?: NodeJS.ProcessEnv,
): Program {
  return runProgram(
    process.execPath,
    [join(root, '.build', `kadoru-${name}.js`), ...args],
    environment,
  );
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'kadoru-'));
}
