import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { normalAt } from './noise.ts';

/** What is in place of the thermometer's value: 85.000 degC after power-up, -127 degC for a bus error. */
export type ThermometerState = 'present' | 'missing' | 'power-up' | 'bus-error';

/** A DS18B20 resolves 1/16 K and reports milli-degC. */
export function ds18b20MilliC(celsius: number, seed: number, atMs: number): number {
  const noisy = celsius + 0.03 * normalAt(seed, 12, Math.floor(atMs / 1000));
  return Math.trunc(Math.round(noisy * 16) * 62.5);
}

/** Writes `{directory}/{sensor}/temperature` as Linux's w1_therm shows it; a missing sensor has no folder. */
export async function writeW1(
  directory: string,
  sensor: string,
  state: ThermometerState,
  milliC: number,
): Promise<void> {
  const folder = join(directory, sensor);
  if (state === 'missing') {
    await rm(folder, { recursive: true, force: true });
    return;
  }
  await mkdir(folder, { recursive: true });
  const shown = { present: milliC, 'power-up': 85_000, 'bus-error': -127_000 }[state];
  await writeFile(join(folder, '.temperature'), `${shown}\n`);
  await rename(join(folder, '.temperature'), join(folder, 'temperature'));
}
