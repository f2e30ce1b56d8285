import { manualDevice } from '../../derive/pack.ts';
import type { StoredReading } from '../../store/port.ts';

/** What a person read, as a reading of the reserved device (design.md, wire contract). */
export function readByHand(
  measured: Pick<StoredReading, 'site' | 'asset' | 'quantity' | 'at' | 'value'>,
  nowMs: number,
): StoredReading {
  return {
    ...measured,
    device: manualDevice,
    raw: null,
    quality: 'good',
    why: null,
    clock: 'synced',
    stream: manualDevice,
    // Rises with the time of reading, which is all that orders what people enter.
    seq: measured.at,
    receivedAt: nowMs,
  };
}
