import type { PackProgress } from '../../derive/derivation.ts';
import type { PackBooks } from '../../derive/pack-books.ts';
import type { ConfiguredPack } from '../../derive/pack.ts';
import type { Store } from '../../store/port.ts';
import type { RecordDesk } from '../desk.ts';

/** Where the answers about what people stated come from. */
export interface RecordSources {
  readonly desk: RecordDesk;
  readonly store: Pick<Store, 'derived' | 'lastBefore' | 'stale'>;
  readonly books: (pack: ConfiguredPack) => PackBooks;
  /** Since when a pack's line is closed, as of now; null while it is open. */
  readonly isolatedSince: (pack: ConfiguredPack) => number | null;
  /** Recomputations under way. */
  readonly progress: () => readonly PackProgress[];
  readonly nowMs: () => number;
}

/** What every answer about a record begins with. */
export function recordedBy({
  id,
  by,
  recordedAt,
}: {
  readonly id: string;
  readonly by: string;
  readonly recordedAt: number;
}) {
  return { id, by, recordedAt };
}
