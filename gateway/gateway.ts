import { randomBytes } from 'node:crypto';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { withPartners } from './access/index.ts';
import { startMqtt } from './broker/start.ts';
import { type GatewayConfig, holdsSites } from './config/schema.ts';
import { keptParts } from './control/commands.ts';
import { controlPath, listenForCommands } from './control/socket.ts';
import { type Core, openCore } from './core.ts';
import { type Front, openFront } from './front.ts';
import { configuredFuelCells } from './derive/fuel-terms.ts';
import { createApp } from './http/app.ts';
import { defaultLimits } from './http/parts.ts';
import { readmit } from './ingest/readmit.ts';
import { counted } from './metrics.ts';
import { Opened } from './opened.ts';
import type { AtEnd, GatewayParts } from './parts.ts';
import { tokensOf } from './programme/tokens.ts';
import { repeat } from './repeat.ts';
import { awaitStore } from './store/open.ts';

export interface RunningGateway {
  /** Where the page is served. */
  readonly url: string;
  /** Of the embedded broker. */
  readonly mqttPort: number | undefined;
  /** Stops in the order data flows: listeners first, the store last. */
  close(): Promise<void>;
}

/**
 * Opens everything the configuration names; HTTP first, so that a gateway which waits for its store can say so. What
 * was opened is closed again when a later step fails.
 */
export async function startGateway(
  config: GatewayConfig,
  parts: GatewayParts,
): Promise<RunningGateway> {
  const opened = new Opened();
  try {
    const boot = randomBytes(6).toString('hex');
    const front = await openFront(config, parts, opened.atEnd);
    const core = await openWhenReady(config, parts, front, opened.atEnd);
    const mqttPort = await startMqtt(config, core, { ...parts, boot }, opened.atEnd);
    if (holdsSites(config)) startJobs(core, parts, opened.atEnd);
    await startControl(config, core, parts, opened.atEnd);
    serve(config, core, parts, front);
    // Closed before what it shows: a request on its way finds everything open.
    opened.atEnd(() => front.server.close());
    return { url: front.server.url, mqttPort, close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The data path, as soon as its store opens; what an attempt opened before it failed is closed again. */
async function openWhenReady(
  config: GatewayConfig,
  parts: GatewayParts,
  { wait, fixed }: Front,
  atEnd: AtEnd,
): Promise<Core> {
  const attempt = async (): Promise<Core> => {
    const opened = new Opened();
    const registry = new Registry();
    try {
      const core = await openCore(config, { ...parts, registry, fixed }, opened.atEnd);
      // It observes the process for good: not again at each attempt while the store is away.
      collectDefaultMetrics({ register: registry });
      atEnd(() => opened.close());
      return core;
    } catch (error) {
      await opened.close();
      throw error;
    }
  };
  const failed = ({ message }: Error): void => {
    parts.log.error({ error: message }, 'the store cannot be opened; trying again');
    wait.failed(message);
  };
  return awaitStore(attempt, failed, parts.stopping);
}

const deriveEveryMs = 1000;
const judgeEveryMs = 1000;
const sealEveryMs = 10_000;

/** What goes on in the background: derived data catches up with the readings, and silence is noticed. */
function startJobs(
  { plant, derivation, board, meterBoard, reductionBoard, devices, desk, seals, sealTime }: Core,
  { log, clock }: GatewayParts,
  atEnd: AtEnd,
): void {
  const job = async (): Promise<void> => {
    while (await derivation.turn(clock.wallMs()));
    await board.account(clock.wallMs());
    const metersChanged = await meterBoard.account(clock.wallMs());
    const reductionsChanged = await reductionBoard.account(clock.wallMs());
    if (metersChanged || reductionsChanged) plant.changed();
  };
  const failed = (error: unknown) =>
    log.error({ error: String(error) }, 'derived data is behind; trying again');
  const background = repeat(job, deriveEveryMs, failed);
  atEnd(() => background.stop());
  const ending = new AbortController();
  const seal = async (): Promise<void> => {
    while (!ending.signal.aborted && (await seals.turn(sealTime.nowMs())));
  };
  const sealing = repeat(seal, sealEveryMs, (error) =>
    log.error({ error: String(error) }, 'days are not sealed; trying again'),
  );
  atEnd(() => {
    ending.abort();
    return sealing.stop();
  });
  const unsubscribe = desk.subscribe(() => plant.changed());
  atEnd(async () => unsubscribe());
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

function serve(
  config: GatewayConfig,
  core: Core,
  { log, clock, software, pageDir }: GatewayParts,
  { access: operator, server }: Front,
): void {
  const { http, sites } = config;
  counted(
    core.registry,
    'kadoru_http_connections_turned_away_total',
    'Connections ended at once because there were too many',
    () => server.turnedAway(),
  );
  const access = withPartners(operator, { find: tokensOf(core.desk), clock });
  const app = createApp({
    plant: core.plant,
    store: core.store,
    sealHeads: () => core.seals.heads(),
    registry: core.registry,
    access,
    packs: core.packs,
    devices: core.devices.shown(),
    sites: sites.map(({ id }) => id),
    alarms: core.alarms,
    allotments: sites.flatMap(({ id: site, allotments }) =>
      allotments.map((each) => ({ site, ...each })),
    ),
    desk: core.desk,
    pull: { storeId: core.storeId, changes: core.derivation.changes },
    meters: core.meters,
    fuelCells: configuredFuelCells(config),
    meterBoard: core.meterBoard,
    reductionBoard: core.reductionBoard,
    factors: core.factors,
    books: (pack) => core.board.books(pack),
    ledger: (pack) => core.board.ledger(pack),
    progress: () => core.derivation.progress(),
    arrived: (readings) => core.plant.arrived(readings),
    pageDir,
    storesOnly: !holdsSites(config),
    clock,
    log,
    software,
    tls: http.tls !== undefined,
    limits: defaultLimits,
  });
  server.serve(app);
}
