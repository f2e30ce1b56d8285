/** How often a unit that does not answer is still asked. */
const firstPauseMs = 5_000;
const longestPauseMs = 60_000;
/** One lost answer is noise; two in a row are a meter that is off. */
const suspectAfter = 2;

/** Unanswered rounds in a row, and when the last one ended (monotonic ms). */
export interface Patience {
  readonly unanswered: number;
  readonly sinceMs: number;
}

export const freshPatience: Patience = { unanswered: 0, sinceMs: 0 };

export function afterRound({ unanswered }: Patience, answered: boolean, nowMs: number): Patience {
  return answered ? freshPatience : { unanswered: unanswered + 1, sinceMs: nowMs };
}

/** A suspect unit costs its bus a time-out each time; it is asked after the others and more and more seldom. */
export function isSuspect({ unanswered }: Patience): boolean {
  return unanswered >= suspectAfter;
}

/** Milliseconds from now until a suspect unit is asked again: pauses double from 5 s to a minute. */
export function pauseMs({ unanswered, sinceMs }: Patience, nowMs: number): number {
  const doublings = Math.min(Math.max(unanswered - suspectAfter, 0), 10);
  const fullMs = Math.min(longestPauseMs, firstPauseMs * 2 ** doublings);
  return Math.max(0, sinceMs + fullMs - nowMs);
}
