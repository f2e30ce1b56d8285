#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { hashPassword } from './access/index.ts';
import { AlarmSecretError } from './alarms/index.ts';
import { claimCommand, claimTopics, claimUsage } from './claims/cli.ts';
import { ClaimQuestionError } from './claims/obstacle.ts';
import { systemClock } from './clock.ts';
import { ConfigError, loadConfig } from './config/load.ts';
import type { GatewayConfig } from './config/schema.ts';
import { copyCommand } from './copy/command.ts';
import { SpecError } from './copy/spec.ts';
import { quarantineCommand } from './control/quarantine.ts';
import { startGateway } from './gateway.ts';
import { createLog } from './log.ts';
import { programmeCommand, programmeTopics, programmeUsage, UsageError } from './programme/cli.ts';
import { software, version } from './version.ts';

const usage = `kadoru-gateway: takes readings over MQTT, stores them, and serves what they mean

  kadoru-gateway --config FILE              run
  kadoru-gateway --config FILE --create     run, and first make what is missing in InfluxDB: database and retention
                                            policy (1.x), bucket and mapping (2.x)
  kadoru-gateway --config FILE --check      validate the file and say what would be opened
  kadoru-gateway quarantine list  --config FILE [--device SITE/DEVICE] [--id ID]
  kadoru-gateway quarantine retry --config FILE [--device SITE/DEVICE] [--id ID]
  kadoru-gateway copy --from SPEC --to SPEC [--config FILE]
                                            copy everything between stores; each SPEC is embedded:FOLDER,
                                            influxdb:URL?bucket=NAME, or config (the store of --config)
  kadoru-gateway password                   read a password, print its hash for the configuration
${programmeUsage}${claimUsage}
  --help, --version
`;

const hint = '`kadoru-gateway --help` says what there is';

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  // Their options are their own: `--version` is that of a document there.
  if (programmeTopics.includes(args[0] ?? '') && !args.includes('--help'))
    return programmeCommand(args, process.env, (line) => say(`${line}\n`));
  if (claimTopics.includes(args[0] ?? '') && !args.includes('--help'))
    return claimCommand(args, process.env, (line) => say(`${line}\n`));
  const { values, positionals } = readArguments();
  if (values.help === true) return say(usage);
  if (values.version === true) return say(`${version}\n`);
  const [command, action, ...rest] = positionals;
  if (command === 'password') return say(`${await hashPassword(await readPassword())}\n`);
  if (command === 'copy' && action === undefined) return copy(values);
  if (values.config === undefined) throw new UsageError(`--config FILE is needed; ${hint}`);
  const loaded = loadConfig(values.config, process.env);
  const config = values.create === true ? creating(loaded) : loaded;
  if (values.check === true) return say(describe(config));
  if (command === 'quarantine' && (action === 'list' || action === 'retry') && rest.length === 0)
    return quarantineCommand(config, action, values, (line) => say(`${line}\n`));
  if (command !== undefined)
    throw new UsageError(`unknown command "${positionals.join(' ')}"; ${hint}`);
  return run(config);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        check: { type: 'boolean' },
        create: { type: 'boolean' },
        device: { type: 'string' },
        id: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    // What Node adds after the first sentence is about files whose names begin with a dash.
    const [what] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${what}; ${hint}`);
  }
}

function copy({
  from,
  to,
  config,
}: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly config?: string | undefined;
}): Promise<number> | number {
  if (from === undefined || to === undefined)
    throw new UsageError(`copy needs --from SPEC and --to SPEC; ${hint}`);
  const loaded = config === undefined ? undefined : loadConfig(config, process.env);
  return copyCommand(from, to, loaded, {
    say: (line) => say(`${line}\n`),
    progress: (line) => void process.stderr.write(`${line}\n`),
  });
}

/** What `store.create: true` does, for this run. */
function creating(config: GatewayConfig): GatewayConfig {
  const { store } = config;
  return store.kind === 'influxdb' ? { ...config, store: { ...store, create: true } } : config;
}

async function run(config: GatewayConfig): Promise<number> {
  // V8 sizes its heap by the machine, not by the need: after a day of backlog it kept 229 MB where 172 MB do the same
  // work at the same speed (38,640 frames, see tests/bench).
  setFlagsFromString('--heap-growing-percent=50');
  const log = createLog(config.log);
  const stopping = new AbortController();
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  void stopped.then((signal) => stopping.abort(signal));
  const gateway = await startGateway(config, {
    log,
    clock: systemClock,
    environment: process.env,
    software,
    pageDir: pageFolder(),
    stopping: stopping.signal,
  }).catch((error: unknown) => {
    if (stopping.signal.aborted) return undefined;
    throw error;
  });
  if (gateway === undefined) return 0;
  log.info({ url: gateway.url, mqttPort: gateway.mqttPort, data: config.data }, 'ready');
  log.info({ signal: await stopped }, 'stopping');
  await gateway.close();
  return 0;
}

function describe({ data, http, mqtt, sites, store }: GatewayConfig): string {
  const broker =
    'embedded' in mqtt
      ? `listens on ${mqtt.embedded.host}:${mqtt.embedded.port}`
      : `connects to ${mqtt.url}`;
  const { shared } = mqtt;
  const role = shared?.primary === true ? 'primary' : 'stores only';
  const group = shared === undefined ? '' : `, in group ${shared.group} (${role})`;
  const assets = sites.map(
    ({ id, packs, generators }) => `${id}: ${packs.length} packs, ${generators.length} generators`,
  );
  return [
    'The configuration is valid. It would open:',
    store.kind === 'embedded'
      ? `  store  ${data} (embedded)`
      : `  store  ${store.url} "${store.bucket}" (InfluxDB)`,
    `  MQTT   ${broker}${group}`,
    `  HTTP   ${http.tls === undefined ? 'http' : 'https'}://${http.host}:${http.port}`,
    ...assets.map((asset) => `  site   ${asset}`),
    '',
  ].join('\n');
}

/** From a pipe as it comes; at a terminal with a prompt on stderr. */
async function readPassword(): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  if (process.stdin.isTTY) process.stderr.write('password: ');
  for await (const line of lines) {
    lines.close();
    return line;
  }
  throw new UsageError('password: its input ended before a line came');
}

function pageFolder(): string | undefined {
  const index = new URL('dashboard/index.html', import.meta.url);
  return existsSync(index) ? dirname(index.pathname) : undefined;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** Whoever reads no further (`| head`) has what they want: what is under way is finished, and nothing more is printed. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `kadoru-gateway: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    const badSettings = [
      ConfigError,
      AlarmSecretError,
      SpecError,
      UsageError,
      ClaimQuestionError,
    ].some((kind) => error instanceof kind);
    process.exitCode = badSettings ? 2 : 1;
  },
);
