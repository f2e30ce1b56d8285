import type { Registry } from 'prom-client';
import { httpAccessMode, tokenVariable } from './access/index.ts';
import { ClockJudge } from './clock.ts';
import type { GatewayConfig } from './config/schema.ts';
import {
  type Alarms,
  createAlarms,
  readAlarmSecrets,
  recordLog,
  registerAlarmMetrics,
} from './alarms/index.ts';
import { packAlarmKinds } from './alarms/conditions/kinds.ts';
import { LateBroker } from './alarms/late-broker.ts';
import { alarmRecords } from './alarms/store-log.ts';
import { Derivation } from './derive/derivation.ts';
import { type ConfiguredPack, configuredPack } from './derive/pack.ts';
import { packStaleKey } from './derive/stale.ts';
import type { AddressedAck } from './ingest/acknowledgements.ts';
import { IngestCounters } from './ingest/counters.ts';
import { Ingest, type IngestListener } from './ingest/ingest.ts';
import { QuarantineBook } from './ingest/quarantine-book.ts';
import { measured } from './metrics.ts';
import type { AtEnd, GatewayParts } from './parts.ts';
import { GatewayStanding } from './standing.ts';
import { RecordDesk } from './records/desk.ts';
import { statementsOf } from './records/statements.ts';
import { openEmbeddedStore } from './store/embedded/store.ts';
import type { Store, StoredReading } from './store/port.ts';
import { DayTracker } from './view/day-tracker.ts';
import { Devices, type PresenceEvent } from './view/devices.ts';
import { PackBoard } from './view/pack-board.ts';
import { Plant } from './view/plant.ts';

/** The data path between broker and HTTP: ingest, store and live picture. */
export interface Core {
  readonly store: Store;
  readonly book: QuarantineBook;
  readonly ingest: Ingest;
  readonly standing: GatewayStanding;
  readonly devices: Devices;
  readonly plant: Plant;
  readonly packs: readonly ConfiguredPack[];
  readonly desk: RecordDesk;
  readonly derivation: Derivation;
  readonly board: PackBoard;
  readonly alarms: Alarms;
  /** Where alarms are published once there is a broker. */
  readonly alarmBroker: LateBroker;
  readonly staleKey: (reading: StoredReading) => string | undefined;
  readonly clockTrusted: () => boolean;
  readonly registry: Registry;
  /** Where acknowledgements go once there is a broker. */
  setAcknowledge(acknowledge: (ack: AddressedAck) => void): void;
}

/** facts/storage.md: a linger of 1 ms and 500 rows a commit. The queue holds some minutes of a plant at full rate. */
const commitLimits = {
  rowsPerCommit: 500,
  lingerMs: 1,
  waitingFrames: 20_000,
  waitingBytes: 64 * 1024 * 1024,
  retryMs: { first: 200, most: 10_000 },
};

export async function openCore(
  config: GatewayConfig,
  { log, clock, environment, software, registry }: GatewayParts & { readonly registry: Registry },
  atEnd: AtEnd,
): Promise<Core> {
  const store = await openEmbeddedStore({ folder: config.data });
  atEnd(() => store.close());
  const newestStoredAt = Math.max(0, ...(await store.series()).map(({ lastAt }) => lastAt));
  const judge = new ClockJudge(clock, newestStoredAt);
  const trusted = () => judge.trusted();
  const book = await QuarantineBook.load(store, config.quarantine);
  const counters = new IngestCounters(registry);
  measured(
    registry,
    'kadoru_quarantine_entries',
    'Refused messages kept',
    () => book.totals().entries,
  );
  measured(registry, 'kadoru_quarantine_bytes', 'Their size', () => book.totals().bytes);
  const packs = config.sites.flatMap((site) =>
    site.packs.map((pack) => configuredPack(site.id, pack)),
  );
  const staleKey = packStaleKey(packs);
  const { desk, derivation, board } = await openPacks(packs, store, clock.wallMs());
  const alarmBroker = new LateBroker();
  const alarms = await openAlarms(
    config,
    store,
    alarmBroker,
    { log, clock, environment, registry },
    atEnd,
  );
  let acknowledge: (ack: AddressedAck) => void = () => undefined;
  const standing: GatewayStanding = new GatewayStanding({
    fixed: {
      software,
      startedAt: clock.wallMs(),
      access: httpAccessMode(config.http, environment[tokenVariable] !== undefined),
      broker: 'embedded' in config.mqtt ? 'embedded' : 'external',
    },
    store,
    book,
    counters,
    wallMs: clock.wallMs,
    clockTrusted: trusted,
    framesWaiting: () => ingest.framesWaiting,
    deviceProblems: () => devices.problems(),
    alarmProblems: () => alarms.problems(),
  });
  const { plant, devices } = await openView(config, { packs, board, alarms }, standing, store, {
    clock,
    log,
  });
  const ingest = new Ingest({
    store,
    book,
    counters,
    clock,
    clockTrusted: trusted,
    heardTime: (atMs) => judge.heard(atMs),
    staleKey,
    limits: commitLimits,
    listener: listener(plant, standing, log, (ack) => acknowledge(ack)),
  });
  atEnd(() => ingest.stop());
  return {
    store,
    book,
    ingest,
    standing,
    devices,
    plant,
    packs,
    desk,
    derivation,
    board,
    alarms,
    alarmBroker,
    staleKey,
    clockTrusted: trusted,
    registry,
    setAcknowledge: (to) => {
      acknowledge = to;
    },
  };
}

/** What people stated about the packs, what is derived of them, and where they stand now. */
async function openPacks(
  packs: readonly ConfiguredPack[],
  store: Store,
  nowMs: number,
): Promise<Pick<Core, 'desk' | 'derivation' | 'board'>> {
  const desk = await RecordDesk.load(store);
  const derivation = new Derivation(store, packs, (pack) => statementsOf(desk, pack));
  await derivation.load(nowMs);
  return { desk, derivation, board: new PackBoard(packs, { store, desk, derivation }) };
}

async function openAlarms(
  { alarms: config, sites }: GatewayConfig,
  store: Store,
  broker: LateBroker,
  {
    log,
    clock,
    environment,
    registry,
  }: Pick<GatewayParts, 'log' | 'clock' | 'environment'> & {
    readonly registry: Registry;
  },
  atEnd: AtEnd,
): Promise<Alarms> {
  const unreadable = (id: string) =>
    log.error({ id }, 'an alarm in the store is not one of this program: left out');
  const alarms = await createAlarms({
    config,
    secrets: await readAlarmSecrets(config, environment),
    kinds: packAlarmKinds,
    sites: sites.map(({ id }) => id),
    alarmLog: recordLog(alarmRecords(store), unreadable),
    broker,
    clock,
    log,
  });
  registerAlarmMetrics(registry, alarms);
  atEnd(() => alarms.close());
  return alarms;
}

/** Ingest tells the picture what it shows, and people what fails. */
function listener(
  plant: Plant,
  standing: GatewayStanding,
  log: GatewayParts['log'],
  acknowledge: IngestListener['acknowledge'],
): IngestListener {
  return {
    arrived: (readings) => plant.arrived(readings),
    stored: (readings) => plant.stored(readings),
    storeFailed: (error) => {
      log.error({ error }, 'the store fails: nothing is acknowledged, trying again');
      standing.storeFailed(error);
      plant.changed();
    },
    storeRecovered: () => {
      log.info({}, 'the store works again');
      standing.storeRecovered();
      plant.changed();
    },
    acknowledge,
  };
}

async function openView(
  { sites }: GatewayConfig,
  { packs, board, alarms }: Pick<Core, 'packs' | 'board' | 'alarms'>,
  standing: GatewayStanding,
  store: Store,
  { clock, log }: Pick<GatewayParts, 'clock' | 'log'>,
): Promise<{ plant: Plant; devices: Devices }> {
  const generators = sites.flatMap(({ id: site, generators: configs }) =>
    configs.map((config) => {
      const { device = '', id: asset } = config;
      return {
        site,
        config,
        tracker: new DayTracker({ site, device, asset, quantity: 'generated' }),
      };
    }),
  );
  const devices = new Devices({
    configured: silentAfterMs([...packs, ...generators]),
    clock,
    changed: (event) => {
      logPresence(event, log);
      plant.changed();
    },
    twice: (device) => {
      log.warn(device, 'two programs announce themselves under one id: give one an id of its own');
      plant.changed();
    },
  });
  const { wallMs } = clock;
  const plant: Plant = new Plant({ packs, board, alarms, generators, devices, standing, wallMs });
  await plant.load(store);
  return { plant, devices };
}

/** A device is silent when the data of any asset it measures is too old. */
function silentAfterMs(
  assets: readonly {
    readonly site: string;
    readonly config: { readonly device?: string | undefined; readonly staleAfterSeconds: number };
  }[],
): Map<string, number> {
  const ages = new Map<string, number>();
  for (const { site, config } of assets) {
    if (config.device === undefined) continue;
    const key = `${site}/${config.device}`;
    ages.set(key, Math.min(ages.get(key) ?? Infinity, config.staleAfterSeconds * 1000));
  }
  return ages;
}

function logPresence({ presence, ...device }: PresenceEvent, log: GatewayParts['log']): void {
  const { state, since, reason } = presence;
  const fields = { ...device, state, since: new Date(since).toISOString(), reason };
  if (state === 'online') log.info(fields, 'a source is there');
  else log.warn(fields, 'a source has stopped');
}
