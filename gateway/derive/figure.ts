import type { Pack } from '#gateway/contract';
import type { StoredReading } from '../store/port.ts';

/** One measured value as shown: with its age, its quality, and null whenever it is not known now. */
export interface Figure {
  readonly value: number | null;
  readonly measuredAt: number | null;
  readonly ageMs: number | null;
  readonly quality: Pack['quality'];
  readonly why?: NonNullable<Pack['why']>;
}

/**
 * What may be shown of a reading now. Too old is `stale` and has no value: the last good one is not what is in the pack
 * (design.md, guarantee 3).
 */
export function figure(
  reading: StoredReading | undefined,
  nowMs: number,
  staleAfterMs: number,
): Figure {
  if (reading === undefined)
    return { value: null, measuredAt: null, ageMs: null, quality: 'bad', why: 'no-data' };
  const ageMs = Math.max(0, nowMs - reading.at);
  const timing = { measuredAt: reading.at, ageMs };
  if (ageMs > staleAfterMs) return { ...timing, value: null, quality: 'bad', why: 'stale' };
  const why = reading.why === null ? {} : { why: reading.why };
  const value = reading.quality === 'bad' ? null : reading.value;
  return { ...timing, value, quality: reading.quality, ...why };
}

export function worse(a: Pack['quality'], b: Pack['quality']): Pack['quality'] {
  const order = ['good', 'uncertain', 'bad'] as const;
  return order[Math.max(order.indexOf(a), order.indexOf(b))] ?? 'bad';
}
