import { StoreError } from '../port.ts';
import { rowsOf, textAt } from './cells.ts';
import { type ClientOptions, InfluxClient, type WritePath } from './client.ts';
import { name } from './ql.ts';

/** A server that was found to be usable. */
export interface Connected {
  readonly client: InfluxClient;
  /** What it is, for people. */
  readonly detail: string;
}

/**
 * Finds out which server it is and whether it can keep everything: the version, the database, its retention. Rejects
 * with a StoreError that names the command that fixes it; whether we may write shows at the first write.
 * @param create makes a missing database, where the server is 1.x and lets us.
 */
export async function connect(options: ClientOptions, create: boolean): Promise<Connected> {
  const asking = new InfluxClient(options, 'v2');
  const version = await asking.version().finally(() => asking.close());
  const major = majorOf(version);
  const writePath: WritePath = version !== undefined && isBefore18(version) ? 'v1' : 'v2';
  const client = new InfluxClient(options, writePath);
  try {
    await findDatabase(client, major, create);
    await checkRetention(client, major);
  } catch (error) {
    client.close();
    throw error;
  }
  const path = writePath === 'v1' ? '/write' : '/api/v2/write';
  const { url, database } = client.place;
  const detail = `InfluxDB ${version ?? '(version not said)'} at ${withoutSecrets(url)}, "${database}", written through ${path}`;
  return { client, detail };
}

/** `1.6.7~rc0`, `v2.7.1`, `1.8.10-c1.8.10`; the first number of what the server says. */
function majorOf(version: string | undefined): number | undefined {
  const found = /^v?(\d+)\./.exec(version ?? '');
  return found === null ? undefined : Number(found[1]);
}

/** `/api/v2/write` came with 1.8 (its release notes). */
function isBefore18(version: string): boolean {
  const found = /^v?(\d+)\.(\d+)/.exec(version);
  if (found === null) return false;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return major < 1 || (major === 1 && minor < 8);
}

async function findDatabase(
  client: InfluxClient,
  major: number | undefined,
  create: boolean,
): Promise<void> {
  const { url, database } = client.place;
  const [db = ''] = database.split('/');
  const there = async (): Promise<boolean> => {
    const [series = []] = await client.query(['SHOW DATABASES']);
    return rowsOf(series).some((row) => row[0] === db);
  };
  if (await there()) return;
  const onlyQuery = major === undefined || major >= 2;
  if (create && !onlyQuery) {
    await client.query([`CREATE DATABASE ${name(db)}`]);
    if (await there()) return;
  }
  const fix = onlyQuery
    ? `influx bucket create --name ${db} --retention 0; where it exists, InfluxQL needs a mapping: ` +
      `influx v1 dbrp create --db ${db} --rp autogen --default --bucket-id <its id>`
    : `influx -execute 'CREATE DATABASE ${name(db)}'`;
  throw new StoreError(
    `store ${url}: there is no "${db}" (store.bucket), or the token may not see it; ${fix}`,
    true,
  );
}

/** What must be kept for ever (records, runs, quarantine) lies in the same database: nothing may expire in it. */
async function checkRetention(client: InfluxClient, major: number | undefined): Promise<void> {
  // 2.x keeps retention with the bucket and InfluxQL may not tell it; a point beyond it is refused when it is written.
  if (major !== 1) return;
  const { url, database } = client.place;
  const [db = '', policy] = database.split('/');
  const [series = []] = await client.query([`SHOW RETENTION POLICIES ON ${name(db)}`]);
  for (const { columns, values = [] } of series)
    for (const row of values) {
      const named = textAt(row, columns.indexOf('name'));
      const duration = textAt(row, columns.indexOf('duration'));
      const used =
        policy === undefined ? row[columns.indexOf('default')] === true : named === policy;
      if (used && duration !== '0s')
        throw new StoreError(
          `store ${url}: "${database}" forgets what is older than ${duration}; ` +
            `influx -execute 'ALTER RETENTION POLICY ${name(named)} ON ${name(db)} DURATION INF'`,
          true,
        );
    }
}

/** A URL may hold a password. */
function withoutSecrets(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href.replace(/\/$/, '');
}
