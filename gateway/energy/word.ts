import type { RegisterEvent } from './event.ts';
import type { Outcome, Register } from './outcome.ts';
import { type Effect, effectOf } from './resolution.ts';
import type { RegisterState } from './state.ts';

/** What a person said of an event, and what follows. */
export interface Word {
  readonly event: RegisterEvent;
  readonly effect: Exclude<Effect, string>;
}

/** Undefined where nobody said anything, or what cannot have happened: the event is open. */
export function wordOn(open: RegisterEvent, { resolutions }: Register): Word | undefined {
  const resolution = resolutions.get(open.at);
  if (resolution === undefined) return undefined;
  const effect = effectOf(resolution, open);
  return typeof effect === 'string' ? undefined : { event: { ...open, resolution }, effect };
}

/** The readings up to an instant were wrong: as if they had never come. */
export function ignoring(state: RegisterState, ignoreUntil: number, event: RegisterEvent): Outcome {
  return { state: { ...state, ignoreUntil }, spans: [], events: [event] };
}
