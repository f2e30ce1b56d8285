import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { reasonOf } from '../complaint.ts';
import { openTap } from './tap.ts';
import { stepWorld, type WorldSetup, type WorldState } from './world.ts';

/** A world as it stood at a wall time, and how fast it was running. */
export interface Snapshot {
  readonly wallMs: number;
  readonly speed: number;
  readonly state: WorldState;
}

const finite = z.number();
const count = z.int().nonnegative();
const fuelCellSchema = z.strictObject({
  running: z.boolean(),
  milliwatts: count,
  tankJoules: count,
  generatedMillijoules: count,
  gasMicroDm3: count,
});
const gridSchema = z.strictObject({
  milliwatts: z.int(),
  importedMillijoules: count,
  exportedMillijoules: count,
  solarExportedMillijoules: count.default(0),
});
const unusedGrid = {
  milliwatts: 0,
  importedMillijoules: 0,
  exportedMillijoules: 0,
  solarExportedMillijoules: 0,
};
const unusedFuelCell = {
  running: true,
  milliwatts: 0,
  tankJoules: 0,
  generatedMillijoules: 0,
  gasMicroDm3: 0,
};
const snapshotSchema = z.strictObject({
  version: z.literal(1),
  wallMs: z.int(),
  speed: z.number().positive(),
  state: z.strictObject({
    worldMs: z.int(),
    packHeld: z.boolean(),
    generatedMillijoules: z.int().nonnegative(),
    // A world written down before there was one has a new one.
    fuelCell: fuelCellSchema.default(unusedFuelCell),
    grid: gridSchema.default(unusedGrid),
    pack: z.strictObject({
      hydrogenKg: z.number().positive(),
      gasC: finite,
      wallC: finite,
      drawnKg: finite,
      exchanges: z.int().nonnegative(),
      exchangedKg: finite,
      // A world written down before these could happen has none of them.
      closedCylinders: z.int().nonnegative().default(0),
      closedKg: z.number().nonnegative().default(0),
      lossNlPerMin: z.number().nonnegative().default(0),
      lostKg: finite.default(0),
    }),
    tap: z
      .strictObject({
        line: z.enum(['open', 'vented']),
        turnedAtMs: z.int(),
        turnedAtMpa: finite,
        trappedKgM3: z.number().nullable(),
      })
      .default(openTap),
  }),
});

/** Enough minutes to find the world as it was at the last reading that was stored. */
const kept = 16;
const namePattern = /^world-\d{13,}\.json$/;

export interface SnapshotBook {
  /** Writes one durably and drops the oldest beyond the ring. Rejects when the folder cannot be written. */
  save(snapshot: Snapshot): Promise<void>;
  /** Every readable snapshot, oldest first. An unreadable one is left out and named in `problems`. */
  load(): Promise<{
    readonly snapshots: readonly Snapshot[];
    readonly problems: readonly string[];
  }>;
}

const longestAbsenceMs = 31 * 86_400_000;

/**
 * The world of a snapshot at a later wall time: nobody watched, it went on at `speed`. Beyond `longestMs` of its own
 * time (31 days) it stood still.
 */
export function goOn(
  setup: WorldSetup,
  { wallMs, state }: Snapshot,
  untilWallMs: number,
  speed: number,
  longestMs: number = longestAbsenceMs,
): WorldState {
  const absentMs = Math.floor(Math.max(0, untilWallMs - wallMs) * speed);
  return stepWorld(setup, state, Math.min(absentMs, longestMs));
}

/** A ring of snapshots in a folder of its own, each written to a temporary file, synced and renamed. */
export function openSnapshotBook(folder: string): SnapshotBook {
  let tail: Promise<void> = Promise.resolve();
  return {
    save(snapshot) {
      const saved = tail.then(() => write(folder, snapshot));
      // The caller hears of a failure; the next save is tried all the same.
      tail = saved.catch(() => undefined);
      return saved;
    },
    load: () => loadAll(folder),
  };
}

async function write(folder: string, snapshot: Snapshot): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `world-${snapshot.wallMs}.json`);
  const file = await open(`${path}.new`, 'w');
  try {
    await file.writeFile(JSON.stringify({ version: 1, ...snapshot }));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  const old = (await names(folder)).slice(0, -kept);
  for (const name of old) await rm(join(folder, name), { force: true });
}

async function names(folder: string): Promise<string[]> {
  const all = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return all.filter((name) => namePattern.test(name)).toSorted(byNumber);
}

const numberOf = (name: string): number => Number(name.slice('world-'.length, -'.json'.length));
const byNumber = (left: string, right: string): number => numberOf(left) - numberOf(right);

async function loadAll(folder: string): ReturnType<SnapshotBook['load']> {
  const snapshots: Snapshot[] = [];
  const problems: string[] = [];
  for (const name of await names(folder)) {
    const path = join(folder, name);
    try {
      const { wallMs, speed, state } = snapshotSchema.parse(
        JSON.parse(await readFile(path, 'utf8')),
      );
      snapshots.push({ wallMs, speed, state });
    } catch (error) {
      problems.push(
        `${path} is not a snapshot of this version and is left out: ${reasonOf(error)}`,
      );
    }
  }
  return { snapshots, problems };
}
