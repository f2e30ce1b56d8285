import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { edgeArguments, gpiodMajor, type GpiodMajor, levelArguments, parseLevel } from './gpiod.ts';
import type { PinLevel, WatchedPin } from './port.ts';

const run = promisify(execFile);
const answerTimeoutMs = 5_000;
/** Longer than any line of gpiomon, and than a reason a person would read. */
const longestLine = 200;

/** A `gpiomon` that runs. */
export interface Monitor {
  /** Resolves with the reason, in words, when it has ended. */
  readonly ended: Promise<string>;
  /** Ends it at once. */
  kill(): void;
}

/** Rejects in words when gpiomon is absent or of an unknown version. */
export async function askGpiodVersion(): Promise<GpiodMajor> {
  const { stdout } = await run('gpiomon', ['--version'], { timeout: answerTimeoutMs }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new Error(
        error.code === 'ENOENT'
          ? 'gpiomon is not installed: sudo apt-get install gpiod'
          : `gpiomon --version: ${error.message.trim()}`,
      );
    },
  );
  const major = gpiodMajor(stdout);
  if (major !== undefined) return major;
  throw new Error(
    `gpiomon --version says "${stdout.slice(0, longestLine).trim()}": only libgpiod 1 and 2 are known`,
  );
}

/** The level of a line now. Rejects in words; a line that is being watched is busy. */
export async function askLevel(
  major: GpiodMajor,
  chip: string,
  watched: WatchedPin,
): Promise<PinLevel> {
  const { stdout } = await run('gpioget', levelArguments(major, chip, watched), {
    timeout: answerTimeoutMs,
  }).catch((error: Error & { readonly stderr?: string }) => {
    throw new Error(hinted(error.stderr?.trim() || error.message));
  });
  const level = parseLevel(stdout);
  if (level === undefined)
    throw new Error(`gpioget said "${stdout.slice(0, longestLine).trim()}" and no level`);
  return level;
}

/** Starts `gpiomon` on one line. `onLine` gets what it prints, line by line; one that never ends ends it. */
export function startMonitor(
  major: GpiodMajor,
  chip: string,
  watched: WatchedPin,
  onLine: (line: string) => void,
): Monitor {
  // Killed with us, even by SIGKILL: an orphan would hold the line, and whoever started next found it busy.
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'gpiomon', ...edgeArguments(major, chip, watched)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let complaint = '';
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-longestLine);
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length <= longestLine) return;
    onLine(rest);
    rest = '';
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`setpriv could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
      resolve(hinted(complaint === '' ? `gpiomon ${how}` : `gpiomon ${how}: ${complaint.trim()}`));
    });
  });
  return { ended, kill: () => void child.kill('SIGKILL') };
}

/** What people can do about what the tools say of a line. */
function hinted(said: string): string {
  if (/permission denied/i.test(said))
    return `${said}; is this user in the group gpio? (sudo usermod -aG gpio USER, then log in again)`;
  if (/busy/i.test(said)) return `${said}; another program or driver holds this line (gpioinfo)`;
  return said;
}
