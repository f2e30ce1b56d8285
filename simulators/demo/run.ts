import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { loadScenario, type Scenario } from '../scenarios/scenario.ts';
import { parseEvent } from './child.ts';
import {
  demoSite,
  deviceYaml,
  firstScenarioYaml,
  gatewayYaml,
  type PlantPorts,
} from './configurations.ts';
import { createHousehold, Stopped, type Household } from './household.ts';
import { freePort } from './ports.ts';

export interface DemoOptions {
  /** 0 takes any free one. */
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly dataFolder: string;
  readonly speed: number;
}

export interface DemoProcess {
  readonly signal: AbortSignal;
  /** Prints one line for a person. */
  readonly tell: (line: string) => void;
  readonly clock: Clock;
}

interface Stage {
  readonly household: Household;
  readonly folder: string;
  readonly http: string;
  readonly mqtt: string;
  readonly scenarioPath: string;
  readonly scenario: Scenario;
  readonly speed: number;
  readonly tell: (line: string) => void;
}

const { resolve: programPath } = createRequire(import.meta.url);
const gatewayPatienceMs = 30_000;
const readingPatienceMs = 30_000;

const filledSchema = z.object({ frames: z.int(), untilMs: z.int(), registerWh: z.int() });
const listeningSchema = z.object({
  port: z.string(),
  echonet: z.object({ address: z.string(), port: z.int() }).optional(),
  modbus: z.string(),
});
const packsSchema = z.object({
  items: z.array(z.object({ id: z.string(), measuredAt: z.int().nullable(), quality: z.string() })),
});

/**
 * Runs gateway, fill, plant and device as processes of their own until the signal; then ends device, plant and gateway
 * in this order. Throws a Complaint when a port is taken or a process ends by itself, with its last lines.
 */
export async function runDemo(options: DemoOptions, parts: DemoProcess): Promise<void> {
  const { signal, tell } = parts;
  const household = createHousehold(signal, tell);
  const kill = (): void => household.kill();
  process.once('exit', kill);
  try {
    const stage = await prepare(options, parts, household);
    await start(stage, parts.clock);
    tell(`Kadoru is running: ${stage.http}/   (Ctrl-C ends it)`);
    await household.during(new Promise<never>(() => undefined));
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    await household.end();
    process.off('exit', kill);
  }
}

async function prepare(
  { httpPort, mqttPort, dataFolder, speed }: DemoOptions,
  { tell, clock }: DemoProcess,
  household: Household,
): Promise<Stage> {
  const freeHttpPort = await freePort(httpPort, '--http-port');
  const freeMqttPort = await freePort(mqttPort, '--mqtt-port');
  const folder = resolve(dataFolder);
  await mkdir(folder, { recursive: true });
  const scenarioPath = join(folder, 'scenario.yaml');
  await writeFile(scenarioPath, firstScenarioYaml(clock.wallMs()), { flag: 'wx' }).catch(
    unlessThere,
  );
  const scenario = await loadScenario(scenarioPath);
  await writeFile(
    join(folder, 'gateway.yaml'),
    gatewayYaml(join(folder, 'gateway'), freeHttpPort, freeMqttPort, scenario),
  );
  const http = `http://127.0.0.1:${freeHttpPort}`;
  const mqtt = `mqtt://127.0.0.1:${freeMqttPort}`;
  return { household, folder, http, mqtt, scenarioPath, scenario, speed, tell };
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function start(stage: Stage, clock: Clock): Promise<void> {
  await startGateway(stage);
  const { registerWh, untilMs } = await fill(stage);
  const ports = await startPlant(stage);
  const { folder, mqtt, scenario, household, tell } = stage;
  const deviceFile = join(folder, 'device.yaml');
  const handover = { registerWh, asOfMs: untilMs };
  await writeFile(deviceFile, deviceYaml(join(folder, 'device'), mqtt, ports, scenario, handover));
  const startedMs = clock.wallMs();
  household.keep('device', programPath('#build/kadoru-device.js'), ['--config', deviceFile]);
  tell(`device: measuring through ${ports.board}, sending to ${mqtt}`);
  await household.until('the first live reading', readingPatienceMs, () =>
    readingSince(stage, startedMs),
  );
}

async function startGateway({ household, folder, http, mqtt, tell }: Stage): Promise<void> {
  const file = join(folder, 'gateway.yaml');
  household.keep('gateway', programPath('#build/kadoru-gateway.js'), ['--config', file]);
  await household.until('the gateway', gatewayPatienceMs, () => get(`${http}/api/v1/health`));
  tell(`gateway: storing in ${join(folder, 'gateway')}, HTTP at ${http}, MQTT at ${mqtt}`);
}

async function fill({
  household,
  http,
  mqtt,
  scenarioPath,
  tell,
}: Stage): Promise<z.infer<typeof filledSchema>> {
  const { site, device, pack, meter, fuelCell, gridMeter, soldMeter } = demoSite;
  const names = ['--site', site, '--device', device, '--pack', pack, '--meter', meter];
  names.push('--fuel-cell', fuelCell, '--grid-meter', gridMeter, '--sold-meter', soldMeter);
  const child = household.run('fill', programPath('#build/kadoru-simulate.js'), [
    'fill',
    '--config',
    scenarioPath,
    '--http',
    http,
    '--mqtt',
    mqtt,
    ...names,
  ]);
  child.onLine((line) => {
    const said = parseEvent(line);
    if (said?.['event'] === 'confirmed')
      tell(`fill: ${String(said['frames'])} frames stored so far`);
    if (said?.['event'] === 'trouble') tell(`fill: ${String(said['why'])}`);
  });
  const filled = filledSchema.parse(await household.during(child.event('filled')));
  tell(`fill: ${filled.frames} frames stored, up to now; register at ${filled.registerWh} Wh`);
  return filled;
}

async function startPlant({ household, scenarioPath, speed, tell }: Stage): Promise<PlantPorts> {
  const child = household.keep('plant', programPath('#build/kadoru-simulate.js'), [
    'plant',
    '--config',
    scenarioPath,
    '--speed',
    String(speed),
  ]);
  const { port, echonet, modbus } = listeningSchema.parse(
    await household.during(child.event('listening')),
  );
  tell(`plant: real firmware on a simulated Uno at ${port}, world at speed ${speed}`);
  if (echonet === undefined) tell('plant: no fuel cell, this machine has no address for it');
  else tell(`plant: a fuel cell that speaks ECHONET Lite at ${echonet.address}:${echonet.port}`);
  tell(`plant: a meter at the grid connection that speaks Modbus TCP at ${modbus}`);
  return { board: port, echonet, modbus };
}

async function readingSince({ http }: Stage, sinceMs: number): Promise<true | undefined> {
  const packs = packsSchema.safeParse(await get(`${http}/api/v1/packs`));
  const pack = packs.data?.items.find(({ id }) => id === demoSite.pack);
  return pack?.quality === 'good' && (pack.measuredAt ?? 0) >= sinceMs ? true : undefined;
}

/** A JSON answer; undefined while nobody answers or the answer is not 200. */
async function get(url: string): Promise<unknown> {
  const response = await fetch(url).catch(() => undefined);
  if (response?.ok !== true) return undefined;
  return await response.json();
}
