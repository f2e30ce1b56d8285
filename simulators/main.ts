#!/usr/bin/env node
import { resolve } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { systemClock } from './clock.ts';
import { parseCommandLine, usage, type CommandLine, type OptionsOf } from './command-line.ts';
import { Complaint, fileTrouble, UsageMistake } from './complaint.ts';
import { runDemo } from './demo/run.ts';
import { runFill } from './fill/run.ts';
import { runPlant } from './plant/run.ts';
import { runModbus } from './meters/modbus/run.ts';
import { onNpmGone } from './npm-parent.ts';
import { runYear } from './year/run.ts';
import { loadScenario, parseScenario, type Scenario } from './scenarios/scenario.ts';

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const say = (event: string, detail: Readonly<Record<string, unknown>>): void =>
  print(JSON.stringify({ event, ...detail }));

async function main(line: CommandLine): Promise<void> {
  switch (line.kind) {
    case 'help':
      print(usage);
      return;
    case 'version':
      print(manifest.version);
      return;
    case 'plant':
      await plant(line.options);
      return;
    case 'fill':
      await fill(line.options);
      return;
    case 'modbus':
      await modbus(line.options);
      return;
    case 'demo':
      await demo(line.options);
      return;
    case 'year':
      await year(line.options);
  }
}

async function plant({ check, config, data, ...given }: OptionsOf<'plant'>): Promise<void> {
  const scenario = await scenarioOf(config, data, given);
  if (check) {
    print(
      `valid; would serve a board at ${scenario.listen} and write the world to ${scenario.data ?? 'nowhere'}`,
    );
    return;
  }
  await runPlant(scenario, {
    clock: systemClock,
    commands: process.stdin,
    say,
    signal: askedToStop(),
  });
  process.stdin.destroy();
}

async function fill({
  check,
  config,
  data,
  'fuel-cell': fuelCell,
  'grid-meter': gridMeter,
  'sold-meter': soldMeter,
  ...names
}: OptionsOf<'fill'>): Promise<void> {
  const target = { ...names, fuelCell, gridMeter, soldMeter };
  const scenario = await scenarioOf(config, data, {});
  if (check) {
    print(`valid; would read from ${target.http}, send to ${target.mqtt}`);
    return;
  }
  const parts = { clock: systemClock, random: Math.random, say, signal: askedToStop() };
  say('filled', { ...(await runFill(scenario, target, parts)) });
}

async function modbus({ check, ...line }: OptionsOf<'modbus'>): Promise<void> {
  if (check) {
    print(`valid; would serve ${line.meters.size} Modbus meters at ${line.listen}`);
    return;
  }
  await runModbus(line, { commands: process.stdin, say, signal: askedToStop() });
  process.stdin.destroy();
}

async function demo({ check, data, speed, ...ports }: OptionsOf<'demo'>): Promise<void> {
  const options = {
    httpPort: ports['http-port'],
    mqttPort: ports['mqtt-port'],
    dataFolder: data,
    speed,
  };
  if (check) {
    print(
      `valid; would serve HTTP on ${options.httpPort}, MQTT on ${options.mqttPort}, and keep data in ${resolve(data)}`,
    );
    return;
  }
  await runDemo(options, { signal: askedToStop(), tell: print, clock: systemClock });
}

async function year({ check, ...options }: OptionsOf<'year'>): Promise<void> {
  if (check) {
    print(`valid; would send ${options.homes} homes and write a claim to ${resolve(options.out)}`);
    return;
  }
  const parts = { clock: systemClock, random: Math.random, signal: askedToStop(), tell: print };
  await runYear(options, parts);
}

async function scenarioOf(
  config: string | undefined,
  data: string | undefined,
  given: { [Key in 'listen' | 'speed' | 'seed']?: Scenario[Key] | undefined },
): Promise<Scenario> {
  const scenario =
    config === undefined ? parseScenario('', 'the defaults') : await loadScenario(config);
  const { listen = scenario.listen, speed = scenario.speed, seed = scenario.seed } = given;
  return { ...scenario, listen, speed, seed, ...(data !== undefined && { data: resolve(data) }) };
}

/** Aborted by SIGINT, SIGTERM, a reader of our output that went away, or the end of the `npm` that started us. */
function askedToStop(): AbortSignal {
  const asked = new AbortController();
  const stop = (): void => asked.abort();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.stdout.on('error', stop);
  onNpmGone(process.env, stop);
  return asked.signal;
}

try {
  await main(parseCommandLine(process.argv.slice(2)));
} catch (error) {
  const told = error instanceof Complaint ? error.message : fileTrouble(error);
  if (told === undefined) throw error;
  process.stderr.write(`${told}\n`);
  process.exitCode = error instanceof UsageMistake ? 2 : 1;
}
