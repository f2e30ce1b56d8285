import { declaredReplacement, declaredRollback, provesOldLevel } from './announced.ts';
import type { RegisterEvent } from './event.ts';
import { asSegment, hold, inDoubt, rejoined } from './held.ts';
import { counts, type RegisterInput, type RegisterMeta, type RegisterReading } from './input.ts';
import { judge, type Unusual } from './judge.ts';
import { openEvent, type Outcome, type Register, spanTo, unchanged } from './outcome.ts';
import type { Level, RegisterState, Run } from './state.ts';
import { ignoring, wordOn } from './word.ts';

/**
 * Takes the next input of one register, in order of time (`byTime`). Answers what became known: spans of energy, each
 * beginning where the last one ended, and events; an event told again under its id has been settled since.
 * Readings that do not count, or are not newer, change nothing. Never throws, whatever the order and the values.
 */
export function step(state: RegisterState, input: RegisterInput, register: Register): Outcome {
  switch (input.kind) {
    case 'reading':
      return counts(input) ? take(state, input, register) : unchanged(state);
    case 'meta':
      return unchanged(introduced(state, input));
    case 'rollback':
      return unchanged(announcedRollback(state, input.wh ?? null));
    case 'restart':
      // What a starting meter shows is judged like everything else: nothing is expected of it.
      return unchanged(state);
  }
}

type Counted = RegisterReading & { readonly wh: number };

function take(before: RegisterState, reading: Counted, register: Register): Outcome {
  if (reading.at <= before.seenAt || reading.at <= before.ignoreUntil) return unchanged(before);
  const state = before.ignoreUntil === 0 ? before : { ...before, ignoreUntil: 0 };
  const { level } = state;
  // The first value of a register is where counting begins, whatever it shows: it is not energy.
  if (level === null) return unchanged(at(state, levelOf(reading)));
  if (state.announced !== null) return announced(state, level, reading, register);
  const last = state.held.at(-1);
  if (last !== undefined) return held(state, level, last, reading, register);
  const verdict = judge(level, reading, state, register.rules);
  if (verdict.kind !== 'rise') return unusual(state, level, reading, verdict, register);
  return (
    reported(state, level, reading, register) ?? moved(state, level, reading, verdict.wh, register)
  );
}

/** A reset in an outage may leave a register higher than it was: only a person can know. */
function reported(
  state: RegisterState,
  level: Level,
  reading: Counted,
  register: Register,
): Outcome | undefined {
  if (!register.resolutions.has(reading.at)) return undefined;
  return resolved(state, level, reading, openEvent('reported', level, reading, register), register);
}

function levelOf({ at, wh, quality }: Counted): Level {
  return { at, wh, changedAt: at, uncertain: quality !== 'good' };
}

function at(state: RegisterState, level: Level): RegisterState {
  return { ...state, seenAt: level.at, level, dipped: false, announced: null, held: [] };
}

/** A step whose energy is known, ending at the reading. */
function moved(
  state: RegisterState,
  level: Level,
  reading: Counted,
  wh: number,
  { rules }: Register,
): Outcome {
  const uncertain = reading.quality !== 'good';
  const changedAt = wh === 0 && reading.wh === level.wh ? level.changedAt : reading.at;
  const next = { at: reading.at, wh: reading.wh, changedAt, uncertain };
  return {
    state: {
      serial: state.serial,
      wrapAt: state.wrapAt,
      ratedW: state.ratedW,
      seenAt: reading.at,
      ignoreUntil: state.ignoreUntil,
      level: next,
      dipped: state.dipped && wh === 0,
      announced: null,
      held: state.held,
    },
    spans: [spanTo(level, next, wh, rules)],
    events: [],
  };
}

/** Anything but a rise: a person's word first, then the rules. */
function unusual(
  state: RegisterState,
  level: Level,
  reading: Counted,
  verdict: Unusual,
  register: Register,
): Outcome {
  const event = openEvent(verdict.kind, level, reading, register);
  const settled = resolved(state, level, reading, event, register);
  if (settled !== undefined) return settled;
  if (verdict.kind === 'wrap') {
    const outcome = moved(state, level, reading, verdict.wh, register);
    return { ...outcome, events: [{ ...event, resolution: { kind: 'wrap', by: 'rule' } }] };
  }
  if (verdict.kind === 'jitter') return dipped(state, level, reading, event, register);
  return hold(state, reading, event);
}

/** Below the highest value by a little: 0 Wh, and the level stays. One event until energy resumes. */
function dipped(
  state: RegisterState,
  level: Level,
  reading: Counted,
  event: RegisterEvent,
  { rules }: Register,
): Outcome {
  const next = { ...level, at: reading.at, uncertain: reading.quality !== 'good' };
  return {
    state: { ...at(state, next), dipped: true },
    spans: [spanTo(level, next, 0, rules)],
    events: state.dipped ? [] : [{ ...event, resolution: { kind: 'jitter', by: 'rule' } }],
  };
}

/** What a person said of this event, done; undefined where nobody did. */
function resolved(
  state: RegisterState,
  level: Level,
  reading: Counted,
  open: RegisterEvent,
  register: Register,
): Outcome | undefined {
  const word = wordOn(open, register);
  if (word === undefined) return undefined;
  const { event, effect } = word;
  if ('ignoreUntil' in effect) return ignoring(state, effect.ignoreUntil, event);
  const next = levelOf(reading);
  const span = { ...spanTo(level, next, effect.wh, register.rules), event: event.id };
  return { state: at(state, next), spans: [span], events: [event] };
}

/** Readings in doubt wait; this one may tell what they were. */
function held(
  state: RegisterState,
  level: Level,
  last: Run,
  reading: Counted,
  register: Register,
): Outcome {
  const doubt = inDoubt(state, level, last, reading, register);
  if (doubt.kind === 'waits') return doubt.outcome;
  const clear: Outcome =
    doubt.kind === 'rejoined'
      ? { state: { ...state, held: [] }, spans: [], events: doubt.events }
      : { state: at(state, doubt.level), spans: doubt.spans, events: [] };
  return after(clear, (next) => take(next, reading, register));
}

/** The reading that follows what the device announced. */
function announced(
  state: RegisterState,
  level: Level,
  reading: Counted,
  register: Register,
): Outcome {
  const last = state.held.at(-1);
  if (last !== undefined)
    return after(cleared(state, level, last, reading, register), (next) =>
      take(next, reading, register),
    );
  if (state.announced?.kind === 'replacement') {
    const open = openEvent('replacement', level, reading, register);
    const settled = resolved(state, level, reading, open, register);
    if (settled !== undefined) return settled;
    const { event, span } = declaredReplacement(state, level, reading, open, register);
    return { state: at(state, levelOf(reading)), spans: [span], events: [event] };
  }
  const quiet = { ...state, announced: null };
  const { event, level: base } = declaredRollback(state, level, reading, register);
  if (event === undefined) return take(quiet, reading, register);
  const settled = resolved(state, level, reading, event, register);
  if (settled !== undefined) return settled;
  // A dip below the old level says nothing of the new one: the next is an event again.
  const outcome = take({ ...quiet, level: base, dipped: false }, reading, register);
  // One reading is one event: where it cannot be explained even from the new base, that is the event.
  return outcome.events.length > 0 ? outcome : { ...outcome, events: [event] };
}

/** Nothing in doubt any more; what the device announced is kept. */
function cleared(
  state: RegisterState,
  level: Level,
  last: Run,
  reading: Counted,
  register: Register,
): Outcome {
  if (provesOldLevel(state, level, reading, register))
    return { state: { ...state, held: [] }, spans: [], events: rejoined(state.held) };
  const segment = asSegment(state, level, last, register);
  const next = { ...at(state, segment.level), announced: state.announced };
  return { state: next, spans: segment.spans, events: [] };
}

function after(first: Outcome, go: (state: RegisterState) => Outcome): Outcome {
  const second = go(first.state);
  return {
    state: second.state,
    spans: [...first.spans, ...second.spans],
    events: [...first.events, ...second.events],
  };
}

function introduced(state: RegisterState, meta: RegisterMeta): RegisterState {
  const serial = meta.serial ?? state.serial;
  const other = state.serial !== null && serial !== state.serial && state.level !== null;
  // Two replacements and no reading in between: what one meter declares does not explain both.
  const alone = state.announced?.kind !== 'replacement';
  return {
    ...state,
    serial,
    wrapAt: meta.wrapAt ?? null,
    ratedW: meta.ratedW ?? null,
    announced: other
      ? {
          kind: 'replacement',
          startWh: alone ? (meta.startWh ?? null) : null,
          finalWh: alone ? (meta.finalWh ?? null) : null,
        }
      : state.announced,
  };
}

function announcedRollback(state: RegisterState, wh: number | null): RegisterState {
  // Another meter explains more than a counter that went back.
  const { level, announced: before } = state;
  if (level === null || before?.kind === 'replacement') return state;
  return { ...state, announced: { kind: 'rollback', wh: lowest(before, wh) } };
}

/** Of several power cuts without a reading in between the deepest counts: the register has risen since. */
function lowest(before: RegisterState['announced'], wh: number | null): number | null {
  if (before?.kind !== 'rollback') return wh;
  return before.wh === null || wh === null ? null : Math.min(before.wh, wh);
}
