import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { GatewayConfig } from '../config/schema.ts';
import { storeSchema } from '../config/store.ts';
import { databaseFile } from '../store/embedded/store.ts';
import type { StoreSettings } from '../store/open.ts';

/** One side of a copy, as `openStore` takes it. */
export type Side = StoreSettings;

/** A SPEC that names no store; the message says what would. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
}

export const specForms =
  'embedded:FOLDER, influxdb:URL?bucket=NAME, or config (the store of --config)';
const settings = ['bucket', 'org', 'tokenFile', 'caFile', 'create'];

/**
 * What `--from` or `--to` names: `embedded:./data`, `influxdb:http://127.0.0.1:8086?bucket=kadoru&tokenFile=./token`
 * (also `org`, `caFile`, `create=true`), or `config`. A token itself is not taken: other users see command lines.
 * Throws SpecError.
 */
export function parseSpec(option: string, spec: string, config: GatewayConfig | undefined): Side {
  const id = config?.id ?? 'gateway';
  const [kind = '', rest = ''] = split(spec);
  if (spec === 'config') {
    if (config === undefined) throw new SpecError(`${option} config: needs --config FILE`);
    return config;
  }
  if (kind === 'embedded' && rest !== '')
    return { id, data: resolve(rest), store: { kind: 'embedded' } };
  if (kind === 'influxdb' && rest !== '')
    return { id, data: config?.data ?? resolve('.'), store: influxdb(option, rest) };
  throw new SpecError(`${option} "${spec}": is none of ${specForms}`);
}

/** Throws SpecError for a copy of a store onto itself, and for an embedded source that is not there. */
export function checkSides(from: Side, to: Side): void {
  if (from.store.kind === 'embedded' && !existsSync(databaseFile(from.data)))
    throw new SpecError(`--from: there is no ${databaseFile(from.data)}; name the data folder`);
  if (placeOf(from) === placeOf(to))
    throw new SpecError(`--from and --to name the same store: ${placeOf(from)}`);
}

/** Where a store is, for people and for telling two apart. */
export function placeOf({ data, store }: Side): string {
  if (store.kind === 'embedded') return `embedded, ${data}`;
  const { protocol, host, pathname } = new URL(store.url);
  return `InfluxDB ${protocol}//${host}${pathname.replace(/\/$/, '')}, "${store.bucket}"`;
}

function influxdb(option: string, address: string): Side['store'] {
  if (!URL.canParse(address)) throw new SpecError(`${option}: "${address}" is no URL`);
  const url = new URL(address);
  const given = Object.fromEntries(url.searchParams);
  for (const name of Object.keys(given))
    if (!settings.includes(name))
      throw new SpecError(`${option}: "${name}" is none of ${settings.join(', ')}`);
  const { create, tokenFile, caFile, ...others } = given;
  url.search = '';
  const parsed = storeSchema.safeParse({
    kind: 'influxdb',
    url: url.href.replace(/\/$/, ''),
    ...others,
    ...(tokenFile === undefined ? {} : { tokenFile: resolve(tokenFile) }),
    ...(caFile === undefined ? {} : { caFile: resolve(caFile) }),
    ...(create === undefined ? {} : { create: create === 'true' }),
  });
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new SpecError(`${option}: ${mistakes.join('; ')}`);
}

function split(spec: string): readonly string[] {
  const at = spec.indexOf(':');
  return at < 0 ? [spec] : [spec.slice(0, at), spec.slice(at + 1)];
}
