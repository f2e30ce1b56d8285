import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** `gpiomon --version` of Debian 12 and of Debian 13. */
const versions = {
  1: 'gpiomon (libgpiod) v1.6.3',
  2: 'gpiomon (libgpiod) v2.2.1',
} as const;

/**
 * Where the options end and what the tool was asked must stand: either version takes only its own, so that a command
 * line for the other one fails as it does in earnest.
 */
const usage = {
  1: { gpiomon: '-b -B * -F %o?%e?%s?%n * *', gpioget: '-B * * *' },
  2: { gpiomon: '-c * -b * -e both -E monotonic -F %o?%E?%S *', gpioget: '-c * -b * --numeric *' },
} as const;

/**
 * Stands in for libgpiod's `gpiomon` and `gpioget` on PATH: two small shell programs that play what is written to them
 * through a pipe for each line. Edges while nobody watches are lost, as they are on a Pi.
 */
export interface GpiodDouble {
  /** The folder that belongs on PATH. */
  readonly bin: string;
  /** A line takes a level; the watching gpiomon prints it in its version's format, stamped now or as given. */
  edge(pin: number, level: 0 | 1, kernelMs?: number): void;
  /** The watching gpiomon prints this. */
  say(pin: number, text: string): void;
  /** Process id of the gpiomon that watches a line now. */
  pid(pin: number): number | undefined;
  /** It dies as by `kill`. False if none runs. */
  kill(pin: number): boolean;
  /** The next ones complain and fail. */
  refuse(complaint: string | undefined): void;
  /** Command lines since the beginning. */
  calls(): readonly string[];
  close(): void;
}

export async function createGpiodDouble(
  folder: string,
  version: 1 | 2,
  pins: readonly number[],
): Promise<GpiodDouble> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const file = (name: string): string => join(folder, name);
  writeFileSync(file('calls'), '');
  writeFileSync(file('refusal'), '');
  for (const tool of ['gpiomon', 'gpioget'] as const)
    writeFileSync(join(bin, tool), script(folder, version, tool), { mode: 0o755 });
  const pipes = new Map(
    pins.map((pin) => {
      writeFileSync(file(`level-${pin}`), '1\n');
      execFileSync('mkfifo', [file(`edges-${pin}`)]);
      // Open for both, so that a reader that comes and goes is neither waited for nor ended.
      return [pin, openSync(file(`edges-${pin}`), constants.O_RDWR)];
    }),
  );
  const pid = (pin: number): number | undefined => {
    try {
      const found = Number(readFileSync(file(`pid-${pin}`), 'utf8'));
      process.kill(found, 0);
      return found;
    } catch {
      return undefined; // none was started, or it is gone
    }
  };
  const say = (pin: number, text: string): void => {
    const pipe = pipes.get(pin);
    if (pipe !== undefined && pid(pin) !== undefined) writeSync(pipe, text);
  };
  return {
    bin,
    say,
    pid,
    edge(pin, level, kernelMs = Number(process.hrtime.bigint()) / 1e6) {
      writeFileSync(file(`level-${pin}`), `${level}\n`);
      say(pin, `${line(version, pin, level, kernelMs)}\n`);
    },
    kill(pin) {
      const found = pid(pin);
      if (found !== undefined) process.kill(found, 'SIGKILL');
      return found !== undefined;
    },
    refuse: (complaint = '') => writeFileSync(file('refusal'), complaint),
    calls: () => readFileSync(file('calls'), 'utf8').split('\n').slice(0, -1),
    close() {
      for (const pipe of pipes.values()) closeSync(pipe);
    },
  };
}

/** As the two versions write an edge in the formats above. */
function line(version: 1 | 2, pin: number, level: 0 | 1, kernelMs: number): string {
  const seconds = Math.floor(kernelMs / 1_000);
  const nanoseconds = Math.round((kernelMs - seconds * 1_000) * 1e6);
  return version === 1
    ? `${pin} ${level} ${seconds} ${nanoseconds}`
    : `${pin} ${level === 1 ? 'rising' : 'falling'} ${seconds}.${String(nanoseconds).padStart(9, '0')}`;
}

function script(folder: string, version: 1 | 2, tool: 'gpiomon' | 'gpioget'): string {
  const play = `echo $$ > '${folder}/pid-'"$pin"; exec cat '${folder}/edges-'"$pin"`;
  const show = `cat '${folder}/level-'"$pin"`;
  // Whatever a pattern's star stands for holds no blank here.
  const pattern = usage[version][tool].replaceAll(' ', '\\ ').replaceAll('?', '\\ ');
  return `#!/bin/sh
if [ "$1" = --version ]; then echo '${versions[version]}'; exit; fi
echo '${tool}' "$@" >> '${folder}/calls'
if [ -s '${folder}/refusal' ]; then cat '${folder}/refusal' >&2; exit 1; fi
case "$*" in ${pattern}) ;; *) echo '${tool}: unrecognized option' >&2; exit 1;; esac
for pin; do :; done
${tool === 'gpiomon' ? play : show}
`;
}
