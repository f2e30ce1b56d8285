import { elapsedMs, type Instant } from '../clock.ts';

/** After this long without a message everything shown is old; the gateway sends at least every 5 s. */
export const silenceLimitMs = 10_000;

/** Half to the whole of 1, 2, 4, then 5 s: quick when a gateway restarts, gentle when many pages wait for it. */
const longestDelayMs = 5_000;

type Phase =
  | { readonly kind: 'open'; readonly since: Instant }
  | { readonly kind: 'probing'; readonly since: Instant }
  | { readonly kind: 'waiting'; readonly since: Instant; readonly delayMs: number }
  | { readonly kind: 'signed-out' };

export interface LinkState {
  readonly phase: Phase;
  /** When the last readable message came. */
  readonly heard: Instant | undefined;
  /** The connection failed after `heard`. */
  readonly broken: boolean;
  /** Failures in a row. */
  readonly failures: number;
  /** Messages ignored because they were not what the contract promises, since the page was opened. */
  readonly unreadable: number;
}

export type LinkEvent =
  | { readonly kind: 'tick' | 'heard' | 'unreadable' | 'signed-in' }
  /** `refused`: the gateway answered, but not with a stream. */
  | { readonly kind: 'failed'; readonly refused: boolean }
  | { readonly kind: 'probed'; readonly signedOut: boolean };

type LinkEffect = 'open' | 'close' | 'probe' | 'nothing';

interface LinkStep {
  readonly state: LinkState;
  readonly effect: LinkEffect;
}

/** What a person is told. Everything but `live` makes every figure on the page old. */
export type LinkStatus = 'connecting' | 'live' | 'reconnecting' | 'no-data' | 'signed-out';

export function openingLink(now: Instant): LinkState {
  const phase = { kind: 'open', since: now } as const;
  return { phase, heard: undefined, broken: false, failures: 0, unreadable: 0 };
}

export function linkStatus(state: LinkState, now: Instant): LinkStatus {
  if (state.phase.kind === 'signed-out') return 'signed-out';
  if (state.heard === undefined) return state.failures === 0 ? 'connecting' : 'no-data';
  if (elapsedMs(state.heard, now) > silenceLimitMs) return 'no-data';
  return state.broken ? 'reconnecting' : 'live';
}

/** The connection's life: what happened and when goes in, what to do comes out. `random` is in [0, 1). */
export function superviseLink(
  state: LinkState,
  event: LinkEvent,
  now: Instant,
  random: number,
): LinkStep {
  switch (event.kind) {
    case 'heard':
      return state.phase.kind === 'open'
        ? keep({ ...state, heard: now, broken: false, failures: 0 })
        : keep(state);
    case 'unreadable':
      return keep({ ...state, unreadable: state.unreadable + 1 });
    case 'failed':
      return state.phase.kind === 'open' ? fail(state, event.refused, now, random) : keep(state);
    case 'probed':
      if (state.phase.kind !== 'probing') return keep(state);
      return event.signedOut
        ? keep({ ...state, phase: { kind: 'signed-out' } })
        : keep({ ...state, phase: wait(state.failures, now, random) });
    case 'signed-in':
      return open({ ...state, failures: 0 }, now);
    case 'tick':
      return tick(state, now, random);
  }
}

function tick(state: LinkState, now: Instant, random: number): LinkStep {
  const { phase } = state;
  switch (phase.kind) {
    case 'open': {
      const silentMs = Math.min(
        elapsedMs(phase.since, now),
        state.heard === undefined ? Infinity : elapsedMs(state.heard, now),
      );
      return silentMs > silenceLimitMs ? fail(state, false, now, random) : keep(state);
    }
    case 'waiting':
      return elapsedMs(phase.since, now) >= phase.delayMs ? open(state, now) : keep(state);
    case 'probing':
      return elapsedMs(phase.since, now) > silenceLimitMs
        ? keep({ ...state, phase: wait(state.failures, now, random) })
        : keep(state);
    case 'signed-out':
      return keep(state);
  }
}

function fail(state: LinkState, refused: boolean, now: Instant, random: number): LinkStep {
  const failures = state.failures + 1;
  const failed = { ...state, broken: true, failures };
  return refused
    ? { state: { ...failed, phase: { kind: 'probing', since: now } }, effect: 'probe' }
    : { state: { ...failed, phase: wait(failures, now, random) }, effect: 'close' };
}

function wait(failures: number, now: Instant, random: number): Phase {
  const longestMs = Math.min(longestDelayMs, 1_000 * 2 ** (failures - 1));
  return { kind: 'waiting', since: now, delayMs: longestMs * (0.5 + random / 2) };
}

function open(state: LinkState, now: Instant): LinkStep {
  return { state: { ...state, phase: { kind: 'open', since: now } }, effect: 'open' };
}

function keep(state: LinkState): LinkStep {
  return { state, effect: 'nothing' };
}
