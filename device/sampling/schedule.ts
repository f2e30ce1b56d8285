/** When things are due, on the monotonic clock: every multiple of the interval since the start, the start included. */
export interface Due<T> {
  readonly dueMs: number;
  /** Whatever has an instant that was not served yet, up to and including `dueMs`. */
  readonly items: readonly T[];
  /** Instants of these items that are served together with a later one, because serving took too long. */
  readonly missed: number;
}

interface Repeating {
  readonly sampleIntervalMs: number;
}

/**
 * The next instant worth serving. Everything due up to `servedMs` has been served. `startMs` and the intervals are whole:
 * with fractions an instant can come out a hair before itself, and be served again and again. Throws if they are not.
 */
export function nextDue<T extends Repeating>(
  items: readonly T[],
  startMs: number,
  servedMs: number,
  nowMs: number,
): Due<T> {
  for (const ms of [startMs, ...items.map(({ sampleIntervalMs }) => sampleIntervalMs)])
    if (!Number.isInteger(ms))
      throw new RangeError(`a schedule needs whole milliseconds, not ${ms}`);
  // An instant may be served late by half the shortest interval; after that it is over, and the next one serves it.
  const graceMs = Math.min(...items.map(({ sampleIntervalMs }) => sampleIntervalMs)) / 2;
  const afterMs = Math.max(servedMs, nowMs - graceMs);
  const dueMs = Math.min(...items.map((item) => firstAfter(item, startMs, afterMs)));
  const due = items.filter((item) => firstAfter(item, startMs, servedMs) <= dueMs);
  const instants = due.reduce((sum, item) => sum + countUpTo(item, startMs, servedMs, dueMs), 0);
  return { dueMs, items: due, missed: instants - due.length };
}

function firstAfter({ sampleIntervalMs }: Repeating, startMs: number, afterMs: number): number {
  const past = Math.floor((afterMs - startMs) / sampleIntervalMs);
  return startMs + Math.max(0, past + 1) * sampleIntervalMs;
}

/** Instants of one item after `servedMs`, up to and including `dueMs`. */
function countUpTo(item: Repeating, startMs: number, servedMs: number, dueMs: number): number {
  const first = firstAfter(item, startMs, servedMs);
  return Math.floor((dueMs - first) / item.sampleIntervalMs) + 1;
}
