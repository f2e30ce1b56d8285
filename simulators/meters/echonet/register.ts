/**
 * The counting side of a meter: what it really counted, and what it shows of it. Pure; counts are in the meter's own
 * unit.
 */
export interface RegisterState {
  /** Added to the truth before it wraps: wraps, resets and swaps move it. */
  readonly offset: number;
  /** Answers that are still to show 0, as meters do that answer before they have read their memory. */
  readonly zerosLeft: number;
  /** Every other answer is so much too low. */
  readonly jitter: number;
  readonly answers: number;
}

export const newRegister: RegisterState = { offset: 0, zerosLeft: 0, jitter: 0, answers: 0 };

export type RegisterFault =
  /** It stands so many counts below its wrap, whatever it counted. */
  | { readonly kind: 'wrap'; readonly below: number }
  | { readonly kind: 'reset' }
  /** Another meter is put in its place, and has counted `startsAt` already. */
  | { readonly kind: 'swap'; readonly startsAt: number }
  | { readonly kind: 'wake-up'; readonly zeros: number }
  | { readonly kind: 'jitter'; readonly counts: number };

export function withRegisterFault(
  state: RegisterState,
  fault: RegisterFault,
  counted: number,
  wrapAt: number,
): RegisterState {
  switch (fault.kind) {
    case 'wrap':
      return { ...state, offset: wrapAt - fault.below - counted };
    case 'reset':
      return { ...state, offset: -counted };
    case 'swap':
      return { ...newRegister, offset: fault.startsAt - counted };
    case 'wake-up':
      return { ...state, zerosLeft: fault.zeros };
    case 'jitter':
      return { ...state, jitter: fault.counts };
  }
}

/** What stands in the register now. */
export function standing({ offset }: RegisterState, counted: number, wrapAt: number): number {
  return (((counted + offset) % wrapAt) + wrapAt) % wrapAt;
}

/** What one answer shows, and the register after it. */
export function answerOf(
  state: RegisterState,
  counted: number,
  wrapAt: number,
): { readonly shown: number; readonly state: RegisterState } {
  const next = {
    ...state,
    zerosLeft: Math.max(0, state.zerosLeft - 1),
    answers: state.answers + 1,
  };
  if (state.zerosLeft > 0) return { shown: 0, state: next };
  const low = state.answers % 2 === 1 ? state.jitter : 0;
  return {
    shown: standing({ ...state, offset: state.offset - low }, counted, wrapAt),
    state: next,
  };
}
