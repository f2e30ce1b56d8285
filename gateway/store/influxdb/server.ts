import { type ClientOptions, InfluxClient, type WritePath } from './client.ts';
import { provide, type Provision } from './provision.ts';

/** A server that was found to be usable. */
export interface Connected {
  readonly client: InfluxClient;
  /** What it is, for people. */
  readonly detail: string;
}

/**
 * Finds out which server it is and whether it can keep everything: the version, the database, its retention. Rejects
 * with a StoreError that names the command that fixes it; whether we may write shows at the first write.
 */
export async function connect(
  options: ClientOptions,
  { create, made }: Pick<Provision, 'create' | 'made'>,
): Promise<Connected> {
  const asking = new InfluxClient(options, 'v2');
  const version = await asking.version().finally(() => asking.close());
  const major = majorOf(version);
  const writePath: WritePath = version !== undefined && isBefore18(version) ? 'v1' : 'v2';
  const client = new InfluxClient(options, writePath);
  try {
    await provide({ client, major, org: options.org, create, made });
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

/** A URL may hold a password. */
function withoutSecrets(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href.replace(/\/$/, '');
}
