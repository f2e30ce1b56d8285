import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { checkModbusReferences } from '../meters/modbus/references.ts';
import { StartError } from '../start-error.ts';
import { type Config, configSchema } from './schema.ts';
import { checkReferences, type Mistake } from './references.ts';

/** The configuration cannot be used. The message lists every mistake with its path and value. */
export class ConfigError extends StartError {
  readonly mistakes: readonly Mistake[];

  constructor(source: string, mistakes: readonly Mistake[]) {
    const lines = mistakes.map(
      ({ path, message }) => `  ${path === '' ? '(whole file)' : path}: ${message}`,
    );
    super(
      `${source}: ${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}\n${lines.join('\n')}`,
      2,
    );
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}

/** Reads and checks a configuration file; opens nothing else. Relative paths in it are relative to the file. */
export async function loadConfig(file: string): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(file, [{ path: '', message: `cannot be read: ${error.message}` }]);
  });
  return withAbsolutePaths(parseConfig(text, file), dirname(resolve(file)));
}

/** Throws a ConfigError with all mistakes at once. `source` names the text in it. */
export function parseConfig(text: string, source: string): Config {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw new ConfigError(
      source,
      document.errors.map(({ message }) => ({ path: '', message })),
    );
  const value: unknown = document.toJS();
  const parsed = configSchema.safeParse(value);
  const issues = parsed.success ? [] : parsed.error.issues;
  const mistakes = [
    ...issues.map((issue) => ({
      path: pathText(issue.path),
      message: messageOf(issue, valueAt(value, issue.path)),
    })),
    ...checkReferences(value),
    ...checkModbusReferences(value),
  ];
  if (!parsed.success || mistakes.length > 0) throw new ConfigError(source, mistakes);
  return parsed.data;
}

function withAbsolutePaths(config: Config, folder: string): Config {
  const absolute = (path: string): string => resolve(folder, path);
  const { passwordFile, caFile, ...mqtt } = config.mqtt;
  return {
    ...config,
    data: absolute(config.data),
    w1: { path: absolute(config.w1.path) },
    mqtt: {
      ...mqtt,
      ...(passwordFile !== undefined && { passwordFile: absolute(passwordFile) }),
      ...(caFile !== undefined && { caFile: absolute(caFile) }),
    },
  };
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (at instanceof Object && key in at ? Reflect.get(at, key) : undefined),
    value,
  );
}

/** `value` is what stands in the file at the issue's path. */
function messageOf({ code, message }: { code: string; message: string }, value: unknown): string {
  if (code === 'invalid_type' && value === undefined) return 'is needed and missing';
  return `${message}${found(value)}`;
}

const longestShown = 80;

/** The value as it stands in the file, without credentials; containers are named by their path alone. */
function found(value: unknown): string {
  if (value === undefined || value instanceof Object) return '';
  const text = JSON.stringify(value).replace(/\/\/[^/@]*@/, '//...@');
  return `; found ${text.slice(0, longestShown)}`;
}
