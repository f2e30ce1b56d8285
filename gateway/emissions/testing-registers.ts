import { step } from '../energy/account.ts';
import { allocate } from '../energy/allocate.ts';
import { byTime, type RegisterInput, type RegisterReading } from '../energy/input.ts';
import type { Register } from '../energy/outcome.ts';
import { defaultRules } from '../energy/rules.ts';
import type { Span } from '../energy/span.ts';
import { noState } from '../energy/state.ts';
import type { Conditions } from './conditions.ts';
import { lineOfHalfHours, type RegisterLine } from './register-line.ts';

/** For tests: registers around a first of April. */
export const april = Date.parse('2027-04-01T00:00:00+09:00');
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

export function reading(atMs: number, wh: number | null): RegisterReading {
  const quality = wh === null ? 'bad' : 'good';
  return { kind: 'reading', at: atMs, wh, quality, clock: 'synced' };
}

export function spansOf(inputs: readonly RegisterInput[], name = 'keihin/pv-1/generated'): Span[] {
  const register: Register = { meter: name, rules: defaultRules, resolutions: new Map() };
  const spans: Span[] = [];
  let state = noState;
  for (const input of inputs.toSorted(byTime)) {
    const outcome = step(state, input, register);
    state = outcome.state;
    spans.push(...outcome.spans);
  }
  return spans;
}

/** What a store knows of the same register. */
export function storedLine(spans: readonly Span[]): RegisterLine {
  const from = spans[0]?.from ?? 0;
  const to = spans.at(-1)?.to ?? 0;
  const onGrid = (at: number): boolean => at % (30 * minuteMs) === 0;
  return lineOfHalfHours(allocate(spans, '30m', { from, to }), {
    startKnown: onGrid(from),
    endKnown: onGrid(to),
  });
}

export const plainConditions: Conditions = {
  factorRule: 'transitional',
  operationStartedOn: '2026-04-02',
  window: { from: -Infinity, to: Infinity },
  obstacles: [],
};
