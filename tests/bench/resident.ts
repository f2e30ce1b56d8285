import { readFile } from 'node:fs/promises';

/** What a process holds in memory (VmRSS, man 5 proc), in megabytes of 1,000,000 bytes. */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024) / 1e6;
}
