import { allocate } from './allocate.ts';
import { dayMs, japanMidnight } from './japan-day.ts';
import type { Span } from './span.ts';
import type { RegisterState } from './state.ts';

/**
 * Energy since 00:00 Japan time, from the spans that end after it, and from when to when it is known. Null where
 * nothing was measured today, or where something is in doubt that a person or the next readings must settle.
 * An amount across midnight is not today's: counting begins after it.
 */
export function daySoFar(
  state: RegisterState,
  spans: readonly Span[],
  nowMs: number,
): { wh: number; since: number; until: number } | null {
  const midnight = japanMidnight(nowMs);
  const today = spans.filter(({ from, to }) => to > midnight && from < midnight + dayMs);
  if (state.held.length > 0 || today.some(({ kind }) => kind === 'withheld')) return null;
  const counted = today.filter(({ kind, from }) => kind === 'metered' || from >= midnight);
  const [first] = counted;
  const last = counted.at(-1);
  if (first === undefined || last === undefined) return null;
  const [day] = allocate(counted, '1d', { from: midnight, to: midnight + dayMs });
  if (day === undefined) return null;
  return { wh: day.wh, since: Math.max(first.from, midnight), until: last.to };
}
