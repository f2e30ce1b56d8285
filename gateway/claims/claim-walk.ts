import { step } from '../energy/account.ts';
import { halfHourMs } from '../energy/calendar.ts';
import type { RegisterEvent } from '../energy/event.ts';
import { counts, type RegisterInput } from '../energy/input.ts';
import type { Register } from '../energy/outcome.ts';
import type { Span } from '../energy/span.ts';
import type { RegisterState } from '../energy/state.ts';
import { type RegisterLine, SpanLine } from '../emissions/register-line.ts';

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

/** The grid of a year of half hours, and some around it. */
const gridLength = 18_000;

/**
 * Walks a register as derivation does, and keeps what a claim shows of it: the line of what was counted, the readings
 * around every boundary, the events. Memory is that of a fiscal year of boundaries.
 */
export class ClaimWalk {
  readonly #register: Register;
  readonly #keptFrom: number;
  readonly #line = new SpanLine();
  /** By boundary of the grid; 0 where the register is not known. */
  readonly #bracketFrom = new Float64Array(gridLength);
  readonly #bracketTo = new Float64Array(gridLength);
  readonly #events = new Map<string, RegisterEvent>();
  readonly #trace = new Trace();
  #state: RegisterState;
  #begun = false;
  #countedTo = Number.NEGATIVE_INFINITY;

  /** @param keptFrom a boundary of the grid: nothing is kept of before that. */
  constructor(register: Register, state: RegisterState, keptFrom: number) {
    this.#register = register;
    this.#state = state;
    this.#keptFrom = keptFrom;
  }

  get state(): RegisterState {
    return this.#state;
  }

  take(input: RegisterInput): void {
    const before = this.#state;
    const { state, spans, events } = step(before, input, this.#register);
    this.#state = state;
    this.#trace.saw(before, input, state);
    for (const event of events) this.#events.set(event.id, event);
    for (const span of spans) if (span.to > this.#keptFrom) this.#keep(span);
  }

  /** Up to when all is counted. */
  get countedTo(): number {
    return this.#countedTo;
  }

  line(): RegisterLine {
    return this.#line.line();
  }

  /** The readings around a boundary; undefined where the register is not known there. */
  bracket(at: number): Bracket | undefined {
    const index = (at - this.#keptFrom) / halfHourMs;
    const to = this.#bracketTo[index] ?? 0;
    return to === 0 ? undefined : { from: this.#bracketFrom[index] ?? 0, to };
  }

  /** Events, oldest first. */
  events(): TracedEvent[] {
    return [...this.#events.values()]
      .toSorted((a, b) => a.at - b.at)
      .map((event) => this.#trace.of(event));
  }

  #keep(span: Span): void {
    if (!this.#begun && onGrid(span.from)) this.#bracket(span.from, span.from, span.from);
    this.#begun = true;
    this.#line.add(span);
    if (span.kind === 'metered')
      for (let at = gridAfter(span.from); at < span.to; at += halfHourMs)
        this.#bracket(at, span.from, span.to);
    if (onGrid(span.to)) this.#bracket(span.to, span.to, span.to);
    this.#countedTo = span.to;
  }

  #bracket(at: number, from: number, to: number): void {
    const index = (at - this.#keptFrom) / halfHourMs;
    if (index < 0 || index >= gridLength) return;
    this.#bracketFrom[index] = from;
    this.#bracketTo[index] = to;
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
