import { cpSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { eventSchema, frameHeadSchema } from '#device/contract';
import { ManualClock } from '../../clock/manual-clock.ts';
import type { Stamp } from '../../clock/stamper.ts';
import type { Log } from '../../log.ts';
import type { Draft, Spool } from '../port.ts';
import { type DiskSpool, type DiskSpoolSettings, openDiskSpool } from './disk-spool.ts';

/** What the tests of this folder share. */
export const startAtMs = Date.UTC(2026, 3, 1);
export const quietLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export function spoolFolder(): string {
  return join(mkdtempSync(join(tmpdir(), 'kadoru-spool-')), 'spool');
}

/** The folder as a kill of the process would leave it at this moment. */
export function snapshot(folder: string): string {
  const copy = spoolFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

let streams = 0;

/** Opens without the lock, so that one process can play several. */
export function openSpool(
  folder: string,
  changes: Partial<DiskSpoolSettings> = {},
  clock = new ManualClock({ wallMs: startAtMs, trusted: true }),
  log: Log = quietLog,
): Promise<DiskSpool> {
  const settings: DiskSpoolSettings = {
    folder,
    boot: 'boot-1',
    machine: { id: 'machine-1', startMs: 0 },
    maxBytes: 50_000_000,
    memoryBytes: 1_000_000,
    syncEachFrame: false,
    retryMs: 0,
    newStreamId: () => `stream-${(streams += 1)}`,
    ...changes,
  };
  return openDiskSpool(settings, clock, log, () => Promise.resolve(() => {}));
}

export const stampAt = (upMs: number): Stamp => ({ at: startAtMs + upMs, clock: 'synced' });

export function draftAt(upMs: number, events: Draft['events'] = []): Draft {
  return { upMs, readings: { 'pack-1/pressure': { value: upMs / 1_000 } }, events };
}

/** One frame per second, from `fromMs` on. */
export function fill(spool: Spool, count: number, fromMs = 1_000): void {
  for (let index = 0; index < count; index += 1) {
    const upMs = fromMs + index * 1_000;
    spool.append(draftAt(upMs), stampAt(upMs));
  }
}

const frameSchema = frameHeadSchema.extend({
  readings: z.record(z.string(), z.unknown()),
  events: z.array(eventSchema).default([]),
});

export function framesOf(spool: Spool): z.infer<typeof frameSchema>[] {
  return spool.read(1, Infinity, Infinity).map(({ text }) => frameSchema.parse(JSON.parse(text)));
}

export function textsOf(spool: Spool): string[] {
  return spool.read(1, Infinity, Infinity).map(({ text }) => text);
}

/** Names in a spool folder with this ending, oldest first. */
export function filesOf(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .toSorted();
}
