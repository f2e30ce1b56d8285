import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import type { MachineBoot } from '../spool/disk/waiting.ts';
import type { Clock } from './clock.ts';

/** Linux's id of this start of the machine (man 5 proc, random/boot_id). */
const bootIdPath = '/proc/sys/kernel/random/boot_id';

/** This start of the machine, and where the clock's monotonic 0 lies in it. Without an id every process is its own. */
export async function readMachineBoot(clock: Clock): Promise<MachineBoot> {
  const id = await readFile(bootIdPath, 'utf8').catch(() => `process-${process.pid}-${Date.now()}`);
  return { id: id.trim(), startMs: uptime() * 1_000 - clock.monotonicMs() };
}
