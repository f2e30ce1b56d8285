import type { Rules } from './rules.ts';
import type { Level, RegisterState } from './state.ts';

/** What a new value is, seen from a level; `wh` is the energy between the two where that is known. */
export type Verdict = Rise | Unusual;
export type Unusual = Settled | Unexplained;
interface Rise {
  readonly kind: 'rise';
  readonly wh: number;
}
interface Settled {
  readonly kind: 'wrap' | 'jitter';
  readonly wh: number;
}
interface Unexplained {
  readonly kind: 'fall' | 'implausible-rise';
}

type Instrument = Pick<RegisterState, 'wrapAt' | 'ratedW'>;

const jitter: Verdict = { kind: 'jitter', wh: 0 };
const fall: Verdict = { kind: 'fall' };
const implausible: Verdict = { kind: 'implausible-rise' };

export function judge(
  level: Level,
  { at, wh }: { at: number; wh: number },
  instrument: Instrument,
  rules: Rules,
): Verdict {
  const { wrapAt } = instrument;
  const rise = wh - level.wh;
  if (rise >= 0) {
    if (rise <= believableWh(level, at, instrument, rules)) return { kind: 'rise', wh: rise };
    // Back over the wrap by a digit or two.
    const below = wrapAt !== null && wh < wrapAt ? wrapAt - rise : Infinity;
    return below <= rules.jitterWh ? jitter : implausible;
  }
  // facts/device.md: only from the last tenth to the first one, and never by more than the meter can have counted.
  if (wrapAt !== null && level.wh < wrapAt && level.wh > 0.9 * wrapAt && wh < 0.1 * wrapAt) {
    const over = wrapAt - level.wh + wh;
    if (over <= believableWh(level, at, instrument, rules)) return { kind: 'wrap', wh: over };
  }
  return -rise <= rules.jitterWh ? jitter : fall;
}

export function isExplained(verdict: Verdict): verdict is Rise | Settled {
  return verdict.kind !== 'fall' && verdict.kind !== 'implausible-rise';
}

/** The most a register may have risen by since it was last read, or last moved. */
export function believableWh(
  level: Level,
  at: number,
  instrument: Instrument,
  rules: Rules,
): number {
  const elapsedMs = at - level.at;
  const ratedW = instrument.ratedW ?? rules.ratedW;
  if (ratedW === undefined) return (rules.unratedW * elapsedMs) / 3_600_000 + rules.resolutionWh;
  const stillMs = Math.min(at - level.changedAt, rules.heldMs);
  const w = ratedW * rules.ratedFactor;
  return (w * Math.max(elapsedMs, stillMs)) / 3_600_000 + rules.resolutionWh;
}
