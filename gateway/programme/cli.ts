import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.ts';
import { askGatewayOrStore } from '../control/offline.ts';
import { fileOf, tableKinds } from './columns.ts';
import type { ProgrammeCommand } from './commands.ts';
import { printed } from './printed.ts';

/** The commands about a programme, as the program's help shows them. */
export const programmeUsage = `  kadoru-gateway programme import --dir DIR [--by NAME] --config FILE
                                            record projects.csv, members.csv, devices.csv and meters.csv
  kadoru-gateway programme list --config FILE
  kadoru-gateway factors add --fiscal-year YEAR --symbol S --value DECIMAL --unit UNIT --end receiving|generating|combustion
                             --class published|fixture --document D --version V --page P --by NAME
                             [--verified-by NAME --verified-on DATE] --config FILE
  kadoru-gateway factors verify --fiscal-year YEAR --symbol S [--class published] --by NAME
                             [--document D --version V --page P] --config FILE
  kadoru-gateway factors list --config FILE
  kadoru-gateway methodology confirm --methodology M --document D --version V --page P --by NAME --config FILE
  kadoru-gateway tokens add --project P --role partner|ward|auditor --holder WHOM --expires DATE --by NAME --config FILE
  kadoru-gateway tokens revoke --token ID --why REASON --by NAME --config FILE
  kadoru-gateway tokens list --config FILE
`;

/** A command line that cannot be understood; the message names the option. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = Readonly<Record<string, string | undefined>>;

/** Which options each command takes; those of `needed` must be given. */
const commands: Readonly<
  Record<
    string,
    {
      readonly needed: readonly string[];
      readonly optional?: readonly string[];
      readonly make: (options: Options) => ProgrammeCommand;
    }
  >
> = {
  'programme import': { needed: ['dir'], optional: ['by'], make: importCommand },
  'programme list': { needed: [], make: () => ({ command: 'programme-list' }) },
  'factors add': {
    needed: factorOptions(),
    optional: ['verified-by', 'verified-on'],
    make: (options) => ({
      command: 'factors-add',
      by: options['by'] ?? '',
      given: {
        ...chosen(options, ['symbol', 'value', 'unit', 'end', 'class', 'document', 'page']),
        version: options['version'] ?? '',
        fiscalYear: year(options),
        ...renamed(options, { 'verified-by': 'verifiedBy', 'verified-on': 'verifiedOn' }),
      },
    }),
  },
  'factors verify': {
    needed: ['fiscal-year', 'symbol', 'by'],
    optional: ['class', 'document', 'version', 'page'],
    make: (options) => ({
      command: 'factors-verify',
      by: options['by'] ?? '',
      fiscalYear: year(options),
      symbol: options['symbol'] ?? '',
      class: options['class'] === 'fixture' ? 'fixture' : 'published',
      ...renamed(options, { document: 'document', version: 'version', page: 'page' }),
    }),
  },
  'factors list': { needed: [], make: () => ({ command: 'factors-list' }) },
  'methodology confirm': {
    needed: ['methodology', 'document', 'version', 'page', 'by'],
    make: (options) => ({
      command: 'methodology-confirm',
      by: options['by'] ?? '',
      given: chosen(options, ['methodology', 'document', 'version', 'page']),
    }),
  },
  'tokens add': {
    needed: ['project', 'role', 'holder', 'expires', 'by'],
    make: ({ project = '', role, holder = '', expires = '', by = '' }) => ({
      command: 'tokens-add',
      by,
      project,
      role: roleOf(role),
      holder,
      expires,
    }),
  },
  'tokens revoke': {
    needed: ['token', 'why', 'by'],
    make: ({ token = '', why = '', by = '' }) => ({ command: 'tokens-revoke', token, why, by }),
  },
  'tokens list': { needed: [], make: () => ({ command: 'tokens-list' }) },
};

/** The first words of the command lines that `programmeCommand` takes. */
export const programmeTopics: readonly string[] = ['programme', 'factors', 'methodology', 'tokens'];

/**
 * Carries out a command line such as `factors list --config FILE`: asks the running gateway, or opens its store when none
 * runs. Answers the exit code, 1 when something was refused. Rejects with UsageError and ConfigError.
 */
export async function programmeCommand(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<number> {
  const [topic = '', action = '', ...rest] = args;
  const name = `${topic} ${action}`;
  const known = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (known === undefined) {
    const actions = Object.keys(commands).filter((each) => each.startsWith(`${topic} `));
    throw new UsageError(`no such command "${name.trim()}"; there is: ${actions.join(', ')}`);
  }
  const options = optionsOf(name, rest, known.needed, known.optional ?? []);
  const config = loadConfig(options['config'] ?? '', environment);
  let refused = false;
  await askGatewayOrStore(config, known.make(options), (item) => {
    const { text, mistake } = printed(item);
    refused ||= mistake;
    say(text);
  });
  return refused ? 1 : 0;
}

function optionsOf(
  name: string,
  args: readonly string[],
  needed: readonly string[],
  optional: readonly string[],
): Options {
  const all = ['config', ...needed, ...optional];
  const options = Object.fromEntries(all.map((each) => [each, { type: 'string' } as const]));
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    throw new UsageError(
      `${name}: ${error instanceof Error ? error.message : String(error)}; it takes ${all.map((each) => `--${each}`).join(' ')}`,
    );
  }
  const missing = ['config', ...needed].filter((each) => values[each] === undefined);
  if (missing.length > 0)
    throw new UsageError(`${name} needs ${missing.map((each) => `--${each}`).join(' ')}`);
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );
}

function importCommand({ dir = '', by = accountName() }: Options): ProgrammeCommand {
  const tables = Object.fromEntries(
    tableKinds.flatMap((kind) => {
      const text = textOf(join(dir, fileOf[kind]));
      return text === undefined ? [] : [[kind, text]];
    }),
  );
  return { command: 'programme-import', by, tables };
}

/** Whoever runs this; an account in a container may have no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    throw new UsageError('programme import: this account has no name, give --by NAME');
  }
}

/** Undefined where there is no such file. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function factorOptions(): readonly string[] {
  const cited = ['document', 'version', 'page'];
  return ['fiscal-year', 'symbol', 'value', 'unit', 'end', 'class', ...cited, 'by'];
}

function chosen(options: Options, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, options[name] ?? '']));
}

function renamed(options: Options, names: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(names).flatMap(([option, field]) => {
      const value = options[option];
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

function year({ 'fiscal-year': text = '' }: Options): number {
  if (/^\d{4}$/.test(text)) return Number(text);
  throw new UsageError(`--fiscal-year "${text}": is the year in which it begins: 2021`);
}

function roleOf(role: string | undefined): 'partner' | 'ward' | 'auditor' {
  if (role === 'partner' || role === 'ward' || role === 'auditor') return role;
  throw new UsageError(`--role "${role}": is partner, ward or auditor`);
}
