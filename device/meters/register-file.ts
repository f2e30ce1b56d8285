import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../atomic-file.ts';
import { StartError } from '../start-error.ts';
import type { Register } from './register.ts';

/** A register as it was when it was written. */
export interface SavedRegister {
  readonly register: Register;
  /** Pulses counted since the file was first written. */
  readonly pulses: number;
  /** Trusted wall time at which the register stood so; 0 when time was never trusted. */
  readonly asOfMs: number;
}

const count = z.int().nonnegative();
const fileSchema = z
  .object({
    version: z.literal(1),
    wh: count,
    remainder: count,
    per: z.int().positive(),
    pulses: count,
    asOfMs: count,
  })
  .refine(({ remainder, per }) => remainder < per, {
    path: ['remainder'],
    error: 'must be below "per"',
  });

/** Reads a register; undefined if there is none yet. Rejects on a file that is not a register: it holds energy. */
export async function loadRegister(path: string): Promise<SavedRegister | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    const hint = 'is "data" in the configuration a folder, and may this program read it?';
    throw new StartError(`${path} cannot be read: ${error.message}; ${hint}`, 1, { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    const { wh, remainder, per, pulses, asOfMs } = fileSchema.parse(JSON.parse(text));
    return { register: { wh, remainder, per }, pulses, asOfMs };
  } catch (error) {
    throw new StartError(
      `${path} is not a register (${error instanceof Error ? error.message : String(error)}). ` +
        'Read the meter display, put it in the configuration as register: { wh, asOf }, and move this file away.',
      1,
      { cause: error },
    );
  }
}

/** Replaces the file so that a power cut leaves the old or the new register, never a torn one. */
export async function saveRegister(path: string, saved: SavedRegister): Promise<void> {
  const { register, pulses, asOfMs } = saved;
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, `${JSON.stringify({ version: 1, ...register, pulses, asOfMs })}\n`);
}
