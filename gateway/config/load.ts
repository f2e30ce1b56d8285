import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { checkListeners, type TlsConfig, tokenVariable } from '../access/index.ts';
import { resolveAlarmFiles } from '../alarms/index.ts';
import { configSchema, type GatewayConfig } from './schema.ts';

/** A configuration that cannot be used: every mistake at once, each with its path, the value given and the way out. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];
  constructor(file: string, mistakes: readonly string[]) {
    super([`${file} cannot be used:`, ...mistakes.map((mistake) => `  ${mistake}`)].join('\n'));
    this.mistakes = mistakes;
  }
}

/** Reads a configuration file; nothing is opened. Throws `ConfigError`. */
export function loadConfig(file: string, environment: NodeJS.ProcessEnv): GatewayConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(file, [error instanceof Error ? error.message : String(error)]);
  }
  return resolvePaths(parseConfig(text, file, environment), dirname(file));
}

/** Paths in a configuration are relative to the file they stand in, wherever the program is started. */
function resolvePaths(config: GatewayConfig, folder: string): GatewayConfig {
  const from = (path: string) => resolve(folder, path);
  const tls = (files: TlsConfig | undefined) =>
    files === undefined
      ? {}
      : { tls: { certFile: from(files.certFile), keyFile: from(files.keyFile) } };
  const file = (key: string, path: string | undefined) =>
    path === undefined ? {} : { [key]: from(path) };
  const { http, mqtt, store } = config;
  return {
    ...config,
    store:
      store.kind === 'embedded'
        ? store
        : { ...store, ...file('tokenFile', store.tokenFile), ...file('caFile', store.caFile) },
    data: from(config.data),
    alarms: resolveAlarmFiles(config.alarms, from),
    http: { ...http, ...tls(http.tls), ...file('operatorTokenFile', http.operatorTokenFile) },
    mqtt:
      'embedded' in mqtt
        ? { embedded: { ...mqtt.embedded, ...tls(mqtt.embedded.tls) } }
        : { ...mqtt, ...file('passwordFile', mqtt.passwordFile), ...file('caFile', mqtt.caFile) },
  };
}

export function parseConfig(
  text: string,
  file: string,
  environment: NodeJS.ProcessEnv,
): GatewayConfig {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw new ConfigError(
      file,
      document.errors.map(({ message }) => message),
    );
  const parsed = configSchema.safeParse(document.toJS() ?? {}, { reportInput: true });
  if (!parsed.success) throw new ConfigError(file, parsed.error.issues.flatMap(describe));
  const { http, mqtt } = parsed.data;
  const exposed = checkListeners({
    http,
    tokenInEnvironment: environment[tokenVariable] !== undefined,
    mqtt: 'embedded' in mqtt ? mqtt.embedded : undefined,
  });
  if (exposed.length > 0)
    throw new ConfigError(
      file,
      exposed.map(({ path, detail }) => `${path}: ${detail}`),
    );
  return parsed.data;
}

function describe(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join('.') || '(top)';
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return describeUnion(issue, path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) => `${[...issue.path, key].join('.')}: unknown key; remove it or check its spelling`,
    );
  const given = issue.input === undefined ? 'nothing' : JSON.stringify(issue.input)?.slice(0, 80);
  return [`${path}: ${issue.message} (given: ${given})`];
}

/** The branch somebody most likely meant is the one with the fewest mistakes. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, path: string): string[] {
  const [closest] = issue.errors.toSorted((a, b) => a.length - b.length);
  return [
    `${path}: ${issue.message}`,
    ...(closest ?? []).flatMap((inner) =>
      describe({ ...inner, path: [...issue.path, ...inner.path] }),
    ),
  ];
}
