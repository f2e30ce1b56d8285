/**
 * The S0 output of an energy meter: an opto-coupler that pulls the line low for each pulse (IEC 62053-31: at least
 * 30 ms on and 30 ms off). A pulse is 60 ms wide; a meter that fell behind its energy, because a test or a fast world
 * asks for more than 8 pulses a second, shortens to the least the standard allows, and never below.
 */
export interface S0Output {
  /** Moves on by one millisecond; `duePulses` is the total that should have left by now. */
  step(duePulses: number): void;
  /** The line with its pull-up resistor: false during a pulse. */
  level(): boolean;
  /** Pulses that left completely, counted from the `emitted` it was made with. */
  readonly emitted: number;
}

const normalMs = 60;
const leastMs = 30;
const behindFrom = 8;

type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'low'; readonly leftMs: number; readonly restMs: number }
  | { readonly kind: 'rest'; readonly leftMs: number };

export function createS0Output(emittedBefore: number): S0Output {
  let emitted = emittedBefore;
  let phase: Phase = { kind: 'idle' };

  const begin = (duePulses: number): Phase => {
    const behind = duePulses - emitted;
    if (behind <= 0) return { kind: 'idle' };
    const widthMs = behind > behindFrom ? leastMs : normalMs;
    return { kind: 'low', leftMs: widthMs, restMs: widthMs };
  };

  const next = (duePulses: number): Phase => {
    if (phase.kind === 'idle') return begin(duePulses);
    if (phase.leftMs > 1) return { ...phase, leftMs: phase.leftMs - 1 };
    if (phase.kind === 'rest') return begin(duePulses);
    emitted += 1;
    return { kind: 'rest', leftMs: phase.restMs };
  };

  return {
    step(duePulses) {
      phase = next(duePulses);
    },
    level: () => phase.kind !== 'low',
    get emitted() {
      return emitted;
    },
  };
}
