#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { describeOpened } from './config/describe.ts';
import { ConfigError, loadConfig } from './config/load.ts';
import { checkMachine } from './config/machine.ts';
import { createLog } from './log.ts';
import { echonetPort } from './meters/echonet/transport.ts';
import { StartError } from './start-error.ts';
import { software, version } from './version.ts';

const help = `kadoru-device ${version}: reads packs and meters, and sends what they say until a gateway has it

  kadoru-device --config FILE           run
  kadoru-device --config FILE --check   check the configuration and say what would be opened
  kadoru-device scan                    list serial ports, I2C buses, GPIO chips, 1-wire thermometers and ECHONET Lite nodes, as YAML to start from
  kadoru-device --help | --version

Logs are JSON lines on stderr. SIGTERM or SIGINT stops it within 5 s.
`;
const hint = '`kadoru-device --help` says what there is';
/** Longer than everything below takes; after it a hung disk or port is left behind. */
const stopLimitMs = 4_500;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(help);
  if (values.version) return print(`${software}\n`);
  const [command, ...rest] = positionals;
  if (rest.length > 0 || (command !== undefined && command !== 'scan'))
    throw new StartError(`unknown command "${positionals.join(' ')}"; ${hint}`, 2);
  if (command === 'scan') return runScan();
  if (values.config === undefined) throw new StartError(`--config FILE is needed; ${hint}`, 2);
  const config = await loadConfig(values.config);
  if (!values.check) {
    const missing = await checkMachine(config.boards);
    if (missing.length > 0) throw new ConfigError(values.config, missing);
    return run(config);
  }
  return print(
    ['the configuration is correct; it would open:', ...describeOpened(config), ''].join('\n'),
  );
}

async function runScan(): Promise<number> {
  const { scan, foundAsYaml, linuxPlaces } = await import('./scan.ts');
  const { createController } = await import('./meters/echonet/assembly.ts');
  const { scanEchonet } = await import('./meters/echonet/scan.ts');
  const network = { bind: '0.0.0.0', port: echonetPort };
  const [found, echonet] = await Promise.all([
    scan(linuxPlaces),
    scanEchonet(createController(network, createLog('warn'))),
  ]);
  return print(foundAsYaml(found, linuxPlaces.w1, echonet));
}

async function run(config: Awaited<ReturnType<typeof loadConfig>>): Promise<number> {
  // V8 would let its young generation grow to 2 x 16 MB, and its old one double before it looks through it: this program
  // fills both only with garbage (README, measured).
  setFlagsFromString('--semi-space-growth-factor=1 --optimize-for-size');
  const log = createLog(config.log.level);
  const { startDevice } = await import('./program.ts');
  const stopSignal = new Promise<NodeJS.Signals>((resolve) => {
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
  });
  const running = await startDevice(config, log);
  const signal = await stopSignal;
  log.info({ signal }, 'stopping');
  setTimeout(() => {
    log.error({}, `not stopped within ${stopLimitMs} ms; ending anyway`);
    process.exit(1);
  }, stopLimitMs);
  await running.stop();
  log.info({}, 'stopped');
  return 0;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** What a person is told, and the exit status. */
function explain(error: unknown): { text: string; status: number } {
  if (error instanceof StartError) return { text: error.message, status: error.exitStatus };
  if (!(error instanceof Error)) return { text: String(error), status: 1 };
  const usage = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!usage) return { text: error.stack ?? error.message, status: 1 };
  // What Node adds after the first sentence is about files whose names begin with a dash.
  const [what] = error.message.split('. ');
  return { text: `${what}; ${hint}`, status: 2 };
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    const { text, status } = explain(error);
    process.stderr.write(`kadoru-device: ${text}\n`);
    process.exit(status);
  },
);
