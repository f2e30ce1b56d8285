import { createHash } from 'node:crypto';
import { z } from 'zod';
import { programmeSite } from '../records/programme-kinds.ts';
import type { OperatorRecord, Store } from '../store/port.ts';
import type { HandedOut } from './check.ts';
import type { ChainHead } from './job.ts';

const kind = 'seal-heads';
/** A field of InfluxDB holds 64 kB; this many pairs of a name and a head are about half of it. */
const headsAtOnce = 200;

const bodySchema = z.strictObject({
  digest: z.string(),
  part: z.int().positive(),
  heads: z.array(z.tuple([z.string(), z.string()])),
});

/** What goes out with a pull of a project: the heads of its registers' chains, and one digest over all of them. */
export interface HeadsOf {
  readonly digest: string;
  readonly heads: HandedOut;
}

/** The heads of some registers as they are now. */
export function headsOf(all: readonly ChainHead[], registers: ReadonlySet<string>): HeadsOf {
  const heads = all
    .filter(({ register }) => registers.has(register))
    .map(({ register, head }) => ({ register, head }));
  return { digest: headsDigest(heads), heads };
}

/** SHA-256 over `kadoru seal heads 1`, and a line `{register} {head}` for each register, ordered by register. */
export function headsDigest(heads: HandedOut): string {
  const lines = heads.map(({ register, head }) => `${register} ${head}\n`).toSorted();
  return createHash('sha256')
    .update(`kadoru seal heads 1\n${lines.join('')}`)
    .digest('hex');
}

/** The heads behind a digest as records. The same heads given out again stand under the same ids: the first ones stay. */
export function handedOutRecords(
  project: string,
  { digest, heads }: HeadsOf,
  at: number,
): OperatorRecord[] {
  const parts = Math.ceil(heads.length / headsAtOnce);
  return Array.from({ length: parts }, (_, index) => ({
    site: programmeSite,
    kind,
    id: `${project}/${digest}/${index + 1}`,
    subject: project,
    at,
    recordedAt: at,
    by: 'kadoru-gateway',
    body: {
      digest,
      part: index + 1,
      heads: heads
        .slice(index * headsAtOnce, (index + 1) * headsAtOnce)
        .map(({ register, head }) => [register, head]),
    },
  }));
}

/** The heads that were handed out under digests; a digest whose heads the store does not have, or not as they were, is missing. */
export async function headsBehind(
  store: Pick<Store, 'records'>,
  digests: ReadonlySet<string>,
): Promise<ReadonlyMap<string, HandedOut>> {
  const found = new Map<string, Map<string, HandedOut[number]>>();
  if (digests.size === 0) return new Map();
  for await (const { body } of store.records({ site: programmeSite, kind })) {
    const parsed = bodySchema.safeParse(body).data;
    if (parsed === undefined || !digests.has(parsed.digest)) continue;
    const heads = found.get(parsed.digest) ?? new Map<string, HandedOut[number]>();
    for (const [register, head] of parsed.heads) heads.set(register, { register, head });
    found.set(parsed.digest, heads);
  }
  return new Map(
    [...found].flatMap(([digest, heads]) => {
      const all = [...heads.values()];
      return headsDigest(all) === digest ? [[digest, all] as const] : [];
    }),
  );
}

/** Of no heads at all: nothing was sealed yet, and nothing is recorded of it. */
export const noHeads = headsDigest([]);
