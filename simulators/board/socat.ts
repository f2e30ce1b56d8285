import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Finds socat on a search path; undefined if it is not installed. */
export function findSocat(searchPath: string): string | undefined {
  return searchPath
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'socat'))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

export interface SocatRun {
  /** Settles when the process has ended, with the end of what it said. */
  readonly ended: Promise<string>;
  running(): boolean;
  stop(): void;
}

/** Last words of socat that are kept. */
const maxMessageLength = 2000;

/**
 * Starts one socat that offers a pseudo-terminal under `link` and connects to `socketPath` when it is opened.
 *
 * `wait-slave` makes an open of the terminal a new connection; setpriv ends socat with us even when we are killed,
 * since an orphan would remove the link of its successor.
 */
export function startSocat(socat: string, link: string, socketPath: string): SocatRun {
  const terminal = `PTY,link=${link},raw,echo=0,wait-slave,pty-interval=0.05`;
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'TERM', socat, terminal, `UNIX-CONNECT:${socketPath}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let message = '';
  child.stderr.on('data', (text: Buffer) => {
    message = (message + text.toString()).slice(-maxMessageLength);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(message.trim()));
  });
  return {
    ended,
    running: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    stop: () => child.kill('SIGTERM'),
  };
}

const linkTimeoutMs = 10_000;
const linkPollMs = 10;

/** Waits until socat has made the link; false if it ended, or took too long, without. */
export async function linkAppears(link: string, run: SocatRun): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < linkTimeoutMs && run.running(); waitedMs += linkPollMs) {
    if ((await linkState(link)) === 'link') return true;
    await sleep(linkPollMs);
  }
  return false;
}

/** Removes the link that a socat before us left behind; anything else is somebody's file and stays. */
export async function removeStaleLink(link: string): Promise<void> {
  const state = await linkState(link);
  if (state === 'other') {
    throw new Error(
      `${link} exists and is not a link to a terminal; remove it or choose another path`,
    );
  }
  if (state === 'link') await rm(link, { force: true });
}

async function linkState(link: string): Promise<'absent' | 'link' | 'other'> {
  try {
    return (await lstat(link)).isSymbolicLink() ? 'link' : 'other';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'absent';
    throw error;
  }
}
