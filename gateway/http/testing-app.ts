import { Registry } from 'prom-client';
import type { Alarm, Generator, Health, LivePlant, Notice, Pack } from '#gateway/contract';
import { createAccess, type Access } from '../access/operator.ts';
import { siteSchema } from '../config/plant.ts';
import { configuredReductions } from '../derive/reduction-plan.ts';
import { configuredMeters } from '../derive/meter.ts';
import { ChangeLog } from '../derive/changes.ts';
import { PackBooks } from '../derive/pack-books.ts';
import { type ConfiguredPack, configuredPack } from '../derive/pack.ts';
import { emptyLedger } from '../hydrogen/ledger/state.ts';
import { RecordDesk } from '../records/desk.ts';
import { statementsOf } from '../records/statements.ts';
import type { StoredReading } from '../store/port.ts';
import { createApp, type App } from './app.ts';
import { type AppParts, defaultLimits, type HttpLimits } from './parts.ts';
import type { PlantView } from './port.ts';
import { MemoryStore } from './testing-store.ts';

/** Test equipment: an application over a store and a plant that hold what a test puts in. */

export const nowMs = Date.parse('2026-04-01T12:00:00+09:00');

export function reading(index: number): StoredReading {
  return {
    site: 'keihin',
    device: 'pi-1',
    asset: 'pack-1',
    quantity: 'pressure',
    at: nowMs - 3_600_000 + index * 1000,
    value: 12.5 + index / 1000,
    raw: 17_000 + index,
    quality: 'good',
    why: null,
    clock: 'synced',
    stream: 'k3f9',
    seq: index,
    receivedAt: nowMs - 3_600_000 + index * 1000 + 12,
  };
}

/** More than the system's socket buffers hold, so that whoever does not read is noticed. */
export function fillWithMuch(store: MemoryStore): void {
  const wide = { ...reading(0), stream: 'x'.repeat(1000) };
  for (let index = 0; index < 40_000; index += 1) store.stored.push(wide);
}

const unknownAlarm = () =>
  ({
    kind: 'refused',
    refusals: [{ code: 'unknown-alarm', field: 'id', detail: 'no such alarm is open' }],
  }) as const;
export const noAlarms: AppParts['alarms'] = {
  acknowledge: unknownAlarm,
  shelve: unknownAlarm,
  unshelve: unknownAlarm,
  closed: () => [],
};

/** A plant whose pressure a test moves. */
export class TestPlant implements PlantView {
  pressureMpa = 12.5;
  healthFailure: Error | undefined;
  /** Makes the picture as large as a site with this many packs. */
  copies = 1;
  readonly #listeners = new Set<() => void>();

  get subscribers(): number {
    return this.#listeners.size;
  }

  move(pressureMpa: number): void {
    this.pressureMpa = pressureMpa;
    for (const listener of this.#listeners) listener();
  }

  sites(): LivePlant['sites'] {
    return [{ id: 'keihin', name: '京浜島' }];
  }

  packs(): Pack[] {
    return Array.from({ length: this.copies }, () => packShowing(this.pressureMpa));
  }

  alarms(): Alarm[] {
    return [];
  }

  generators(): Generator[] {
    const shown = {
      measuredAt: nowMs,
      ageMs: 0,
      quality: 'good',
      powerW: 3200,
      generatedWh: 1_234_567,
    } as const;
    return [
      {
        id: 'pv-1',
        name: 'PV',
        site: 'keihin',
        kind: 'pv',
        ...shown,
        today: null,
        reduction: null,
      },
    ];
  }

  problems(): Notice[] {
    return [];
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => void this.#listeners.delete(changed);
  }

  health(): Promise<Health> {
    return this.healthFailure === undefined
      ? Promise.resolve(healthy)
      : Promise.reject(this.healthFailure);
  }
}

const healthy: Health = {
  status: 'ok',
  at: nowMs,
  software: 'test',
  startedAt: nowMs,
  problems: [],
  access: 'open-loopback',
  clock: 'trusted',
  store: { kind: 'memory', state: 'ok', readings: 0 },
  broker: { kind: 'embedded', connected: true },
  ingest: {
    framesStored: 0,
    readingsStored: 0,
    framesWaiting: 0,
    framesTurnedAway: 0,
    messagesRefused: 0,
  },
  quarantine: { entries: 0, bytes: 0, byReason: {}, fullFor: [] },
  derivation: { recomputing: [] },
  devices: [],
  unknownAssets: [],
  assumptions: [],
};

function packShowing(pressureMpa: number): Pack {
  return {
    id: 'pack-1',
    name: 'Pack 1',
    site: 'keihin',
    source: 'transmitter',
    measuredAt: nowMs,
    ageMs: 0,
    quality: 'good',
    pressureMpa,
    temperatureC: 20,
    temperature: { measuredAt: nowMs, ageMs: 0, quality: 'good' },
    fillingPressureMpa: 19.6,
    residualPressureMpa: 1,
    cylinders: 30,
    openCylinders: 30,
    hydrogen: null,
    fullReferenceKg: 20.8,
    stopPressureMpa: 1.2,
    nameplate: { totalKg: 26, usableKg: 24, physical: false },
    consumption: {
      kgPerHour: null,
      expandedUncertaintyKgPerHour: null,
      state: 'unknown',
      windowMinutes: null,
    },
    timeToStopHours: null,
    isolatedSince: null,
    segment: null,
    delivery: null,
    calibration: null,
    legal: { packM3: 295.5, siteM3: 295.5, thresholdM3: 300, siteAtThreshold: false },
    assumed: [],
    alarms: [],
  };
}

export const clock = { wallMs: () => nowMs, monotonicMs: () => performance.now() };

function openAccess(): Access {
  return createAccess({
    mode: 'open-loopback',
    secret: undefined,
    host: '127.0.0.1',
    publicHosts: [],
    clock,
  });
}

const siteWithMeter = {
  id: 'keihin',
  generators: [{ id: 'pv-1', kind: 'pv', device: 'pi-1' }],
};

function packOf(site: string, id: string): ConfiguredPack {
  const pack = { id, device: 'pi-1', cylinders: 30, cylinderLitres: 50 };
  const [config] = siteSchema.parse({ id: site, packs: [pack] }).packs;
  if (config === undefined) throw new Error('no pack');
  return configuredPack(site, config);
}

const noDerived = {
  async *derived() {},
  putDerived: () => Promise.resolve(),
};

export interface Bench {
  readonly app: App;
  readonly store: MemoryStore;
  readonly desk: RecordDesk;
  readonly plant: TestPlant;
  readonly logged: { readonly details: object; readonly message: string }[];
}

export interface BenchOptions {
  readonly limits?: Partial<HttpLimits>;
  readonly access?: Access;
  readonly pageDir?: string;
  readonly packs?: readonly { readonly site: string; readonly id: string }[];
  readonly tls?: boolean;
  readonly storesOnly?: boolean;
}

export function bench(options: BenchOptions = {}): Bench {
  const store = new MemoryStore();
  const plant = new TestPlant();
  const logged: { details: object; message: string }[] = [];
  const desk = new RecordDesk(store);
  const packs = (options.packs ?? [{ site: 'keihin', id: 'pack-1' }]).map(({ site, id }) =>
    packOf(site, id),
  );
  const sites = [siteSchema.parse(siteWithMeter)];
  const meters = configuredMeters({ sites });
  const plans = configuredReductions({ sites }, meters);
  const app = createApp({
    plant,
    store,
    desk,
    pull: { storeId: 'aaaaaaaaaaaa', changes: new ChangeLog(noDerived) },
    books: (pack) =>
      new PackBooks({
        store,
        pack,
        statements: () => statementsOf(desk, pack),
        explanation: () => undefined,
      }),
    ledger: () => emptyLedger,
    progress: () => [],
    arrived: () => undefined,
    meters,
    meterBoard: { show: () => [], accountOf: () => undefined },
    reductionBoard: {
      plan: (key) => plans.find((plan) => plan.key === key),
      keys: () => plans.map(({ key }) => key),
      confirmations: () => [],
    },
    factors: () => [],
    fuelCells: new Map(),
    alarms: noAlarms,
    sealHeads: () => [],
    allotments: [{ site: 'keihin', origin: 'tokyo', kg: 25.1 }],
    registry: new Registry(),
    access: options.access ?? openAccess(),
    packs,
    devices: [{ site: 'keihin', device: 'pi-1' }],
    sites: ['keihin'],
    pageDir: options.pageDir,
    clock,
    log: { error: (details, message) => void logged.push({ details, message }) },
    software: '0.1.0',
    tls: options.tls ?? false,
    storesOnly: options.storesOnly ?? false,
    limits: { ...defaultLimits, ...options.limits },
  });
  return { app, store, desk, plant, logged };
}
