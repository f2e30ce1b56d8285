import type { PinEvent } from '../board/port.ts';

/**
 * What is known of one pulse input. An S0 output (IEC 62053-31) pulls its line low for at least 30 ms; the pulse counts
 * when the line is released, and only if both its edges were seen.
 */
export type PulseLine =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'released' }
  | { readonly kind: 'pulled'; readonly sinceMs: number; readonly unsureMs: number }
  /** Low when watching began: how long, and whether it was counted before, nobody knows. */
  | { readonly kind: 'pulled-before' };

export type PulseStep = {
  readonly line: PulseLine;
  readonly happened: 'nothing' | 'pulse' | 'glitch' | 'lost' | 'found';
};

/**
 * One event of the pin. A pulse shorter than `minimumWidthMs` is a glitch, if it was surely that short: when this
 * process stalled, the reports of a whole pulse arrive together and their times mean nothing.
 */
export function stepPulseLine(line: PulseLine, event: PinEvent, minimumWidthMs: number): PulseStep {
  if (event.kind === 'lost')
    return { line: { kind: 'unknown' }, happened: line.kind === 'unknown' ? 'nothing' : 'lost' };
  if (event.kind === 'baseline')
    return { line: { kind: event.level === 0 ? 'pulled-before' : 'released' }, happened: 'found' };
  return event.level === 0 ? pulled(line, event) : released(line, event, minimumWidthMs);
}

type Level = Extract<PinEvent, { kind: 'level' }>;

function pulled(line: PulseLine, { atMs, unsureMs }: Level): PulseStep {
  if (line.kind !== 'released') return { line, happened: 'nothing' };
  return { line: { kind: 'pulled', sinceMs: atMs, unsureMs }, happened: 'nothing' };
}

function released(line: PulseLine, { atMs, unsureMs }: Level, minimumWidthMs: number): PulseStep {
  if (line.kind !== 'pulled') {
    return { line: line.kind === 'unknown' ? line : { kind: 'released' }, happened: 'nothing' };
  }
  const longestMs = atMs - line.sinceMs + Math.max(line.unsureMs, unsureMs);
  return { line: { kind: 'released' }, happened: longestMs < minimumWidthMs ? 'glitch' : 'pulse' };
}
