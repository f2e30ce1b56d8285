import { z } from 'zod';
import { eventSchema, type FrameEvent } from '#device/contract';

/** When something was sampled: by wall time once stamped, else by the monotonic instant of this process. */
export type Instant = { readonly at: number } | { readonly upMs: number };

/** Frames of one stream that will never come, and why. Sequence numbers: both ends included. */
export interface Loss {
  readonly kind: 'dropped' | 'thinned' | 'corrupt' | 'skipped';
  readonly why: string;
  readonly stream: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly count: number;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
}

const lossKinds: ReadonlySet<string> = new Set(['dropped', 'thinned', 'corrupt', 'skipped']);
/**
 * Separate reports and carried events of one frame; beyond it reports are joined. What cannot be joined is let go,
 * oldest first, and of events those first that no register depends on: then their number is told.
 */
const maxLosses = 64;
const maxCarriedEvents = 64;
const mayGoFirst: ReadonlySet<string> = new Set(['restart', 'clock']);

const seq = z.int().nonnegative();
const instantSchema = z.object({ at: z.int() }).optional();
const savedSchema = z.object({
  losses: z.array(
    z.object({
      kind: z.enum(['dropped', 'thinned', 'corrupt', 'skipped']),
      why: z.string(),
      stream: z.string(),
      firstSeq: seq,
      lastSeq: seq,
      count: seq,
      from: instantSchema,
      to: instantSchema,
    }),
  ),
  carried: z.array(eventSchema),
  letGo: seq.default(0),
});

/** What was lost since the last report. Reports that are lost themselves are taken in again, so no count is lost. */
export class Losses {
  #losses: Loss[] = [];
  #carried: FrameEvent[] = [];
  /** Reports and events that found no room here. */
  #letGo = 0;

  get empty(): boolean {
    return this.#losses.length + this.#carried.length + this.#letGo === 0;
  }

  add(loss: Loss): void {
    const alike = (known: Loss): boolean =>
      known.kind === loss.kind && known.why === loss.why && known.stream === loss.stream;
    const full = this.#losses.length >= maxLosses;
    const index = this.#losses.findIndex(
      (known) => alike(known) && (full || adjacent(known, loss)),
    );
    const known = this.#losses[index];
    if (known !== undefined) {
      this.#losses[index] = joined(known, loss);
      return;
    }
    this.#losses.push(loss);
    if (!full) return;
    this.#losses.shift();
    this.#letGo += 1;
  }

  /** Events of a frame that is lost, which was of this stream: they go on in the next report. */
  carry(events: readonly FrameEvent[], stream: string): void {
    for (const event of events) {
      const loss = lossOf(event, stream);
      if (loss !== undefined) this.add(loss);
      else this.#carry(event);
    }
  }

  #carry(event: FrameEvent): void {
    this.#carried.push(event);
    if (this.#carried.length <= maxCarriedEvents) return;
    const unneeded = this.#carried.findIndex(({ kind }) => mayGoFirst.has(kind));
    this.#carried.splice(Math.max(0, unneeded), 1);
    this.#letGo += 1;
  }

  /** The events for the frame that is stamped now: its `at` and `upMs` date what was lost before it was stamped. */
  report(at: number, upMs: number): FrameEvent[] {
    const dated = (instant: Instant | undefined): number | undefined => {
      if (instant === undefined) return undefined;
      return 'at' in instant ? instant.at : Math.round(at - (upMs - instant.upMs));
    };
    const events = this.#losses.map(
      ({ kind, why, stream, firstSeq, lastSeq, count, from, to }) => ({
        kind,
        from: dated(from),
        to: dated(to),
        count,
        why,
        stream,
        firstSeq,
        lastSeq,
      }),
    );
    const letGo = { kind: 'dropped', count: this.#letGo, why: 'events-full' } as const;
    return [...this.#carried, ...events, ...(this.#letGo > 0 ? [letGo] : [])];
  }

  clear(): void {
    this.#losses = [];
    this.#carried = [];
    this.#letGo = 0;
  }

  /** What another process can read. Monotonic instants mean nothing there and are left out. */
  save(): string {
    const kept = (instant: Instant | undefined) =>
      instant !== undefined && 'at' in instant ? instant : undefined;
    const losses = this.#losses.map((loss) => ({
      ...loss,
      from: kept(loss.from),
      to: kept(loss.to),
    }));
    return JSON.stringify({ losses, carried: this.#carried, letGo: this.#letGo });
  }

  /** Takes in what `save` wrote. Throws if that is not what it is. */
  restore(text: string): void {
    const { losses, carried, letGo } = savedSchema.parse(JSON.parse(text));
    this.#losses = losses;
    this.#carried = carried;
    this.#letGo = letGo;
  }
}

function adjacent(a: Loss, b: Loss): boolean {
  return b.firstSeq <= a.lastSeq + 1 && b.lastSeq >= a.firstSeq - 1;
}

function joined(a: Loss, b: Loss): Loss {
  const [earlier, later] = a.firstSeq <= b.firstSeq ? [a, b] : [b, a];
  return {
    ...a,
    firstSeq: earlier.firstSeq,
    lastSeq: Math.max(a.lastSeq, b.lastSeq),
    count: a.count + b.count,
    from: earlier.from ?? later.from,
    to: a.lastSeq > b.lastSeq ? (a.to ?? b.to) : (b.to ?? a.to),
  };
}

function lossOf(event: FrameEvent, stream: string): Loss | undefined {
  const { kind, why = '', firstSeq, lastSeq, count = 0, from, to } = event;
  if (!isLossKind(kind)) return undefined;
  if (typeof firstSeq !== 'number' || typeof lastSeq !== 'number') return undefined;
  return {
    kind,
    why,
    stream: typeof event['stream'] === 'string' ? event['stream'] : stream,
    firstSeq,
    lastSeq,
    count,
    from: from === undefined ? undefined : { at: from },
    to: to === undefined ? undefined : { at: to },
  };
}

function isLossKind(kind: string): kind is Loss['kind'] {
  return lossKinds.has(kind);
}
