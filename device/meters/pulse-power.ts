/** Power from pulses: the energy between two pulses over the time between them. Times are monotonic ms. */
export interface PulsePower {
  /** When watching began, or began again. */
  readonly sinceMs: number;
  readonly lastPulseMs: number | undefined;
  /** The last pulse that the sample before has used, and pulses since then. */
  readonly anchorMs: number | undefined;
  readonly pulses: number;
  readonly watts: number | undefined;
}

/** Without any pulse for this long the bound below says more than "unknown" does. */
const silentMs = 600_000;

export function startPower(nowMs: number): PulsePower {
  return {
    sinceMs: nowMs,
    lastPulseMs: undefined,
    anchorMs: undefined,
    pulses: 0,
    watts: undefined,
  };
}

export function pulseSeen(power: PulsePower, atMs: number): PulsePower {
  // The first pulse opens the first interval; it ends none.
  if (power.lastPulseMs === undefined) return { ...power, lastPulseMs: atMs, anchorMs: atMs };
  return { ...power, lastPulseMs: atMs, pulses: power.pulses + 1 };
}

/**
 * Watts at `nowMs`; undefined while unknown. The mean over the intervals completed since the last sample; without a new
 * one the last mean, but never more than one pulse's energy over the time since the last pulse, which goes to 0.
 */
export function samplePower(
  power: PulsePower,
  nowMs: number,
  whPerPulse: number,
): { readonly power: PulsePower; readonly watts: number | undefined } {
  const wattMs = whPerPulse * 3_600_000;
  const { anchorMs, lastPulseMs, pulses } = power;
  const spanMs = (lastPulseMs ?? 0) - (anchorMs ?? 0);
  const complete = pulses > 0 && spanMs > 0;
  const next = complete
    ? { ...power, anchorMs: lastPulseMs, pulses: 0, watts: (pulses * wattMs) / spanMs }
    : power;
  const sinceMs = nowMs - (lastPulseMs ?? power.sinceMs);
  const boundWatts = sinceMs > 0 ? wattMs / sinceMs : Infinity;
  if (next.watts === undefined)
    return { power: next, watts: sinceMs >= silentMs ? boundWatts : undefined };
  return { power: next, watts: Math.min(next.watts, boundWatts) };
}
