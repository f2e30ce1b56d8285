import { eventId, type RegisterEvent, type Said } from './event.ts';
import type { Rules } from './rules.ts';
import type { Span } from './span.ts';
import type { Level, RegisterState } from './state.ts';

/** Which register it is, how it is judged, and what people have said of its events so far, by their `at`. */
export interface Register {
  /** `{site}/{asset}/{quantity}`. */
  readonly meter: string;
  readonly rules: Rules;
  readonly resolutions: ReadonlyMap<number, Said>;
}

export interface Outcome {
  readonly state: RegisterState;
  readonly spans: readonly Span[];
  readonly events: readonly RegisterEvent[];
}

const nothing: readonly never[] = [];

export function unchanged(state: RegisterState): Outcome {
  return { state, spans: nothing, events: nothing };
}

/** The span from one level to the next, whose energy is known. */
export function spanTo(from: Level, to: Level, wh: number, { periodMs }: Rules): Span {
  return {
    kind: to.at - from.at <= periodMs ? 'metered' : 'gap',
    from: from.at,
    to: to.at,
    wh,
    uncertain: from.uncertain || to.uncertain,
    event: null,
  };
}

export function openEvent(
  kind: RegisterEvent['kind'],
  level: Level,
  { at, wh }: { at: number; wh: number },
  { meter }: Register,
): RegisterEvent {
  const id = eventId(meter, at);
  const before = { before: level.wh, beforeAt: level.at };
  return { id, meter, at, kind, ...before, after: wh, resolution: null };
}
