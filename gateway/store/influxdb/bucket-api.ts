import { z } from 'zod';
import { StoreError } from '../port.ts';
import type { InfluxClient } from './client.ts';

/**
 * Buckets and InfluxQL mappings of InfluxDB 2, as https://docs.influxdata.com/influxdb/v2/api/ describes them. Seen against
 * an emulation of these calls only, never against a 2.x server.
 */
export interface Bucket {
  readonly id: string;
  readonly orgID: string;
  /** After which the bucket forgets; 0 keeps for ever. */
  readonly keepsSeconds: number;
}

const bucketSchema = z
  .object({
    id: z.string(),
    orgID: z.string(),
    retentionRules: z.array(z.object({ everySeconds: z.int() })).default([]),
  })
  .transform(({ id, orgID, retentionRules }): Bucket => {
    const [rule] = retentionRules;
    return { id, orgID, keepsSeconds: rule?.everySeconds ?? 0 };
  });
const bucketsSchema = z.object({ buckets: z.array(bucketSchema) });
const orgsSchema = z.object({ orgs: z.array(z.object({ id: z.string() })) });

export async function findBucket(
  client: InfluxClient,
  org: string | undefined,
  bucket: string,
): Promise<Bucket | undefined> {
  const asked = new URLSearchParams({ name: bucket, ...(org === undefined ? {} : { org }) });
  const answer = await client.api('GET', `buckets?${asked.toString()}`);
  return answer === undefined ? undefined : understood(client, bucketsSchema, answer).buckets[0];
}

/** Makes a bucket that keeps for ever. */
export async function makeBucket(
  client: InfluxClient,
  org: string | undefined,
  bucket: string,
): Promise<Bucket> {
  const asked = new URLSearchParams(org === undefined ? {} : { org });
  const answer = await client.api('GET', `orgs?${asked.toString()}`);
  const [first] = answer === undefined ? [] : understood(client, orgsSchema, answer).orgs;
  if (first === undefined)
    throw new StoreError(
      `store ${client.place.url}: there is no organisation "${org ?? ''}", or the token may not see it; correct store.org (influx org list)`,
      true,
    );
  const order = { orgID: first.id, name: bucket, retentionRules: [] };
  return understood(client, bucketSchema, await client.api('POST', 'buckets', order));
}

/** Lets InfluxQL find a bucket under a database and a policy. */
export async function mapBucket(
  client: InfluxClient,
  { id: bucketID, orgID }: Bucket,
  database: string,
  retention_policy: string,
): Promise<void> {
  await client.api('POST', 'dbrps', {
    bucketID,
    orgID,
    database,
    retention_policy,
    default: true,
  });
}

function understood<Shape extends z.ZodType>(
  client: InfluxClient,
  schema: Shape,
  answer: unknown,
): z.output<Shape> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new StoreError(
    `store ${client.place.url}: its API does not answer as InfluxDB 2 does; make bucket and mapping by hand (influx bucket create, influx v1 dbrp create)`,
    true,
    parsed.error,
  );
}
