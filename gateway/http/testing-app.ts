import { Registry } from 'prom-client';
import type { Alarm, Generator, Health, Pack, Notice } from '#gateway/contract';
import { createAccess, type Access } from '../access/operator.ts';
import type {
  DerivedKey,
  DerivedRow,
  SeqRun,
  SeriesKey,
  StoredEvent,
  StoredReading,
} from '../store/port.ts';
import { createApp, type App } from './app.ts';
import { defaultLimits, type AppParts, type HttpLimits } from './parts.ts';
import type { PlantView } from './port.ts';

/** Test equipment: an application over a store and a plant that hold what a test puts in. */

export const nowMs = Date.parse('2026-04-01T12:00:00+09:00');

type Reads = AppParts['store'];

const inSpan = (at: number, span: { readonly from: number; readonly to: number }): boolean =>
  at >= span.from && at < span.to;

/** The reading half of the store port, in memory. */
export class MemoryStore implements Reads {
  readonly stored: StoredReading[] = [];
  readonly seqRuns: SeqRun[] = [];
  readonly storedEvents: StoredEvent[] = [];
  readonly rows = new Map<string, DerivedRow[]>();
  /** Reads of `readings` under way, and rows they gave out: what a slow client must keep small. */
  openReads = 0;
  rowsRead = 0;
  /** Thrown by `readings` after this many rows. */
  failure: { readonly afterRows: number; readonly error: Error } | undefined;

  async *readings(
    series: SeriesKey,
    span: { from: number; to: number },
  ): AsyncIterable<StoredReading> {
    this.openReads += 1;
    try {
      for (const [index, reading] of this.stored
        .filter((each) => sameSeries(each, series))
        .entries()) {
        if (this.failure?.afterRows === index) throw this.failure.error;
        await Promise.resolve();
        this.rowsRead += 1;
        if (inSpan(reading.at, span)) yield reading;
      }
    } finally {
      this.openReads -= 1;
    }
  }

  series() {
    return Promise.resolve(this.stored.map((reading) => ({ ...reading, lastAt: reading.at })));
  }

  runs({ site, device }: { readonly site?: string; readonly device?: string }) {
    const wanted = (run: SeqRun): boolean =>
      (site === undefined || run.site === site) && (device === undefined || run.device === device);
    return Promise.resolve(this.seqRuns.filter(wanted));
  }

  events(site: string, device: string, span: { from: number; to: number }) {
    const wanted = (event: StoredEvent): boolean =>
      event.site === site && event.device === device && inSpan(event.at, span);
    return Promise.resolve(this.storedEvents.filter(wanted));
  }

  async *derived(
    { measurement, key }: DerivedKey,
    span: { from: number; to: number },
  ): AsyncIterable<DerivedRow> {
    for (const row of this.rows.get(`${measurement} ${key}`) ?? [])
      if (inSpan(row.at, span)) yield row;
  }
}

function sameSeries(a: SeriesKey, b: SeriesKey): boolean {
  return (
    a.site === b.site && a.device === b.device && a.asset === b.asset && a.quantity === b.quantity
  );
}

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

  packs(): Pack[] {
    return Array.from({ length: this.copies }, () => packShowing(this.pressureMpa));
  }

  generators(): Generator[] {
    const shown = {
      measuredAt: nowMs,
      ageMs: 0,
      quality: 'good',
      powerW: 3200,
      generatedWh: 1_234_567,
    } as const;
    return [{ id: 'pv-1', name: 'PV', site: 'keihin', kind: 'pv', ...shown, today: null }];
  }

  alarms(): Alarm[] {
    return [];
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
  devices: [],
  unknownAssets: [],
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

export interface Bench {
  readonly app: App;
  readonly store: MemoryStore;
  readonly plant: TestPlant;
  readonly logged: { readonly details: object; readonly message: string }[];
}

export interface BenchOptions {
  readonly limits?: Partial<HttpLimits>;
  readonly access?: Access;
  readonly pageDir?: string;
  readonly packs?: AppParts['packs'];
  readonly tls?: boolean;
}

export function bench(options: BenchOptions = {}): Bench {
  const store = new MemoryStore();
  const plant = new TestPlant();
  const logged: { details: object; message: string }[] = [];
  const app = createApp({
    plant,
    store,
    registry: new Registry(),
    access: options.access ?? openAccess(),
    packs: options.packs ?? [{ site: 'keihin', id: 'pack-1' }],
    devices: [{ site: 'keihin', device: 'pi-1' }],
    sites: ['keihin'],
    pageDir: options.pageDir,
    clock,
    log: { error: (details, message) => void logged.push({ details, message }) },
    software: '0.1.0',
    tls: options.tls ?? false,
    limits: { ...defaultLimits, ...options.limits },
  });
  return { app, store, plant, logged };
}
