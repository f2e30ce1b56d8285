import { halfHourMs } from '../energy/calendar.ts';
import type { RegisterEvent } from '../energy/event.ts';
import { counts, type RegisterInput } from '../energy/input.ts';
import type { Register } from '../energy/outcome.ts';
import type { Span } from '../energy/span.ts';
import type { RegisterState } from '../energy/state.ts';
import { type HalfHour, lineOfHalfHours, type RegisterLine } from '../emissions/register-line.ts';
import { type Account, RegisterWalk } from '../derive/meter-walk.ts';

/** The counting readings around an instant at which a register is known; both the same where one was read then. */
export interface Bracket {
  readonly from: number;
  readonly to: number;
}

/** What a device declared of a meter that took another one's place. */
export interface Declared {
  readonly startWh: number | null;
  readonly finalWh: number | null;
}

/** An event with what recomputing it needs beside what it says itself. */
export interface TracedEvent {
  readonly event: RegisterEvent;
  /** Of a wrap that a rule settled. */
  readonly wrapAt: number | null;
  readonly declared: Declared | null;
  /** The first reading that counts for itself again; null where there is none, and where none was left out. */
  readonly until: number | null;
}

/**
 * Walks a register as derivation does, and keeps what a claim shows of it: the line of what was counted, the readings
 * around every boundary, the events. Memory is that of a fiscal year of half hours.
 */
export class ClaimWalk {
  readonly #walk: RegisterWalk;
  readonly #keptFrom: number;
  readonly #halfHours: HalfHour[] = [];
  readonly #brackets = new Map<number, Bracket>();
  readonly #events = new Map<string, RegisterEvent>();
  readonly #trace = new Trace();
  readonly #begun: boolean;
  #startKnown = false;
  #lastTo = Number.NEGATIVE_INFINITY;

  /** @param keptFrom nothing is kept of before that. */
  constructor(register: Register, account: Account, keptFrom: number) {
    this.#walk = new RegisterWalk(register, account);
    this.#begun = account.state.level !== null;
    this.#keptFrom = keptFrom;
  }

  get state(): RegisterState {
    return this.#walk.account.state;
  }

  take(input: RegisterInput): void {
    const before = this.#walk.account.state;
    this.#walk.take(input);
    this.#trace.saw(before, input, this.#walk.account.state);
  }

  /** Takes in what came since the last call; once a day is enough. */
  settle(): void {
    const { halfHours, events, spans } = this.#walk.drain();
    for (const event of events) this.#events.set(event.id, event);
    const [first] = spans;
    if (first === undefined) return;
    if (!this.#begun && this.#lastTo === Number.NEGATIVE_INFINITY && onGrid(first.from)) {
      this.#startKnown = first.from >= this.#keptFrom;
      this.#bracket(first.from, { from: first.from, to: first.from });
    }
    for (const span of spans) this.#bracketsOf(span);
    for (const { start, wh, unallocated, coveredSeconds, openEvents } of halfHours)
      if (start >= this.#keptFrom)
        this.#halfHours.push({ start, wh, unallocated, coveredSeconds, openEvents });
    this.#lastTo = spans.at(-1)?.to ?? this.#lastTo;
  }

  /** Up to when all is counted. */
  get countedTo(): number {
    const last = this.#halfHours.at(-1);
    return last === undefined ? Number.NEGATIVE_INFINITY : last.start + halfHourMs;
  }

  line(): RegisterLine {
    const ends = { startKnown: this.#startKnown, endKnown: this.countedTo === this.#lastTo };
    return lineOfHalfHours(this.#halfHours, ends);
  }

  /** The readings around a boundary; undefined where the register is not known there. */
  bracket(at: number): Bracket | undefined {
    return this.#brackets.get(at);
  }

  /** Events, oldest first. */
  events(): TracedEvent[] {
    return [...this.#events.values()]
      .toSorted((a, b) => a.at - b.at)
      .map((event) => this.#trace.of(event));
  }

  #bracketsOf(span: Span): void {
    if (span.kind === 'metered')
      for (let at = gridAfter(span.from); at < span.to; at += halfHourMs)
        this.#bracket(at, { from: span.from, to: span.to });
    if (onGrid(span.to)) this.#bracket(span.to, { from: span.to, to: span.to });
  }

  #bracket(at: number, bracket: Bracket): void {
    if (at >= this.#keptFrom) this.#brackets.set(at, bracket);
  }
}

function onGrid(at: number): boolean {
  return at % halfHourMs === 0;
}

function gridAfter(at: number): number {
  return (Math.floor(at / halfHourMs) + 1) * halfHourMs;
}

/** What the account passed through at events, seen from its states. */
class Trace {
  readonly #until = new Map<number, number>();
  readonly #wrapAt = new Map<number, number>();
  readonly #declared = new Map<number, Declared>();
  #dippedAt: number | undefined;
  #ignoring: number | undefined;

  saw(before: RegisterState, input: RegisterInput, after: RegisterState): void {
    if (input.kind !== 'reading' || !counts(input)) return;
    const { at } = input;
    if (this.#ignoring !== undefined && at > this.#ignoring) {
      this.#until.set(this.#ignoring, at);
      this.#ignoring = undefined;
    }
    if (after.ignoreUntil > 0) this.#ignoring = after.ignoreUntil;
    if (before.announced?.kind === 'replacement') this.#declared.set(at, before.announced);
    if (before.wrapAt !== null && (after.level?.wh ?? 0) < (before.level?.wh ?? 0))
      this.#wrapAt.set(at, before.wrapAt);
    if (!before.dipped && after.dipped) this.#dippedAt = at;
    else if (before.dipped && !after.dipped && this.#dippedAt !== undefined)
      this.#until.set(this.#dippedAt, at);
    if (before.held.length > 0) this.#released(before, after, at);
  }

  /** Readings that were held and are no more: they count, or never did. */
  #released(before: RegisterState, after: RegisterState, at: number): void {
    const still = new Set(after.held.map(({ event }) => event?.at));
    for (const { event } of before.held)
      if (event !== null && !still.has(event.at)) this.#until.set(event.at, at);
  }

  of(event: RegisterEvent): TracedEvent {
    const { at, resolution } = event;
    const leftOut = ['jitter', 'rejoined', 'error'].includes(resolution?.kind ?? '');
    const ended = resolution?.kind === 'error' ? (resolution.until ?? at) : at;
    return {
      event,
      wrapAt: this.#wrapAt.get(at) ?? null,
      declared: this.#declared.get(at) ?? null,
      until: leftOut ? (this.#until.get(ended) ?? null) : null,
    };
  }
}
