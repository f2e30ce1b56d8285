import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Complaint } from '../complaint.ts';
import { dieWithParentImport } from './die-with-parent.ts';

const lastLinesKept = 15;
const longestLine = 500;
/** A device may take 5 s to stop, and a fill in the middle of a message a little. */
const graceMs = 8_000;

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** How it ended, in words. Never rejects. */
  readonly ended: Promise<string>;
  /** The next JSON line of its standard output with this `event`; throws a Complaint when it ends first. */
  event(name: string): Promise<Readonly<Record<string, unknown>>>;
  /** Everything it says, line by line; called for lines of standard output only. */
  onLine(listener: (line: string) => void): void;
  lastLines(): readonly string[];
  /** Asks it to end, and ends it by force where that takes too long. */
  stop(): Promise<void>;
  kill(): void;
}

/**
 * Starts one of our programs with its own process group, so that a Ctrl-C in the terminal reaches this process alone
 * and the children end in our order.
 */
export function startChild(name: string, program: string, args: readonly string[]): Child {
  const child = spawn(process.execPath, ['--import', dieWithParentImport, program, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  const lastLines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  const remember = (line: string): void => {
    lastLines.push(line.slice(0, longestLine));
    if (lastLines.length > lastLinesKept) lastLines.shift();
  };
  eachLine(child.stderr, remember);
  eachLine(child.stdout, (line) => {
    remember(line);
    for (const listener of listeners) listener(line);
  });
  // A child that ended no longer reads its commands; its end itself is told through `ended`.
  child.stdin?.on('error', (error) => remember(`standard input: ${error.message}`));
  const ended = endOf(child);
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    event: async (wanted) =>
      await Promise.race([
        nextEvent(listeners, wanted),
        ended.then((how) => {
          throw new Complaint(epitaph(name, how, lastLines));
        }),
      ]),
    onLine: (listener) => void listeners.add(listener),
    lastLines: () => lastLines,
    async stop() {
      child.kill('SIGTERM');
      const patience = new AbortController();
      const forced = sleep(graceMs, undefined, { signal: patience.signal }).then(
        () => child.kill('SIGKILL'),
        () => false,
      );
      await ended;
      patience.abort();
      await forced;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** What a person needs of a child that ended when it should not have. */
export function epitaph(name: string, how: string, lastLines: readonly string[]): string {
  const said = lastLines.length === 0 ? '(it said nothing)' : lastLines.join('\n  ');
  return `${name} ${how}. Its last lines:\n  ${said}`;
}

function eachLine(stream: Readable | null, listener: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', listener);
}

async function endOf(child: ChildProcess): Promise<string> {
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`));
    child.once('close', (code, signal) => {
      resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
    });
  });
}

async function nextEvent(
  listeners: Set<(line: string) => void>,
  wanted: string,
): Promise<Readonly<Record<string, unknown>>> {
  return await new Promise((resolve) => {
    const listener = (line: string): void => {
      const said = parseEvent(line);
      if (said?.['event'] !== wanted) return;
      listeners.delete(listener);
      resolve(said);
    };
    listeners.add(listener);
  });
}

/** A JSON object on one line; undefined for anything else. */
export function parseEvent(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // A program may also print plain text.
    return undefined;
  }
}
