import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { programmeSite } from '../records/programme-kinds.ts';
import type { OperatorRecord, Store } from '../store/port.ts';

const kind = 'store-identity';
const bodySchema = z.object({ id: z.string().regex(/^[0-9a-f]{12}$/) });

/**
 * The name of a store, by which a cursor is known to be its own: given once, and kept by a copy, which holds the same
 * changes under the same numbers. Rejects with StoreError.
 */
export async function storeIdentity(
  store: Pick<Store, 'records' | 'commit'>,
  nowMs: number,
): Promise<string> {
  for await (const { body } of store.records({ site: programmeSite, kind }))
    return bodySchema.parse(body).id;
  const id = randomBytes(6).toString('hex');
  const record: OperatorRecord = {
    site: programmeSite,
    kind,
    id: 'store',
    subject: '',
    at: nowMs,
    recordedAt: nowMs,
    by: 'gateway',
    body: { id },
  };
  const nothing = { frames: [], readings: [], events: [], quarantine: [], stale: [] };
  await store.commit({ ...nothing, records: [record] });
  return id;
}
