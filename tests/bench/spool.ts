import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import type { DiskSpool } from '../../device/spool/disk/disk-spool.ts';
import { openSpool, spoolFolder, stampAt } from '../../device/spool/disk/testing-spool.ts';
import type { Row } from './row.ts';

export const weekFrames = 7 * 24 * 3_600;
const dayMinutes = 24 * 60;
const batchFrames = 500;
const batchBytes = 256_000;

const measuredSchema = z.object({
  appendsPerS: z.number(),
  openMs: z.number(),
  readsPerS: z.number(),
  diskMb: z.number(),
  frames: z.number(),
});

/** The spool on disk: a week of waiting frames in a process of its own, and what a day of one frame per second writes. */
export async function benchSpool(): Promise<Row[]> {
  const week = await inOwnProcess();
  const day = await writtenPerDay();
  const note = `${week.frames} frames wait, ${week.diskMb.toFixed(0)} MB on disk`;
  return [
    {
      name: 'spool, appends',
      value: week.appendsPerS,
      unit: '/s',
      note: 'one at a time, unsynced',
    },
    { name: 'spool, opening with a week', value: week.openMs, unit: 'ms', note },
    { name: 'spool, reading a week in batches', value: week.readsPerS, unit: '/s', note },
    {
      name: 'spool, written per day at 1 Hz, syncSeconds 60, each frame acknowledged',
      value: day.calledMb,
      unit: 'MB',
      note: 'bytes handed to write(2)',
    },
    {
      name: 'the same, pages sent to the disk',
      value: day.pagesMb,
      unit: 'MB',
      note: "write_bytes of /proc/self/io; the file system's journal not included",
    },
  ];
}

function append(spool: DiskSpool, second: number): void {
  const upMs = second * 1_000;
  const readings = {
    'pack-1/pressure': { value: 10 + second / 1e6, raw: 9_535, quality: 'good' },
    'pack-1/temperature': { value: 20 + second / 1e6, raw: 9_000, quality: 'good' },
  } as const;
  spool.append({ upMs, readings, events: [] }, stampAt(upMs));
}

/** A folder with a week of one frame per second. Answers how many were appended per second. */
export async function fillWeek(folder: string): Promise<number> {
  const spool = await openSpool(folder, { maxBytes: 400_000_000 });
  const startMs = performance.now();
  for (let second = 1; second <= weekFrames; second += 1) append(spool, second);
  const appendsPerS = weekFrames / ((performance.now() - startMs) / 1_000);
  await spool.close();
  return appendsPerS;
}

async function inOwnProcess(): Promise<z.infer<typeof measuredSchema>> {
  const folder = spoolFolder();
  const appendsPerS = await fillWeek(folder);
  const child = fork(new URL(import.meta.url), [folder], { execArgv: ['--import', 'tsx'] });
  const [message] = await once(child, 'message');
  rmSync(folder, { recursive: true });
  return measuredSchema.parse({ appendsPerS, ...message });
}

/** In the child: opens, reads everything once, and tells what it took. */
async function readWeek(folder: string): Promise<void> {
  const startMs = performance.now();
  const spool = await openSpool(folder, { maxBytes: 400_000_000 });
  const openMs = performance.now() - startMs;
  const { frames, bytes } = spool.stats();
  let from = 1;
  for (;;) {
    const last = spool.read(from, batchFrames, batchBytes).at(-1);
    if (last === undefined) break;
    from = last.position + 1;
  }
  const readsPerS = frames / ((performance.now() - startMs - openMs) / 1_000);
  process.send?.({ openMs, readsPerS, frames, diskMb: bytes / 1e6 });
  await spool.close();
}

async function writtenPerDay(): Promise<{ calledMb: number; pagesMb: number }> {
  const folder = spoolFolder();
  const spool = await openSpool(folder);
  const before = written();
  for (let minute = 0; minute < dayMinutes; minute += 1) {
    for (let second = 1; second <= 60; second += 1) {
      append(spool, minute * 60 + second);
      spool.free({ first: 1, last: spool.next - 1 });
    }
    await spool.sync();
  }
  const after = written();
  await spool.close();
  rmSync(folder, { recursive: true });
  return {
    calledMb: (after.called - before.called) / 1e6,
    pagesMb: (after.pages - before.pages) / 1e6,
  };
}

/** Bytes this process has written so far (man 5 proc, io). */
function written(): { called: number; pages: number } {
  const text = readFileSync('/proc/self/io', 'utf8');
  return {
    called: Number(/^wchar: (\d+)$/m.exec(text)?.[1]),
    pages: Number(/^write_bytes: (\d+)$/m.exec(text)?.[1]),
  };
}

const [childFolder] = process.argv.slice(2);
if (process.send !== undefined && childFolder?.startsWith('/') === true)
  await readWeek(childFolder);
