import type { RegisterEvent } from './event.ts';
import { isExplained, judge } from './judge.ts';
import { openEvent, type Outcome, type Register, spanTo } from './outcome.ts';
import type { Span } from './span.ts';
import type { Level, RegisterState, Run } from './state.ts';
import { ignoring, wordOn } from './word.ts';

/**
 * After a fall or a rise that nothing explains, readings are held as long as the register has hardly moved: they may
 * be a new segment, or a mistake (a wake-up zero, a garbled answer) after which the old level comes back.
 */
const maxRuns = 32;
const maxEvents = 8;

interface Value {
  readonly at: number;
  readonly wh: number;
  readonly quality: string;
}

/**
 * - `waits`: still not known.
 * - `rejoined`: the reading goes on from the old level; what was held never was energy.
 * - `new-segment`: what was held counts from here on; the steps to it that nothing explains are withheld.
 */
type Doubt =
  | { readonly kind: 'waits'; readonly outcome: Outcome }
  | { readonly kind: 'rejoined'; readonly events: readonly RegisterEvent[] }
  | ({ readonly kind: 'new-segment' } & Segment);
interface Segment {
  readonly level: Level;
  readonly spans: readonly Span[];
}

/** The first reading of what may be a new segment. */
export function hold(state: RegisterState, reading: Value, event: RegisterEvent): Outcome {
  const run = { ...runOf(reading), event };
  const held = [...state.held, run];
  return { state: { ...state, seenAt: reading.at, held }, spans: [], events: [event] };
}

function runOf({ at, wh, quality }: Value): Run {
  return { from: at, to: at, wh, uncertain: quality !== 'good', broken: false, event: null };
}

/** What the reading makes of the readings held, of which `last` is the last. */
export function inDoubt(
  state: RegisterState,
  level: Level,
  last: Run,
  reading: Value,
  register: Register,
): Doubt {
  const tail = tailOf(last);
  const segment = { kind: 'new-segment', ...asSegment(state, level, last, register) } as const;
  const fromTail = judge(tail, reading, state, register.rules);
  const goesOn = isExplained(fromTail);
  const event = openEvent(goesOn ? 'reported' : fromTail.kind, tail, reading, register);
  const word = wordOn(event, register);
  // A mistake leaves the doubt as it was; an amount is counted from what was held.
  if (word !== undefined)
    return 'ignoreUntil' in word.effect
      ? waits(ignoring(state, word.effect.ignoreUntil, word.event))
      : segment;
  if (rejoins(state, level, tail, reading, goesOn, register))
    return { kind: 'rejoined', events: rejoined(state.held) };
  if (!goesOn) {
    const events = state.held.filter(({ event }) => event !== null).length;
    return events >= maxEvents ? segment : waits(hold(state, reading, event));
  }
  const start = state.held.findLast(({ event }) => event !== null)?.wh ?? tail.wh;
  if (fromTail.kind === 'wrap' || reading.wh - start > register.rules.rejoinRiseWh) return segment;
  return waits(extended(state, last, reading, register));
}

function waits(outcome: Outcome): Doubt {
  return { kind: 'waits', outcome };
}

/**
 * Whether a reading goes on from the old level. Where the way up from a fall could also be new energy, only for a
 * limited time: the amount counted is then the smaller of the two.
 */
function rejoins(
  state: RegisterState,
  level: Level,
  tail: Level,
  reading: Value,
  goesOn: boolean,
  { rules }: Register,
): boolean {
  const verdict = judge(level, reading, state, rules);
  if (!isExplained(verdict)) return false;
  if (!goesOn) return true;
  return (
    tail.wh < level.wh && verdict.kind !== 'wrap' && reading.at - level.at <= rules.rejoinWithinMs
  );
}

export function rejoined(held: readonly Run[]): RegisterEvent[] {
  return held.flatMap(({ event }) =>
    event === null ? [] : [{ ...event, resolution: { kind: 'rejoined', by: 'rule' } }],
  );
}

function extended(state: RegisterState, last: Run, reading: Value, { rules }: Register): Outcome {
  const uncertain = reading.quality !== 'good';
  const same = reading.wh <= last.wh || state.held.length >= 2 * maxRuns;
  const close = reading.at - last.to <= rules.periodMs;
  const full = state.held.length >= maxRuns;
  const held =
    same && (full || (close && uncertain === last.uncertain))
      ? [...state.held.slice(0, -1), { ...last, to: reading.at, broken: last.broken || !close }]
      : [...state.held, { ...runOf(reading), wh: Math.max(reading.wh, last.wh) }];
  return { state: { ...state, seenAt: reading.at, held }, spans: [], events: [] };
}

function tailOf({ from, to, wh, uncertain }: Run): Level {
  return { at: to, wh, changedAt: from, uncertain };
}

/** What was held, taken as it is: unexplained steps withheld, the others counted. */
export function asSegment(
  { held }: RegisterState,
  level: Level,
  last: Run,
  { rules }: Register,
): Segment {
  const spans: Span[] = [];
  let previous = level;
  for (const run of held) {
    const first = { ...tailOf(run), at: run.from };
    const span = spanTo(previous, first, run.event === null ? run.wh - previous.wh : 0, rules);
    spans.push(run.event === null ? span : { ...span, kind: 'withheld', event: run.event.id });
    previous = tailOf(run);
    if (run.to > run.from) {
      const kind = run.broken ? 'gap' : 'metered';
      spans.push({ ...spanTo(first, previous, 0, rules), kind });
    }
  }
  return { level: tailOf(last), spans };
}
