import type { ThermometerState } from '../world/w1-directory.ts';

/**
 * A current loop: whole, cut (0 mA), short-circuited (24 mA, above NAMUR's 21 mA), or with a transmitter that is stuck and
 * goes on driving the same current.
 */
export type LoopState = 'whole' | 'cut' | 'short' | { readonly stuckAtMilliamps: number };
export type LoopName = 'pressure' | 'temperature';

/** What is broken now. The board being unplugged or reset is done to the board and is no lasting state here. */
export interface Faults {
  readonly loops: Readonly<Record<LoopName, LoopState>>;
  readonly adcPresent: boolean;
  readonly thermometer: ThermometerState;
}

export const noFaults: Faults = {
  loops: { pressure: 'whole', temperature: 'whole' },
  adcPresent: true,
  thermometer: 'present',
};

export type FaultCommand =
  | { readonly kind: 'loop'; readonly loop: LoopName; readonly state: LoopState }
  | { readonly kind: 'adc'; readonly present: boolean }
  | { readonly kind: 'thermometer'; readonly state: ThermometerState };

export function withFault(faults: Faults, command: FaultCommand): Faults {
  if (command.kind === 'adc') return { ...faults, adcPresent: command.present };
  if (command.kind === 'thermometer') return { ...faults, thermometer: command.state };
  return { ...faults, loops: { ...faults.loops, [command.loop]: command.state } };
}

const shortMilliamps = 24;

/** Current that reaches the shunt when the transmitter drives `milliamps`. */
export function throughLoop(state: LoopState, milliamps: number): number {
  if (typeof state === 'object') return state.stuckAtMilliamps;
  return { whole: milliamps, cut: 0, short: shortMilliamps }[state];
}
