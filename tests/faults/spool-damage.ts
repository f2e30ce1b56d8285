import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { decodeRecord, eachLine } from '../../device/spool/disk/record.ts';
import type { Seeded } from './seeded.ts';

/** A frame that was whole before. `code`: what the converter gave; undefined for a value that was unknown. */
export interface DestroyedFrame {
  readonly stream: string;
  readonly seq: number;
  readonly at: number;
  readonly code: number | undefined;
}

/** Changes files of a spool whose program is dead; answers the frames it destroyed. */
export type Damage = (folder: string, random: Seeded) => readonly DestroyedFrame[];

/** A card that forgets: random bytes of one file. */
export const corruptBytes: Damage = (folder, random) =>
  destroyed(folder, () => {
    const path = random.pick(files(folder));
    const bytes = readFileSync(path);
    for (let flips = random.whole(1, 20); flips > 0 && bytes.length > 0; flips -= 1)
      bytes[random.whole(0, bytes.length - 1)] = random.whole(0, 255);
    writeFileSync(path, bytes);
  });

/** A power cut: what the kernel had not written yet of the newest file is gone, here up to all of it. */
export const cutPower: Damage = (folder, random) =>
  destroyed(folder, () => {
    const newest = files(folder)
      .filter((path) => path.endsWith('.frames'))
      .at(-1);
    if (newest !== undefined) truncateSync(newest, random.whole(0, statSync(newest).size));
  });

function destroyed(folder: string, damage: () => void): readonly DestroyedFrame[] {
  const before = frames(folder);
  damage();
  const after = new Set(frames(folder).map(({ stream, seq }) => `${stream}/${seq}`));
  return before.filter(({ stream, seq }) => !after.has(`${stream}/${seq}`));
}

function files(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => !name.endsWith('.corrupt'));
  return names.toSorted().map((name) => join(folder, name));
}

/** What of a stored frame matters here. */
const frameSchema = z
  .object({
    stream: z.string(),
    seq: z.int(),
    at: z.int(),
    readings: z.object({ 'pack-1/pressure': z.object({ raw: z.int().optional() }).optional() }),
  })
  .transform(({ readings, ...frame }) => ({ ...frame, code: readings['pack-1/pressure']?.raw }));

/** Every frame that can be read. The clock of the device is trusted from its start, so that none waits for a stamp. */
function frames(folder: string): DestroyedFrame[] {
  return files(folder).flatMap((path) => {
    const found: DestroyedFrame[] = [];
    eachLine(readFileSync(path), (line) => {
      const record = decodeRecord(line);
      if (record?.kind === 'F')
        found.push(frameSchema.parse(JSON.parse(line.toString('utf8', record.bodyStart))));
      return true;
    });
    return found;
  });
}
