import { dayMs, japanMidnight } from '../energy/japan-day.ts';
import { mayFill, told } from '../hydrogen/ledger/segments.ts';
import { emptyLedger, type LedgerState } from '../hydrogen/ledger/state.ts';
import { minuteMs } from '../hydrogen/ledger/step.ts';
import type { DerivedKey, Span, StaleMark, Store } from '../store/port.ts';
import { Checkpoints, type Settled as SettledState } from './checkpoints.ts';
import { eventRow } from './event-rows.ts';
import { minuteMeasurement } from './hour-rows.ts';
import { LedgerWalk } from './minute-rows.ts';
import { MinuteWriter } from './minute-writer.ts';
import { type ConfiguredPack, geometryAt, packKey, type PackStatements } from './pack.ts';
import { firstSampleAt, storedSamples } from './samples.ts';
import { minuteStaleKey } from './stale.ts';
import { Unfinished } from './unfinished.ts';

export const hydrogenMeasurement = minuteMeasurement;
export const eventMeasurement = 'pack_event';

/** Rows are written so many minutes at a time: memory stays flat however long the backlog is. Divides a day. */
const chunkMs = 6 * 60 * minuteMs;
/** States kept in memory: a backlog that arrives in order goes on from the last one. */
const mostRemembered = 8;

/** A ledger, and up to when it knows everything that is stored (epoch ms). */
type Settled = SettledState<LedgerState>;
const unsettled: Settled = { at: 0, state: emptyLedger };

export interface JobParts {
  readonly store: Pick<Store, 'commit' | 'readings' | 'derived' | 'putDerived'>;
  readonly pack: ConfiguredPack;
  /** What people stated about the pack, as it is now. */
  readonly statements: () => PackStatements;
}

/** A recomputation of the past under way: from where, how far, up to where (epoch ms). */
export interface Progress {
  readonly from: number;
  readonly reached: number;
  readonly to: number;
}

/**
 * Keeps one pack's derived rows in step with its stored readings. Work is a set of minutes that commits made stale: the
 * ledger goes on from the newest state before the first of them and writes every minute from there on, up to the newest
 * one, or until a midnight where nothing differs any more. Arrival order means nothing; a rebuild gives the same bytes.
 */
export class PackJob {
  readonly #parts: JobParts;
  readonly #checkpoints: Checkpoints<LedgerState>;
  readonly #minutes: MinuteWriter;
  readonly #unfinished: Unfinished;
  readonly #key: string;
  #settled: Settled = unsettled;
  /** False once something stated about the past has overtaken it: still shown, not built on. */
  #settledCounts = true;
  #derivedUntil = 0;
  #remembered: readonly Settled[] = [];
  #progress: Progress | undefined;

  constructor(parts: JobParts) {
    this.#parts = parts;
    this.#key = packKey(parts.pack);
    this.#minutes = new MinuteWriter(parts.store, this.#key);
    this.#unfinished = new Unfinished(parts.store, this.#measurement('pack_reached'));
    this.#checkpoints = new Checkpoints(
      parts.store,
      this.#measurement('pack_checkpoint'),
      (state) => (isLedger(state) ? state : undefined),
    );
  }

  /** The ledger after the newest minute that was derived. */
  get settled(): Settled {
    return this.#settled;
  }

  /** Undefined in the ordinary run, which only adds the newest minutes. */
  get progress(): Progress | undefined {
    return this.#progress;
  }

  /**
   * Takes up where the process before left off: the newest checkpoint, and what is stored since. Where the configuration
   * changed, or an older program derived, all of it becomes stale: a start does not wait for that.
   */
  async load(nowMs: number): Promise<void> {
    const { store, pack } = this.#parts;
    const to = Math.floor(nowMs / minuteMs) * minuteMs;
    const first = await firstSampleAt(store, pack);
    if (first === undefined) return;
    await this.goOn();
    const outdated = await this.#checkpoints.outdatedFrom(first, to, (at) => this.#basis(at));
    if (outdated !== undefined && outdated < to - dayMs) await this.#markStale(outdated);
    const start = await this.#startBefore(to);
    const walk = this.#walk(start);
    const from = start.at === 0 ? Math.max(first, to - dayMs) : start.at;
    await this.#follow(walk, { from, to });
    this.#settled = { at: to, state: walk.state };
    await this.#minutes.load(first, to);
    // Where the clock was set back, minutes stand ahead of it: late data changes those, too.
    this.#derivedUntil = Math.max(to, minuteAfter(this.#minutes.newestAt ?? to));
  }

  /** A recomputation that was cut off goes on from where it was. */
  goOn(): Promise<void> {
    return this.#unfinished.goOn(({ from, to }) => this.#markStale(from, to));
  }

  /** What was computed from later than `atMs` counts no longer: somebody stated something about that time. */
  forgetAfter(atMs: number): void {
    this.#remembered = this.#remembered.filter(({ at }) => at <= atMs);
    if (this.#settled.at > atMs) this.#settledCounts = false;
  }

  /** Recomputes from the first of some stale minutes on; all of them have ended. */
  async recompute(marks: ReadonlyMap<number, StaleMark>): Promise<void> {
    const minutes = [...marks.keys()];
    const from = Math.min(...minutes);
    const newest = Math.max(...minutes);
    const end = Math.max(newest + minuteMs, this.#derivedUntil);
    // States from after the first of them knew less than is stored now.
    this.#remembered = this.#remembered.filter(({ at }) => at <= from);
    const start = await this.#startBefore(from);
    if (from < this.#derivedUntil) this.#progress = { from, reached: from, to: end };
    try {
      const reached = await this.#run(start, { from, to: end }, marks, newest);
      this.#derivedUntil = end;
      this.#remember(reached);
      if (reached.at < end) return;
      this.#settled = reached;
      this.#settledCounts = true;
    } finally {
      this.#progress = undefined;
    }
  }

  async #startBefore(atMs: number): Promise<Settled> {
    const settled = this.#settledCounts ? [this.#settled] : [];
    const known = [...this.#remembered, ...settled].filter(({ at }) => at > 0 && at <= atMs);
    const nearest = known.reduce((best, other) => (other.at > best.at ? other : best), unsettled);
    const midnight = japanMidnight(atMs);
    if (nearest.at >= midnight) return nearest;
    const stored = (await this.#checkpoints.newestBefore(midnight)) ?? unsettled;
    return nearest.at > stored.at ? nearest : stored;
  }

  #walk({ state }: Settled): LedgerWalk {
    return new LedgerWalk(this.#parts.pack, this.#parts.statements(), state);
  }

  async #follow(walk: LedgerWalk, span: Span): Promise<void> {
    const { store, pack, statements } = this.#parts;
    for await (const sample of storedSamples(store, pack, statements(), span)) walk.take(sample);
    walk.closeAt(span.to);
  }

  /** Walks from a state to the end of the span and writes the span down. */
  async #run(
    start: Settled,
    span: Span,
    marks: ReadonlyMap<number, StaleMark>,
    newest: number,
  ): Promise<Settled> {
    const { store, pack } = this.#parts;
    const first = start.at === 0 ? await firstSampleAt(store, pack) : start.at;
    const walk = this.#walk(start);
    await this.#tellAgain(start);
    let at = Math.min(first ?? span.from, span.from);
    let [waiting, done] = [marks, span.from];
    while (at < span.to) {
      const to = Math.min(nextChunk(at), span.to);
      await this.#follow(walk, { from: at, to });
      await this.#write(walk, { from: Math.max(at, span.from), to });
      at = to;
      if (this.#progress !== undefined) this.#progress = { ...this.#progress, reached: at };
      if (at !== japanMidnight(at) || at <= span.from) continue;
      const midnight = { at, state: walk.state };
      const same = await this.#checkpoints.has(midnight, this.#basis(at));
      if (same && at > newest) break;
      await this.#unfinished.note({ from: done, to: at });
      if (!same) await this.#checkpoints.put(midnight, this.#basis(at));
      if (span.to - at <= dayMs) continue;
      waiting = await this.#done(at, waiting);
      done = at;
    }
    await store.putDerived(this.#measurement(hydrogenMeasurement), [], [...waiting.values()]);
    await this.#unfinished.end();
    return { at, state: walk.state };
  }

  /** A pack that was filling may have been told of as fuller than it will be now. */
  async #tellAgain({ at, state: { segment } }: Settled): Promise<void> {
    if (segment === null || !mayFill(segment, at)) return;
    const rows = [eventRow(told(segment))];
    await this.#parts.store.putDerived(this.#measurement(eventMeasurement), rows, []);
  }

  async #write(walk: LedgerWalk, span: Span): Promise<void> {
    const { rows, events } = walk.drain();
    if (span.from >= span.to) return;
    const { store } = this.#parts;
    const inside = ({ at }: { readonly at: number }) => at >= span.from && at < span.to;
    // A segment that is still filling is told again under its own, earlier time.
    const happened = events.filter(({ at }) => at < span.to).map(eventRow);
    await store.putDerived(this.#measurement(eventMeasurement), happened, [], span);
    await this.#minutes.put(rows.filter(inside), span);
  }

  /** So that a kill in a long recomputation costs a day and not all of it: what is done is done, the rest is remembered. */
  async #done(
    at: number,
    waiting: ReadonlyMap<number, StaleMark>,
  ): Promise<ReadonlyMap<number, StaleMark>> {
    const done = [...waiting].filter(([minute]) => minute < at);
    const marks = done.map(([, mark]) => mark);
    await this.#parts.store.putDerived(this.#measurement(hydrogenMeasurement), [], marks);
    return new Map([...waiting].filter(([minute]) => minute >= at));
  }

  async #markStale(...times: readonly number[]): Promise<void> {
    const { store, pack } = this.#parts;
    const nothing = { frames: [], readings: [], events: [], quarantine: [], records: [] };
    const stale = times.map((at) => minuteStaleKey(pack, at));
    await store.commit({ ...nothing, stale });
  }

  #basis(at: number) {
    const { pack, statements } = this.#parts;
    const said = statements();
    return {
      geometry: JSON.stringify(geometryAt(pack.geometry, said, at)),
      calibration: said.calibrations.findLast(({ fromMs }) => fromMs <= at)?.fromMs ?? null,
    };
  }

  #measurement(measurement: string): DerivedKey {
    return { measurement, key: this.#key };
  }

  #remember(settled: Settled): void {
    const others = this.#remembered.filter(({ at }) => at !== settled.at);
    this.#remembered = [...others, settled].slice(-mostRemembered);
  }
}

function isLedger(state: unknown): state is LedgerState {
  return (
    typeof state === 'object' &&
    state !== null &&
    Object.keys(emptyLedger).every((key) => key in state)
  );
}

function minuteAfter(atMs: number): number {
  return (Math.floor(atMs / minuteMs) + 1) * minuteMs;
}

function nextChunk(at: number): number {
  const midnight = japanMidnight(at);
  return midnight + (Math.floor((at - midnight) / chunkMs) + 1) * chunkMs;
}
