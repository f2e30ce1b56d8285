import type { Registry } from 'prom-client';
import type { Alarms } from './alarms/index.ts';
import { LateBroker } from './alarms/late-broker.ts';
import { ClockJudge } from './clock.ts';
import { type GatewayConfig, holdsSites } from './config/schema.ts';
import { configuredMeters } from './derive/meter.ts';
import { configuredPacks } from './derive/pack.ts';
import { configuredReductions } from './derive/reduction-plan.ts';
import { type StaleKeys, staleKeysOf } from './derive/stale.ts';
import type { AddressedAck } from './ingest/acknowledgements.ts';
import { IngestCounters } from './ingest/counters.ts';
import { Ingest, type IngestListener } from './ingest/ingest.ts';
import { QuarantineBook } from './ingest/quarantine-book.ts';
import { counted, measured } from './metrics.ts';
import type { AtEnd, GatewayParts } from './parts.ts';
import { openAlarms, openKnowledge, openView, type Knowledge } from './picture.ts';
import { storeIdentity } from './programme/store-identity.ts';
import { SealJob } from './seals/job.ts';
import { SealTime, withSealMarks } from './seals/late.ts';
import { type FixedFacts, GatewayStanding } from './standing.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/port.ts';
import type { Devices } from './view/devices.ts';
import type { Plant } from './view/plant.ts';

/** The data path between broker and HTTP: ingest, store and live picture. */
export interface Core extends Knowledge {
  readonly store: Store;
  readonly book: QuarantineBook;
  readonly ingest: Ingest;
  readonly standing: GatewayStanding;
  readonly devices: Devices;
  readonly plant: Plant;
  readonly alarms: Alarms;
  /** Where alarms are published once there is a broker. */
  readonly alarmBroker: LateBroker;
  readonly staleKeys: StaleKeys;
  readonly seals: SealJob;
  readonly sealTime: SealTime;
  /** By which partners know a cursor of this store. */
  readonly storeId: string;
  readonly clockTrusted: () => boolean;
  readonly registry: Registry;
  /** Where acknowledgements go once there is a broker. */
  setAcknowledge(acknowledge: (ack: AddressedAck) => void): void;
}

/**
 * facts/storage.md: a linger of 1 ms and 500 rows a commit. What waits is ten commits' worth and more: enough to work on
 * without a pause, and little to keep in memory while the store is away, when devices keep everything anyway. A frame of
 * 300 bytes was seen to take ten times that while it waits.
 */
const commitLimits = {
  rowsPerCommit: 500,
  lingerMs: 1,
  waitingFrames: 5_000,
  waitingBytes: 8 * 1024 * 1024,
  retryMs: { first: 200, most: 10_000 },
};

export async function openCore(
  config: GatewayConfig,
  parts: GatewayParts & { readonly registry: Registry; readonly fixed: FixedFacts },
  atEnd: AtEnd,
): Promise<Core> {
  const { log, clock, fixed, registry } = parts;
  const store = await openStore(config, clock, (made) => log.info({ made }, 'made for the store'));
  atEnd(() => store.close());
  const newestStoredAt = await newestIn(store);
  const judge = new ClockJudge(clock, newestStoredAt);
  const trusted = () => judge.trusted();
  const { book, counters } = await openQuarantine(config, store, registry);
  const packs = configuredPacks(config);
  const meters = configuredMeters(config);
  const sealTime = new SealTime({ trusted, wallMs: clock.wallMs }, newestStoredAt);
  const staleKeys = withSealMarks(staleKeysOf(packs, meters), meters, sealTime);
  const seals = await SealJob.load(store, meters, config.seals.waitHours * 3_600_000);
  const reductions = configuredReductions(config, meters);
  const nowMs = holdsSites(config) ? clock.wallMs() : undefined;
  const knowledge = await openKnowledge(packs, meters, reductions, store, nowMs);
  const alarmBroker = new LateBroker();
  const alarms = await openAlarms(config, store, alarmBroker, parts, atEnd);
  let acknowledge: (ack: AddressedAck) => void = () => undefined;
  const standing: GatewayStanding = new GatewayStanding({
    fixed,
    store,
    book,
    counters,
    wallMs: clock.wallMs,
    clockTrusted: trusted,
    framesWaiting: () => ingest.framesWaiting,
    deviceProblems: () => devices.problems(),
    alarmProblems: () => alarms.problems(),
    recomputing: () => knowledge.derivation.progress(),
  });
  const known = { ...knowledge, alarms };
  const { plant, devices } = await openView(config, known, standing, store, { clock, log });
  countOverlooked(registry, plant, devices);
  const ingest = new Ingest({
    store,
    book,
    counters,
    clock,
    clockTrusted: trusted,
    heardTime: (atMs) => judge.heard(atMs),
    staleKeys,
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
    ...known,
    alarmBroker,
    staleKeys,
    seals,
    sealTime,
    storeId: await storeIdentity(store, clock.wallMs()),
    clockTrusted: trusted,
    registry,
    setAcknowledge: (to) => {
      acknowledge = to;
    },
  };
}

async function openQuarantine(
  config: GatewayConfig,
  store: Store,
  registry: Registry,
): Promise<{ book: QuarantineBook; counters: IngestCounters }> {
  const book = await QuarantineBook.load(store, config.quarantine);
  const entries = () => book.totals().entries;
  measured(registry, 'kadoru_quarantine_entries', 'Refused messages kept', entries);
  measured(registry, 'kadoru_quarantine_bytes', 'Their size', () => book.totals().bytes);
  return { book, counters: new IngestCounters(registry) };
}

/** What is beyond the bounds of the picture. */
function countOverlooked(registry: Registry, plant: Plant, devices: Devices): void {
  counted(
    registry,
    'kadoru_readings_not_shown_total',
    'Readings stored, but of more channels than the live picture holds',
    () => plant.overlooked,
  );
  counted(
    registry,
    'kadoru_devices_not_watched_total',
    'Messages of more devices than are watched for silence; their readings are stored',
    () => devices.overlooked,
  );
}

async function newestIn(store: Store): Promise<number> {
  return Math.max(0, ...(await store.series()).map(({ lastAt }) => lastAt));
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
