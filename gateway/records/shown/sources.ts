import type { PackProgress } from '../../derive/derivation.ts';
import type { PackBooks } from '../../derive/pack-books.ts';
import type { ConfiguredPack } from '../../derive/pack.ts';
import type { LedgerState } from '../../hydrogen/ledger/state.ts';
import type { Store } from '../../store/port.ts';
import type { RecordDesk } from '../desk.ts';

/** A pack's ledger as of now: up to a minute and a turn ahead of what is derived. */
export type LedgerNow = Pick<LedgerState, 'isolation' | 'segment' | 'anchors'>;

/** Where the answers about what people stated come from. */
export interface RecordSources {
  readonly desk: RecordDesk;
  readonly store: Pick<Store, 'derived' | 'lastBefore' | 'stale'>;
  readonly books: (pack: ConfiguredPack) => PackBooks;
  readonly ledger: (pack: ConfiguredPack) => LedgerNow;
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
