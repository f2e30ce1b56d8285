import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Pull } from '#gateway/contract';
import { programmeSite } from '../../records/programme-kinds.ts';
import { handedOutRecords, type HeadsOf } from '../../seals/handed-out.ts';
import type { Store } from '../../store/port.ts';
import { pageOf } from '../paging.ts';

const kind = 'pull';
const bodySchema = z.object({
  what: z.string(),
  why: z.string(),
  seals: z.string().nullable().default(null),
});

/**
 * Writes down that data of members were asked for, and which heads of seals go out with them, before any is given.
 *
 * @param isNew whether these heads may not be in the store yet; heads change once a day.
 *   Rejects with StoreError.
 */
export async function logPull(
  store: Pick<Store, 'commit'>,
  { project, by, what, why, at }: Omit<Pull, 'id' | 'seals'>,
  heads: HeadsOf,
  isNew: boolean,
): Promise<void> {
  const about = { site: programmeSite, kind, id: randomUUID(), subject: project };
  const record = { ...about, at, recordedAt: at, by, body: { what, why, seals: heads.digest } };
  const given = isNew ? handedOutRecords(project, heads, at) : [];
  const nothing = { frames: [], readings: [], events: [], quarantine: [], stale: [] };
  await store.commit({ ...nothing, records: [record, ...given] });
}

/** A page of the pulls of a project, newest first. They are kept in the store: memory holds little more than the page. */
export async function pullsOf(
  store: Pick<Store, 'records'>,
  project: string,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ items: Pull[]; next?: string }> {
  let newest: Pull[] = [];
  for await (const record of store.records({ site: programmeSite, kind, subject: project })) {
    const { id, at, by } = record;
    newest.push({ id, at, by, project, ...bodySchema.parse(record.body) });
    if (newest.length > 4 * query.limit + 100)
      newest = pageOf(newest, { ...query, limit: query.limit + 1 }, (pull) => pull).items;
  }
  return pageOf(newest, query, (pull) => pull);
}
