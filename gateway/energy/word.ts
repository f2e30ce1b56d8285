import type { RegisterEvent } from './event.ts';
import type { Outcome, Register } from './outcome.ts';
import { type Effect, effectOf } from './resolution.ts';
import type { RegisterState } from './state.ts';

/** What a person said of an event, and what follows. */
export interface Word {
  readonly event: RegisterEvent;
  readonly effect: Exclude<Effect, string>;
}

/**
 * Undefined where nobody said anything of it, or what cannot have happened: the event is open. Late data may have moved
 * a fall to an earlier reading: what was said of it is no word on the plain rise that is left.
 */
export function wordOn(
  open: RegisterEvent,
  { resolutions }: Pick<Register, 'resolutions'>,
): Word | undefined {
  const said = resolutions.get(open.at);
  if (said === undefined) return undefined;
  const { about = open.kind, ...resolution } = said;
  if (open.kind === 'reported' && about !== 'reported') return undefined;
  const effect = effectOf(resolution, open);
  return typeof effect === 'string' ? undefined : { event: { ...open, resolution }, effect };
}

/** The readings up to an instant were wrong: as if they had never come. */
export function ignoring(state: RegisterState, ignoreUntil: number, event: RegisterEvent): Outcome {
  return { state: { ...state, ignoreUntil }, spans: [], events: [event] };
}
