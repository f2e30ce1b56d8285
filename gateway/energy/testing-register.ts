import { step } from './account.ts';
import type { RegisterEvent, Said } from './event.ts';
import type { RegisterInput, RegisterReading } from './input.ts';
import type { Outcome, Register } from './outcome.ts';
import { defaultRules, type Rules } from './rules.ts';
import type { Span } from './span.ts';
import { noState, type RegisterState } from './state.ts';

/** For tests: a register in words. */
export const minuteMs = 60_000;
export const midnight = Date.parse('2026-04-01T00:00:00+09:00');

export function reading(minutes: number, wh: number | null, more = {}): RegisterReading {
  const at = midnight + minutes * minuteMs;
  return {
    kind: 'reading',
    at,
    wh,
    quality: wh === null ? 'bad' : 'good',
    clock: 'synced',
    ...more,
  };
}

/** Readings a minute apart. */
export function eachMinute(...values: readonly (number | null)[]): RegisterReading[] {
  return values.map((wh, minutes) => reading(minutes, wh));
}

export function registerWith(
  rules: Partial<Rules> = {},
  resolutions: ReadonlyMap<number, Said> = new Map(),
): Register {
  return {
    meter: 'keihin/pv-1/generated',
    rules: { ...defaultRules, ...rules },
    resolutions,
  };
}

export interface Account {
  readonly state: RegisterState;
  readonly spans: readonly Span[];
  /** Every event once, as it was told last. */
  readonly events: readonly RegisterEvent[];
}

export function account(
  inputs: readonly RegisterInput[],
  register: Register = registerWith(),
  from: RegisterState = noState,
): Account {
  const spans: Span[] = [];
  const events = new Map<string, RegisterEvent>();
  let state = from;
  for (const input of inputs) {
    const outcome: Outcome = step(state, input, register);
    state = outcome.state;
    spans.push(...outcome.spans);
    for (const event of outcome.events) events.set(event.id, event);
  }
  return { state, spans, events: [...events.values()] };
}

export function totalWh({ spans }: Pick<Account, 'spans'>): number {
  return spans.reduce((sum, { wh }) => sum + wh, 0);
}
