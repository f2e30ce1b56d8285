import type { FrameEvent } from '#device/contract';

/** A dropped frame as its report names it: by wall time once stamped, else by the monotonic instant. */
export interface LostFrame {
  readonly seq: number;
  readonly upMs: number;
  readonly at: number | undefined;
  readonly events: readonly FrameEvent[];
}

/** Events of dropped frames that are carried on; beyond it the oldest are let go (there are two kinds, so few). */
const maxCarriedEvents = 64;

/** What was dropped since the last report. Reports that were themselves dropped are merged, so no count is lost. */
export class Losses {
  #count = 0;
  #from: LostFrame | undefined;
  #to: LostFrame | undefined;
  #merged: { from: number; to: number } | undefined;
  #seqs: { first: number; last: number } | undefined;
  #carried: FrameEvent[] = [];

  add(frame: LostFrame): void {
    this.#count += 1;
    this.#from ??= frame;
    this.#to = frame;
    this.#cover(frame.seq, frame.seq);
    for (const event of frame.events) this.#keep(event);
  }

  /** The events for the frame that is stamped next: its `at` and `upMs` date what was lost before it was stamped. */
  report(at: number, upMs: number): FrameEvent[] {
    const events = [...this.#carried];
    if (this.#count > 0) {
      const dated = (lost: LostFrame | undefined): number =>
        lost === undefined ? at : (lost.at ?? Math.round(at - (upMs - lost.upMs)));
      events.push({
        kind: 'dropped',
        from: Math.min(dated(this.#from), this.#merged?.from ?? at),
        to: Math.max(dated(this.#to), this.#merged?.to ?? 0),
        count: this.#count,
        why: 'spool-full',
        firstSeq: this.#seqs?.first,
        lastSeq: this.#seqs?.last,
      });
    }
    return events;
  }

  #cover(first: number, last: number): void {
    this.#seqs = {
      first: Math.min(first, this.#seqs?.first ?? first),
      last: Math.max(last, this.#seqs?.last ?? last),
    };
  }

  #keep(event: FrameEvent): void {
    if (event.kind !== 'dropped') {
      this.#carried = [...this.#carried, event].slice(-maxCarriedEvents);
      return;
    }
    const { from, to, count = 0, firstSeq, lastSeq } = event;
    this.#count += count;
    if (typeof firstSeq === 'number' && typeof lastSeq === 'number') this.#cover(firstSeq, lastSeq);
    if (from === undefined || to === undefined) return;
    this.#merged = {
      from: Math.min(from, this.#merged?.from ?? from),
      to: Math.max(to, this.#merged?.to ?? to),
    };
  }
}
