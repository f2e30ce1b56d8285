import { basename } from 'node:path';
import { readWhole } from './files.ts';
import { NewerSpool } from './newer-spool.ts';
import { type Damage, emptySegment, type Segment } from './segment.ts';

export interface DamagedSegment {
  readonly segment: Segment;
  readonly damages: readonly Damage[];
  /** Why the whole file cannot be read; it has been renamed where the disk allows that. */
  readonly unreadable?: string;
  readonly torn?: boolean;
}

/** Reads files in the order of their names, which say the first position of each. Throws `NewerSpool`. */
export function loadSegments(
  paths: readonly string[],
  suffix: string,
): { readonly segments: Segment[]; readonly damaged: DamagedSegment[] } {
  const segments: Segment[] = [];
  const damaged: DamagedSegment[] = [];
  /** The file before, if its last record is torn. */
  let torn: Segment | undefined;
  for (const path of paths) {
    const first = Number(basename(path, suffix));
    if (!Number.isSafeInteger(first)) continue;
    const found = loadSegment(path, first, segments.at(-1)?.last ?? 0);
    if (found.damages.length > 0) damaged.push(found);
    // Nothing in it: killed before the first record was written, or wholly unreadable.
    if (found.segment.last < first) continue;
    // Where this file goes on without a gap, the torn record was written again.
    if (torn !== undefined && first > torn.last + 1)
      damaged.push({
        segment: torn,
        damages: [{ after: torn.last, before: undefined, lines: 1 }],
      });
    torn = found.torn === true ? found.segment : undefined;
    segments.push(found.segment);
  }
  return { segments, damaged };
}

function loadSegment(path: string, first: number, lastBefore: number): DamagedSegment {
  // A thinned file took in this one, and a kill came before this one was removed.
  if (first <= lastBefore) return { segment: emptySegment(path, first, false), damages: [] };
  try {
    return readWhole(path, first);
  } catch (error) {
    if (error instanceof NewerSpool) throw error;
    const damages = [{ after: first - 1, before: undefined, lines: 1 }];
    return { segment: emptySegment(path, first, false), damages, unreadable: String(error) };
  }
}
