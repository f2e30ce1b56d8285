import { z } from 'zod';
import { step } from '../energy/account.ts';
import { allocate } from '../energy/allocate.ts';
import type { RegisterEvent } from '../energy/event.ts';
import type { RegisterInput } from '../energy/input.ts';
import { type Interval, joinParts } from '../energy/interval.ts';
import type { Register } from '../energy/outcome.ts';
import type { Span } from '../energy/span.ts';
import { noState, type RegisterState, registerStateSchema } from '../energy/state.ts';
import { intervalSchema } from './meter-rows.ts';

/** Where the account of a register stands: its state, and the half hour that its spans have not filled yet. */
export interface Account {
  readonly state: RegisterState;
  readonly running: Interval | null;
}
export const accountSchema: z.ZodType<Account> = z.strictObject({
  state: registerStateSchema,
  running: intervalSchema.nullable(),
});

export const noAccount: Account = { state: noState, running: null };

/** What a stretch of inputs gave: half hours that are complete, and events, the last word on each. */
export interface Accounted {
  readonly halfHours: readonly Interval[];
  readonly events: readonly RegisterEvent[];
  readonly spans: readonly Span[];
}

/** Walks a register over its inputs in order of time and cuts what it counted into half hours. */
export class RegisterWalk {
  readonly #register: Register;
  #account: Account;
  #spans: Span[] = [];
  #events = new Map<string, RegisterEvent>();

  constructor(register: Register, account: Account) {
    this.#register = register;
    this.#account = account;
  }

  /** As of the last `drain`, but for the state. */
  get account(): Account {
    return this.#account;
  }

  take(input: RegisterInput): void {
    const { state, spans, events } = step(this.#account.state, input, this.#register);
    this.#account = { ...this.#account, state };
    for (const span of spans) this.#spans.push(span);
    for (const event of events) this.#events.set(event.id, event);
  }

  /** Takes out what was accounted since the last call. */
  drain(): Accounted {
    const spans = this.#spans;
    const events = [...this.#events.values()];
    this.#spans = [];
    this.#events = new Map();
    return { halfHours: this.#cut(spans), events, spans };
  }

  #cut(spans: readonly Span[]): Interval[] {
    const [first] = spans;
    const last = spans.at(-1);
    if (first === undefined || last === undefined) return [];
    const halfHours = allocate(spans, '30m', { from: first.from, to: last.to });
    const { running } = this.#account;
    const [opening] = halfHours;
    if (running !== null && opening !== undefined) {
      if (opening.start === running.start) halfHours[0] = joinParts(running, opening);
      else halfHours.unshift(running);
    }
    const closing = halfHours.at(-1);
    const open = closing !== undefined && closing.end > last.to;
    if (open) halfHours.pop();
    this.#account = { ...this.#account, running: open ? closing : null };
    return halfHours;
  }
}
