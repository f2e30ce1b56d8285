import { replaceFileSync } from '../../atomic-file.ts';
import type { Losses } from '../losses.ts';
import type { Streams } from '../streams.ts';
import { type LostSpan, reportDamage } from './damage.ts';
import type { Faults } from './faults.ts';
import { encodeNote } from './note.ts';
import type { SegmentLog } from './segment-log.ts';
import type { Segment } from './segment.ts';

/** What is lost while the program runs: counted, and on disk as long as no frame on disk reports it. */
export class LossBook {
  readonly counts = { dropped: 0, thinned: 0, corrupt: 0 };
  readonly losses: Losses;
  readonly #path: string;
  readonly #streams: Streams;
  readonly #faults: Faults;
  #onDisk: boolean;

  constructor(losses: Losses, path: string, streams: Streams, faults: Faults) {
    this.losses = losses;
    this.#path = path;
    this.#streams = streams;
    this.#faults = faults;
    this.#onDisk = !losses.empty;
  }

  /** Whether the disk holds reports that frames have taken over since. */
  get outdated(): boolean {
    return this.#onDisk && this.losses.empty;
  }

  /** Throws when the disk does. */
  save(): void {
    replaceFileSync(this.#path, encodeNote({ losses: this.losses.save() }));
    this.#onDisk = !this.losses.empty;
  }

  corrupt(damage: LostSpan): void {
    this.counts.corrupt += damage.lines;
    reportDamage(this.losses, this.#streams, damage);
  }

  /** Memory is full while the disk fails. */
  droppedFromMemory(position: number): string {
    const { id, base } = this.#streams.of(position);
    const seqs = { firstSeq: position - base, lastSeq: position - base, count: 1 };
    this.counts.dropped += 1;
    this.losses.add({ kind: 'dropped', why: 'disk-failed', stream: id, ...seqs });
    return id;
  }

  /** A file was damaged since it was written or read last. Throws when the disk does. */
  mend(log: SegmentLog, segment: Segment): Segment {
    for (const { after, before, lines } of log.inspect(segment))
      this.corrupt({ first: after + 1, last: (before ?? segment.last + 1) - 1, lines });
    this.save();
    return log.mend(segment);
  }

  /** The file, mended if it was damaged; undefined if the disk cannot read it, and it is given up. */
  checked(log: SegmentLog, segment: Segment): Segment | undefined {
    try {
      return log.inspect(segment).length === 0 ? segment : this.mend(log, segment);
    } catch (error) {
      this.#faults.raise('read', error);
      const { first, last, held } = segment;
      this.corrupt({ first, last, lines: held.size });
      this.save();
      log.setAside(segment);
      return undefined;
    }
  }
}
