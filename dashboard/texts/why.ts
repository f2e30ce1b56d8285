import type { Pack } from '#gateway/contract';
import type { Reason } from '../plant/standing.ts';
import type { Texts } from './texts.ts';

/** Why a pack has no fresh pressure, and what to do about it: of a pack that people read, that is to read it. */
export function whyText(
  { why, whyManual }: Texts,
  { source }: Pick<Pack, 'source'>,
  reason: Reason,
): string {
  if (source === 'manual' && (reason === 'no-data' || reason === 'stale')) return whyManual[reason];
  return why[reason];
}
