import { StoreError } from '../port.ts';
import { type Bucket, findBucket, makeBucket, mapBucket } from './bucket-api.ts';
import { rowsOf, textAt } from './cells.ts';
import type { InfluxClient } from './client.ts';
import { name } from './ql.ts';

/** What is looked for and may be made. */
export interface Provision {
  readonly client: InfluxClient;
  /** First number of the server's version; undefined where it does not say. */
  readonly major: number | undefined;
  readonly org: string | undefined;
  readonly create: boolean;
  /** Told what was made. */
  readonly made: (what: string) => void;
}

/**
 * Sees that the bucket or database is there, that InfluxQL finds it and that nothing in it expires: records, runs and
 * quarantine lie in it. Makes what is missing where it may; else rejects with a StoreError that names the command.
 */
export async function provide(provision: Provision): Promise<void> {
  await (provision.major === 1 ? provideDatabase(provision) : provideBucket(provision));
}

async function provideDatabase(provision: Provision): Promise<void> {
  const { client } = provision;
  const [db = '', policy] = parts(client);
  if (!(await isDatabase(client)))
    await makeByStatement(provision, `database "${db}"`, `CREATE DATABASE ${name(db)}`);
  const policies = await retentionPolicies(client, db);
  const used = policies.find((each) =>
    policy === undefined ? each.isDefault : each.name === policy,
  );
  if (used === undefined && policy !== undefined) {
    const statement = `CREATE RETENTION POLICY ${name(policy)} ON ${name(db)} DURATION INF REPLICATION 1`;
    await makeByStatement(provision, `retention policy "${policy}" of "${db}"`, statement);
  }
  if (used !== undefined && used.duration !== '0s')
    throw forgets(
      client,
      used.duration,
      `influx -execute 'ALTER RETENTION POLICY ${name(used.name)} ON ${name(db)} DURATION INF'`,
    );
}

async function provideBucket(provision: Provision): Promise<void> {
  const { client, major, org, create, made } = provision;
  const [db = '', policy = 'autogen'] = parts(client);
  const { database } = client.place;
  // A token for one bucket may not be let near the API: then only what InfluxQL shows is known.
  let bucket =
    major === 2 ? await findBucket(client, org, database).catch(() => undefined) : undefined;
  if (!(await isDatabase(client))) {
    if (!create || major !== 2) throw noBucket(client, db, policy, bucket);
    if (bucket === undefined) {
      bucket = await makeBucket(client, org, database);
      made(`bucket "${database}"`);
    }
    // A bucket finds its own name mapped by itself, unless another mapping stands.
    if (!(await isDatabase(client))) {
      await mapBucket(client, bucket, db, policy);
      made(`mapping of InfluxQL database "${db}", policy "${policy}", to bucket "${database}"`);
    }
  }
  if (bucket !== undefined && bucket.keepsSeconds > 0)
    throw forgets(
      client,
      `${bucket.keepsSeconds} s`,
      `influx bucket update --id ${bucket.id} --retention 0`,
    );
}

async function makeByStatement(
  { client, create, made }: Provision,
  what: string,
  statement: string,
): Promise<void> {
  const fix = `influx -execute '${statement}', or start kadoru-gateway with --create`;
  const missing = (why: string, cause?: unknown) =>
    new StoreError(
      `store ${client.place.url}: there is no ${what} (store.bucket)${why}; ${fix}`,
      true,
      cause,
    );
  if (!create) throw missing(', or store.tokenFile may not see it');
  try {
    await client.query([statement]);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw missing(` and it could not be made (${error.message})`, error);
  }
  made(what);
}

function noBucket(
  client: InfluxClient,
  db: string,
  policy: string,
  bucket: Bucket | undefined,
): StoreError {
  const { url, database } = client.place;
  const mapping = (id: string) =>
    `influx v1 dbrp create --db ${db} --rp ${policy} --default --bucket-id ${id}`;
  const fix =
    bucket === undefined
      ? `influx bucket create --name ${database} --retention 0; where it exists, InfluxQL needs a mapping: ${mapping('<its id>')}`
      : `the bucket exists, but InfluxQL needs a mapping: ${mapping(bucket.id)}`;
  return new StoreError(
    `store ${url}: there is no "${database}" (store.bucket), or the token may not see it; ${fix}; on 2.x kadoru-gateway --create makes both`,
    true,
  );
}

function forgets(client: InfluxClient, after: string, fix: string): StoreError {
  return new StoreError(
    `store ${client.place.url}: "${client.place.database}" (store.bucket) forgets what is older than ${after}; ${fix}`,
    true,
  );
}

function parts(client: InfluxClient): readonly string[] {
  return client.place.database.split('/');
}

async function isDatabase(client: InfluxClient): Promise<boolean> {
  const [db] = parts(client);
  const [series = []] = await client.query(['SHOW DATABASES']);
  return rowsOf(series).some((row) => row[0] === db);
}

async function retentionPolicies(client: InfluxClient, db: string) {
  const [series = []] = await client.query([`SHOW RETENTION POLICIES ON ${name(db)}`]);
  return series.flatMap(({ columns, values = [] }) =>
    values.map((row) => ({
      name: textAt(row, columns.indexOf('name')),
      duration: textAt(row, columns.indexOf('duration')),
      isDefault: row[columns.indexOf('default')] === true,
    })),
  );
}
