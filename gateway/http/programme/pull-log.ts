import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Pull } from '#gateway/contract';
import { programmeSite } from '../../records/programme-kinds.ts';
import type { Store } from '../../store/port.ts';

const kind = 'pull';
const bodySchema = z.object({ what: z.string(), why: z.string() });

/** Writes down that data of members were asked for, before any is given. Rejects with StoreError. */
export async function logPull(
  store: Pick<Store, 'commit'>,
  { project, by, what, why, at }: Omit<Pull, 'id'>,
): Promise<void> {
  const about = { site: programmeSite, kind, id: randomUUID(), subject: project };
  const record = { ...about, at, recordedAt: at, by, body: { what, why } };
  const nothing = { frames: [], readings: [], events: [], quarantine: [], stale: [] };
  await store.commit({ ...nothing, records: [record] });
}

/** The pulls of a project; they are kept in the store and not in memory. */
export async function pullsOf(store: Pick<Store, 'records'>, project: string): Promise<Pull[]> {
  const pulls: Pull[] = [];
  for await (const record of store.records({ site: programmeSite, kind, subject: project })) {
    const { id, at, by } = record;
    pulls.push({ id, at, by, project, ...bodySchema.parse(record.body) });
  }
  return pulls;
}
