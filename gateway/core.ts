import type { Registry } from 'prom-client';
import { httpAccessMode, tokenVariable } from './access/index.ts';
import { ClockJudge } from './clock.ts';
import type { GatewayConfig } from './config/schema.ts';
import { Derivation } from './derive/derivation.ts';
import { type ConfiguredPack, configuredPack } from './derive/pack.ts';
import { packStaleKey } from './derive/stale.ts';
import type { AddressedAck } from './ingest/acknowledgements.ts';
import { IngestCounters } from './ingest/counters.ts';
import { Ingest, type IngestListener } from './ingest/ingest.ts';
import { QuarantineBook } from './ingest/quarantine-book.ts';
import { measured } from './metrics.ts';
import type { AtEnd, GatewayParts } from './parts.ts';
import { type FixedFacts, GatewayStanding } from './standing.ts';
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
  measureQuarantine(registry, book);
  const packs = config.sites.flatMap((site) =>
    site.packs.map((pack) => configuredPack(site.id, pack)),
  );
  const staleKey = packStaleKey(packs);
  const desk = await RecordDesk.load(store);
  const derivation = new Derivation(store, packs, (pack) => statementsOf(desk, pack));
  await derivation.load(clock.wallMs());
  const board = new PackBoard(packs, { store, desk, derivation });
  let acknowledge: (ack: AddressedAck) => void = () => undefined;
  const standing: GatewayStanding = new GatewayStanding({
    fixed: fixedFacts(config, { software, environment, startedAt: clock.wallMs() }),
    store,
    book,
    counters,
    wallMs: clock.wallMs,
    clockTrusted: trusted,
    framesWaiting: () => ingest.framesWaiting,
    deviceProblems: () => devices.problems(),
    recomputing: () => derivation.progress(),
  });
  const { plant, devices } = await openView(config, packs, board, standing, store, { clock, log });
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
    staleKey,
    clockTrusted: trusted,
    registry,
    setAcknowledge: (to) => {
      acknowledge = to;
    },
  };
}

function measureQuarantine(registry: Registry, book: QuarantineBook): void {
  const entries = () => book.totals().entries;
  measured(registry, 'kadoru_quarantine_entries', 'Refused messages kept', entries);
  measured(registry, 'kadoru_quarantine_bytes', 'Their size', () => book.totals().bytes);
}

function fixedFacts(
  { http, mqtt }: GatewayConfig,
  {
    software,
    environment,
    startedAt,
  }: Pick<GatewayParts, 'software' | 'environment'> & { readonly startedAt: number },
): FixedFacts {
  const access = httpAccessMode(http, environment[tokenVariable] !== undefined);
  return { software, startedAt, access, broker: 'embedded' in mqtt ? 'embedded' : 'external' };
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
  packs: readonly ConfiguredPack[],
  board: PackBoard,
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
  const plant: Plant = new Plant({ packs, board, generators, devices, standing, wallMs });
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
