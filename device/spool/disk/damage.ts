import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFileSync, unfinishedSuffix } from '../../atomic-file.ts';
import type { Log } from '../../log.ts';
import type { Losses } from '../losses.ts';
import type { Streams } from '../streams.ts';
import { encodeNote } from './note.ts';
import type { SpoolPaths } from './recover.ts';
import type { DamagedSegment } from './load.ts';
import type { SegmentLog } from './segment-log.ts';

/** Positions between readable neighbours, of which `lines` records cannot be read; empty if first > last. */
export interface LostSpan {
  readonly first: number;
  readonly last: number;
  readonly lines: number;
}

interface DamagedFiles {
  readonly files: SegmentLog;
  readonly damaged: readonly DamagedSegment[];
}

/** @param end the position behind the last that was written, where that is known. */
export function findDamage(
  files: SegmentLog,
  damaged: readonly DamagedSegment[],
  end: number | undefined,
  log: Log,
): LostSpan[] {
  return damaged.flatMap(({ segment, damages, unreadable }) => {
    log.error(
      { path: segment.path, damages, unreadable },
      'a spool file is damaged; what can be read of it is kept, and the file is put aside as *.corrupt',
    );
    const following = files.segments.find(({ first }) => first > segment.first)?.first;
    return damages.map(({ after, before, lines }) => ({
      first: after + 1,
      last: (before ?? following ?? end ?? 0) - 1,
      lines,
    }));
  });
}

/** Takes down what is lost. A span without numbers says only how much. */
export function reportDamage(
  losses: Losses,
  streams: Streams,
  { first, last, lines }: LostSpan,
): void {
  const why = 'unreadable on disk';
  if (first > last) {
    losses.carry([{ kind: 'corrupt', count: lines, why }], streams.current.id);
    return;
  }
  const { id, base } = streams.of(first);
  const seqs = { firstSeq: Math.max(0, first - base), lastSeq: Math.max(0, last - base) };
  losses.add({ kind: 'corrupt', why, stream: id, ...seqs, count: lines });
}

/** Puts damaged files aside and removes leftovers, once the report is on disk. A disk that refuses is left as it is. */
export function mend(
  paths: SpoolPaths,
  losses: Losses,
  parts: readonly DamagedFiles[],
  log: Log,
): void {
  try {
    if (!losses.empty) replaceFileSync(paths.losses, encodeNote({ losses: losses.save() }));
    for (const name of readdirSync(paths.folder))
      if (name.endsWith(unfinishedSuffix)) unlinkSync(join(paths.folder, name));
    for (const { files, damaged } of parts) {
      for (const { segment } of damaged) if (files.segments.includes(segment)) files.mend(segment);
      files.tidy(damaged);
      files.cutTorn();
    }
  } catch (error) {
    log.error({ error: String(error) }, 'the spool folder cannot be tidied; it is used as it is');
  }
}
