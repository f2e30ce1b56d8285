import { randomBytes } from 'node:crypto';
import { collectDefaultMetrics, Registry } from 'prom-client';
import {
  createAccess,
  httpAccessMode,
  readOperatorSecret,
  tokenVariable,
  withPartners,
} from './access/index.ts';
import { startMqtt } from './broker/start.ts';
import type { GatewayConfig } from './config/schema.ts';
import { keptParts } from './control/commands.ts';
import { controlPath, listenForCommands } from './control/socket.ts';
import { type Core, openCore } from './core.ts';
import { createApp } from './http/app.ts';
import { defaultLimits } from './http/parts.ts';
import { listen } from './http/server.ts';
import { readmit } from './ingest/readmit.ts';
import type { AtEnd, GatewayParts } from './parts.ts';
import { storeIdentity } from './programme/store-identity.ts';
import { tokensOf } from './programme/tokens.ts';
import { repeat } from './repeat.ts';

export interface RunningGateway {
  /** Where the page is served. */
  readonly url: string;
  /** Of the embedded broker. */
  readonly mqttPort: number | undefined;
  /** Stops in the order data flows: listeners first, the store last. */
  close(): Promise<void>;
}

/** Opens everything the configuration names. What was opened is closed again when a later step fails. */
export async function startGateway(
  config: GatewayConfig,
  parts: GatewayParts,
): Promise<RunningGateway> {
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).toReversed()) await end();
  };
  const atEnd: AtEnd = (end) => opened.push(end);
  try {
    const boot = randomBytes(6).toString('hex');
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const core = await openCore(config, { ...parts, registry }, atEnd);
    const mqttPort = await startMqtt(config, core, { ...parts, boot }, atEnd);
    startJobs(core, parts, atEnd);
    await startControl(config, core, parts, atEnd);
    return { url: await serve(config, core, parts, registry, atEnd), mqttPort, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const deriveEveryMs = 1000;
const judgeEveryMs = 1000;
const sealEveryMs = 10_000;

/** What goes on in the background: derived data catches up with the readings, and silence is noticed. */
function startJobs(
  { plant, derivation, board, meterBoard, devices, desk, seals, sealTime }: Core,
  { log, clock }: GatewayParts,
  atEnd: AtEnd,
): void {
  const job = async (): Promise<void> => {
    while (await derivation.turn(clock.wallMs()));
    await board.account(clock.wallMs());
    if (await meterBoard.account(clock.wallMs())) plant.changed();
  };
  const failed = (error: unknown) =>
    log.error({ error: String(error) }, 'derived data is behind; trying again');
  const background = repeat(job, deriveEveryMs, failed);
  atEnd(() => background.stop());
  const seal = async (): Promise<void> => {
    while (!sealing.stopping && (await seals.turn(sealTime.nowMs())));
  };
  const sealing = repeat(seal, sealEveryMs, (error) =>
    log.error({ error: String(error) }, 'days are not sealed; trying again'),
  );
  atEnd(() => sealing.stop());
  const ended = desk.subscribe(() => plant.changed());
  atEnd(async () => ended());
  const watch = setInterval(() => {
    devices.judge();
    plant.judge();
  }, judgeEveryMs);
  atEnd(async () => clearInterval(watch));
}

async function startControl(
  config: GatewayConfig,
  { store, book, staleKeys, clockTrusted, desk, meters, seals }: Core,
  { log, clock }: GatewayParts,
  atEnd: AtEnd,
): Promise<void> {
  const reception = () => ({ receivedAt: clock.wallMs(), clockTrusted: clockTrusted() });
  const commands = {
    store,
    kept: keptParts(store, meters, async () => seals.heads()),
    readmit: (entry: Parameters<typeof readmit>[2]) =>
      readmit(store, book, entry, reception(), staleKeys),
    desk,
    registers: new Set(meters.map(({ key }) => key)),
    wallMs: clock.wallMs,
  };
  const control = await listenForCommands(controlPath(config.data), commands, log);
  atEnd(() => control.close());
}

async function serve(
  config: GatewayConfig,
  core: Core,
  { log, clock, environment, software, pageDir }: GatewayParts,
  registry: Registry,
  atEnd: AtEnd,
): Promise<string> {
  const { http, sites } = config;
  const operator = createAccess({
    mode: httpAccessMode(http, environment[tokenVariable] !== undefined),
    secret: await readOperatorSecret(http, environment),
    host: http.host,
    publicHosts: http.publicHosts,
    clock,
  });
  const access = withPartners(operator, { find: tokensOf(core.desk), clock });
  const app = createApp({
    plant: core.plant,
    store: core.store,
    sealHeads: () => core.seals.heads(),
    registry,
    access,
    packs: core.packs,
    devices: core.devices.shown(),
    sites: sites.map(({ id }) => id),
    alarms: core.alarms,
    allotments: sites.flatMap(({ id: site, allotments }) =>
      allotments.map((each) => ({ site, ...each })),
    ),
    desk: core.desk,
    pull: {
      storeId: await storeIdentity(core.store, clock.wallMs()),
      changes: core.derivation.changes,
    },
    meters: core.meters,
    meterBoard: core.meterBoard,
    books: (pack) => core.board.books(pack),
    ledger: (pack) => core.board.ledger(pack),
    progress: () => core.derivation.progress(),
    arrived: (readings) => core.plant.arrived(readings),
    pageDir,
    clock,
    log,
    software,
    tls: http.tls !== undefined,
    limits: defaultLimits,
  });
  if (access.mode === 'open-loopback')
    log.info({ host: http.host }, 'HTTP asks nobody for a token: only this machine reaches it');
  if (http.insecure)
    log.warn(
      { host: http.host },
      'http.insecure: served beyond this machine without all of TLS and token, by choice',
    );
  const server = await listen({ app, host: http.host, port: http.port, tls: http.tls });
  atEnd(() => server.close());
  return server.url;
}
