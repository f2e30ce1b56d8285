import { daySoFar } from '../energy/day-so-far.ts';
import { dayMs, japanMidnight } from '../energy/japan-day.ts';
import type { Span as EnergySpan } from '../energy/span.ts';
import type { Span, StaleMark, Store } from '../store/port.ts';
import { type ChangeLog, readingChangeMeasurement, readingChanges } from './changes.ts';
import { Checkpoints, type Settled } from './checkpoints.ts';
import { type ConfiguredMeter, meterSeries, type MeterStatements } from './meter.ts';
import { storedInputs } from './meter-inputs.ts';
import {
  type Account,
  type Accounted,
  accountSchema,
  noAccount,
  RegisterWalk,
} from './meter-walk.ts';
import { type Dependents, MeterWriter } from './meter-writer.ts';
import { dayStaleKey } from './stale.ts';
import { Unfinished } from './unfinished.ts';

export interface MeterJobParts {
  readonly store: Pick<
    Store,
    'commit' | 'readings' | 'lastBefore' | 'events' | 'derived' | 'putDerived'
  >;
  readonly meter: ConfiguredMeter;
  /** Numbers what changes. */
  readonly changes: ChangeLog;
  /** What people said of the meter, as it is now. */
  readonly statements: () => MeterStatements;
  readonly dependents?: Dependents;
}

/** Energy of a Japan day so far; null where it is not known. */
export interface MeterDay {
  readonly day: number;
  readonly energy: ReturnType<typeof daySoFar>;
}

/** What of a meter's settings its account depends on. */
export function accountSetup({ rules, settings }: ConfiguredMeter): string {
  return JSON.stringify([rules, settings.wrapAt ?? null]);
}

const always = { from: 0, to: Number.MAX_SAFE_INTEGER };

/**
 * Keeps one register's half hours, events and checkpoints in step with what is stored. Work is a set of days that
 * commits made stale: the account goes on from the checkpoint at the first one's midnight, up to the newest data or to
 * a midnight where nothing differs any more. Arrival order means nothing; only what changed is written.
 */
export class MeterJob {
  readonly #parts: MeterJobParts;
  readonly #checkpoints: Checkpoints<Account>;
  readonly #writer: MeterWriter;
  readonly #unfinished: Unfinished;
  readonly #basis: { readonly setup: string };
  #account: Account = noAccount;
  #day: MeterDay = { day: 0, energy: null };
  #derivedUntil = 0;

  constructor(parts: MeterJobParts) {
    const { store, meter, changes, dependents } = parts;
    this.#parts = parts;
    const key = { measurement: 'meter_checkpoint', key: meter.key };
    this.#checkpoints = new Checkpoints(store, key, (state) => accountSchema.safeParse(state).data);
    this.#writer = new MeterWriter(store, meter, changes, dependents);
    this.#unfinished = new Unfinished(store, { ...key, measurement: 'meter_reached' });
    this.#basis = { setup: accountSetup(meter) };
  }

  get meter(): ConfiguredMeter {
    return this.#parts.meter;
  }

  /** As of the newest input that was derived. */
  get account(): Account {
    return this.#account;
  }

  get day(): MeterDay {
    return this.#day;
  }

  /** Rises whenever a stored half hour or event may have changed. */
  get changes(): number {
    return this.#writer.written;
  }

  /**
   * Takes up where the process before left off. A meter that was never derived, or with other settings, is marked from
   * its first reading on.
   */
  async load(nowMs: number): Promise<void> {
    const { store, meter } = this.#parts;
    const newest = await store.lastBefore(meterSeries(meter), always.to);
    this.#derivedUntil = japanMidnight(Math.max(nowMs, newest?.at ?? 0)) + dayMs;
    const start = await this.#checkpoints.newestBefore(this.#derivedUntil - dayMs);
    if (start === undefined || start.basis['setup'] !== this.#basis.setup) {
      const first = await this.#firstAt();
      return this.#markStale(first === undefined ? [] : [first]);
    }
    const said = this.#parts.statements();
    const walk = this.#walk(start.state, said);
    let spans: readonly EnergySpan[] = [];
    for (let { at } = start; at < this.#derivedUntil; at += dayMs)
      ({ spans } = await this.#follow(walk, said, at));
    this.#settle(walk.account, spans);
  }

  /** A recomputation that was cut off goes on from where it was. */
  goOn(): Promise<void> {
    return this.#unfinished.goOn((span) => this.#markStale(daysOf(span)));
  }

  /** Recomputes from the first of some stale days on, and from there where the later ones are not reached. */
  async recompute(marks: ReadonlyMap<number, StaleMark>): Promise<void> {
    const days = [...marks.keys()].toSorted((a, b) => a - b);
    const newest = days.at(-1) ?? 0;
    const end = Math.max(newest + dayMs, this.#derivedUntil);
    let begun = false;
    for (let next = days[0]; next !== undefined;) {
      const start = await this.#startAt(next);
      begun ||= start.state === noAccount;
      const reached = await this.#run(start, next, end, days);
      next = days.find((day) => day >= reached);
    }
    const key = { measurement: readingChangeMeasurement, key: this.meter.key };
    const changes = readingChanges(days, await this.#writer.number(), begun);
    await this.#parts.store.putDerived(key, changes, [...marks.values()]);
    this.#writer.settle();
    this.#derivedUntil = end;
    await this.#unfinished.end();
  }

  async #run(
    start: Settled<Account>,
    from: number,
    end: number,
    days: readonly number[],
  ): Promise<number> {
    const said = this.#parts.statements();
    const walk = this.#walk(start.state, said);
    let window = await this.#writer.begin(start);
    let spans: readonly EnergySpan[] = [];
    for (let { at } = start; at < end;) {
      const accounted = await this.#follow(walk, said, at);
      window = await this.#writer.write(accounted, walk.account, window, at);
      spans = accounted.spans;
      at += dayMs;
      if (at >= end || at <= from) continue;
      const midnight = { at, state: walk.account };
      const same = await this.#checkpoints.has(midnight, this.#basis);
      // What is in doubt is told again later: then the events before this midnight are not yet what they were.
      if (same && walk.account.state.held.length === 0 && !days.includes(at)) return at;
      if (same) continue;
      await this.#unfinished.note({ from: days[0] ?? at, to: at });
      await this.#checkpoints.put(midnight, this.#basis);
    }
    await this.#writer.end(window);
    this.#settle(walk.account, spans);
    return end;
  }

  async #startAt(midnight: number): Promise<Settled<Account>> {
    const stored = await this.#checkpoints.newestBefore(midnight);
    if (stored !== undefined && stored.basis['setup'] === this.#basis.setup) return stored;
    const firstAt = await this.#firstAt();
    return { at: japanMidnight(Math.min(firstAt ?? midnight, midnight)), state: noAccount };
  }

  #walk(account: Account, { resolutions }: MeterStatements): RegisterWalk {
    const { meter } = this.#parts;
    const { wrapAt = null } = meter.settings;
    const { state } = account;
    // Until a device says what its meter is, the configuration does.
    const begun = state.seenAt === 0 && state.wrapAt === null ? { ...state, wrapAt } : state;
    return new RegisterWalk(
      { meter: meter.key, rules: meter.rules, resolutions },
      { ...account, state: begun },
    );
  }

  /** Walks over one day. */
  async #follow(walk: RegisterWalk, said: MeterStatements, at: number): Promise<Accounted> {
    const { store, meter } = this.#parts;
    for await (const input of storedInputs(store, meter, said, { from: at, to: at + dayMs }))
      walk.take(input);
    return walk.drain();
  }

  #settle(account: Account, spans: readonly EnergySpan[]): void {
    this.#account = account;
    const day = this.#lastDay(spans, account);
    this.#day = { day, energy: daySoFar(account.state, spans, day) };
  }

  #lastDay(spans: readonly EnergySpan[], { state }: Account): number {
    return japanMidnight(Math.max(spans.at(-1)?.to ?? 0, state.seenAt));
  }

  async #firstAt(): Promise<number | undefined> {
    const { store, meter } = this.#parts;
    let first: number | undefined;
    for await (const { at } of store.readings(meterSeries(meter), always)) {
      first = at;
      break;
    }
    if (first === undefined || meter.device === undefined) return first;
    const [event] = await store.events(meter.site, meter.device, { from: 0, to: first });
    return event?.at ?? first;
  }

  async #markStale(days: readonly number[]): Promise<void> {
    if (days.length === 0) return;
    const stale = days.map((day) => dayStaleKey(this.meter, day));
    const nothing = { frames: [], readings: [], events: [], quarantine: [], records: [] };
    await this.#parts.store.commit({ ...nothing, stale });
  }
}

/** Every day from one time to another. */
function daysOf({ from, to }: Span): number[] {
  const days: number[] = [];
  for (let day = japanMidnight(from); day <= to; day += dayMs) days.push(day);
  return days;
}
