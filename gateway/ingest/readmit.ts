import { parseDeviceTopic } from '#device/contract';
import type { StaleKeys } from '../derive/stale.ts';
import type { QuarantineEntry, QuarantineReason, Store } from '../store/port.ts';
import { decodeMessage, type Reception } from './decode.ts';
import {
  conflictReason,
  type QuarantineBook,
  refusedEventReason,
  refusedReason,
} from './quarantine-book.ts';

export interface Readmission {
  readonly id: string;
  readonly outcome: 'admitted' | 'still-refused';
  /** Why it is still refused. */
  readonly reasons: readonly QuarantineReason[];
}

/**
 * Feeds a quarantined entry in again under today's rules. What can be stored is stored (idempotently: most of a frame
 * may be there already); the entry leaves quarantine only when nothing of it is refused any more.
 */
export async function readmit(
  store: Store,
  book: QuarantineBook,
  entry: QuarantineEntry,
  reception: Reception,
  staleKeys: StaleKeys,
): Promise<Readmission> {
  const topic = parseDeviceTopic(entry.topic);
  const decoded =
    topic === undefined
      ? refusedWhole(`${entry.topic} is not a device topic`)
      : decodeMessage(topic, entry.bytes, reception);
  if (!decoded.ok) return { id: entry.id, outcome: 'still-refused', reasons: [decoded.refusal] };
  const readings = decoded.frames.flatMap((frame) => frame.readings);
  const events = decoded.frames.flatMap((frame) => frame.events);
  const {
    conflicts,
    refused = [],
    refusedEvents = [],
  } = await store.commit({
    frames: decoded.frames.flatMap(({ frame }) => frame ?? []),
    readings,
    events,
    quarantine: [],
    records: [],
    stale: staleKeys({ readings, events }),
  });
  const reasons = [
    ...decoded.frames.flatMap((frame) => frame.refusals),
    ...conflicts.map(conflictReason),
    ...refused.map(refusedReason),
    ...refusedEvents.map(refusedEventReason),
  ];
  if (reasons.length > 0) return { id: entry.id, outcome: 'still-refused', reasons };
  await store.release(entry.id);
  book.release(entry);
  return { id: entry.id, outcome: 'admitted', reasons: [] };
}

function refusedWhole(detail: string) {
  return { ok: false, refusal: { code: 'malformed', path: '', detail } } as const;
}
