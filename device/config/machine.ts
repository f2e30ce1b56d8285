import { access, constants, readFile, stat } from 'node:fs/promises';
import { askGpiodVersion } from '../board/gpiod-tools.ts';
import type { BoardConfig, LinuxBoardConfig } from './boards.ts';
import type { Mistake } from './references.ts';

/** What a `linux` board needs of the machine it runs on. */
export interface Machine {
  /** What keeps us from reading and writing a device, and the group it belongs to; undefined: nothing. */
  refusal(path: string): Promise<{ readonly code: string; readonly group: string } | undefined>;
  /** What is wrong with libgpiod's tools. */
  gpiodTrouble(): Promise<string | undefined>;
  /** What is wrong with the i2c-bus package. */
  i2cTrouble(): Promise<string | undefined>;
}

/**
 * Looks whether this machine has what the boards of a configuration are to open: what is missing at the start is a
 * mistake of a person, with a way out, and not a board that is away for now.
 */
export async function checkMachine(
  boards: readonly BoardConfig[],
  machine: Machine = thisMachine,
): Promise<Mistake[]> {
  const found: Mistake[] = [];
  for (const [index, board] of boards.entries())
    if (board.kind === 'linux')
      found.push(...(await checkBoard(`boards[${index}]`, board, machine)));
  return found;
}

async function checkBoard(
  path: string,
  { i2c, chip }: LinuxBoardConfig,
  machine: Machine,
): Promise<Mistake[]> {
  const mistakes: Mistake[] = [];
  const complain = (key: string, value: string, message: string | undefined): void => {
    if (message !== undefined)
      mistakes.push({ path: `${path}.${key}`, message: `${message}; found ${value}` });
  };
  if (i2c !== undefined) {
    const bus = `/dev/i2c-${i2c}`;
    const advice =
      'enable I2C (sudo raspi-config nonint do_i2c 0), or see what there is: ls /dev/i2c-*';
    complain('i2c', bus, await refused(bus, advice, machine));
    complain('i2c', bus, await machine.i2cTrouble());
  }
  if (chip !== undefined) {
    complain('chip', chip, await refused(chip, 'gpiodetect lists the chips there are', machine));
    complain('chip', chip, await machine.gpiodTrouble());
  }
  return mistakes;
}

async function refused(
  path: string,
  advice: string,
  machine: Machine,
): Promise<string | undefined> {
  const refusal = await machine.refusal(path);
  if (refusal === undefined) return undefined;
  const { code, group } = refusal;
  if (code === 'ENOENT') return `there is no ${path}: ${advice}`;
  if (code !== 'EACCES') return `${path} cannot be used (${code})`;
  return `no permission for ${path}: it belongs to the group ${group} (sudo usermod -aG ${group} USER, then log in again)`;
}

const installI2c =
  'sudo apt-get install build-essential python3, then in the folder of this program: npm ci && npm explore i2c-bus -- npm run install';

const thisMachine: Machine = {
  async refusal(path) {
    try {
      await access(path, constants.R_OK | constants.W_OK);
      return undefined;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return { code, group: await groupOf(path) };
    }
  },
  gpiodTrouble: () =>
    askGpiodVersion().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    ),
  i2cTrouble: () =>
    import('i2c-bus').then(
      () => undefined,
      () => `the package i2c-bus is not built on this machine: ${installI2c}`,
    ),
};

/** The name of the group a file belongs to (man 5 group), or its number. */
async function groupOf(path: string): Promise<string> {
  try {
    const { gid } = await stat(path);
    const groups = (await readFile('/etc/group', 'utf8')).split('\n').map((row) => row.split(':'));
    return groups.find(([, , id]) => id === String(gid))?.[0] ?? String(gid);
  } catch {
    return '(unknown)'; // no such file, or a machine without /etc/group
  }
}
