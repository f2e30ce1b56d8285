import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { problemSchema, type Problem } from '#gateway/contract';
import { createAccess } from '../../access/operator.ts';
import { parseConfig } from '../../config/load.ts';
import { Derivation } from '../../derive/derivation.ts';
import { configuredMeters } from '../../derive/meter.ts';
import { configuredPacks } from '../../derive/pack.ts';
import { staleKeysOf } from '../../derive/stale.ts';
import { shippedFactorRows } from '../../emissions/factor-rows.ts';
import { RecordDesk } from '../../records/desk.ts';
import { meterStatementsOf } from '../../records/meter-statements.ts';
import { statementsOf } from '../../records/statements.ts';
import { openEmbeddedStore } from '../../store/embedded/store.ts';
import type { StoredReading } from '../../store/port.ts';
import { MeterBoard } from '../../view/meter-board.ts';
import { PackBoard } from '../../view/pack-board.ts';
import { type App, createApp } from '../app.ts';
import { type AppParts, defaultLimits } from '../parts.ts';
import { noAlarms, TestPlant } from '../testing-app.ts';

/** Test equipment: what people state, over the real store, the real records and the real derivation. */

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const nowMs = Date.parse('2026-04-10T12:00:00+09:00');

/** `pack-1` has a transmitter, `pack-2` is read by people alone, `pack-4` has a flow meter in its line. */
const sites = `sites: [{ id: keihin, packs: [
  { id: pack-1, device: pi-1, cylinders: 30, cylinderLitres: 50 },
  { id: pack-2, cylinders: 30, cylinderLitres: 50 },
  { id: pack-4, device: pi-1, cylinders: 30, cylinderLitres: 50, flowMeter: { classPercent: 1 } },
  { id: pack-3, device: pi-3, cylinders: 30, cylinderLitres: 50,
    transmitter: { classPercent: 0.05, spanMpa: 20, coefficientPercentPer10K: 0.01 }, shuntPercent: 0.01,
    gauge: { classPercent: 0.02, spanMpa: 25, readingMpa: 0.001 } } ] }]`;

export interface StatementBench {
  get(path: string): Promise<Response>;
  items<T = Record<string, unknown>>(path: string): Promise<T[]>;
  post(path: string, body: unknown): Promise<Response>;
  /** Posts what must be taken; answers it. */
  state<T = Record<string, unknown>>(path: string, body: unknown): Promise<T>;
  /** Posts what must be refused; answers the problem. */
  refused(path: string, body: unknown): Promise<Problem>;
  /** Stores a device's readings of a pack: minutes from a time on, [MPa gauge, degC] each. */
  measure(
    pack: string,
    from: number,
    states: readonly (readonly [number, number])[],
  ): Promise<void>;
  derive(): Promise<void>;
  /** Stops this one and opens the same data again. */
  again(): Promise<StatementBench>;
  close(): Promise<void>;
  readonly arrived: StoredReading[];
}

export async function statementBench(
  folder = mkdtempSync(join(tmpdir(), 'kadoru-state-')),
): Promise<StatementBench> {
  const config = parseConfig(sites, 'gateway.yaml', {});
  const packs = configuredPacks(config);
  const meters = configuredMeters(config);
  const store = await openEmbeddedStore({ folder });
  const desk = await RecordDesk.load(store);
  const derivation = new Derivation(store, {
    packs,
    packStatements: (pack) => statementsOf(desk, pack),
    meters,
    meterStatements: (meter) => meterStatementsOf(desk, meter),
  });
  await derivation.load(nowMs);
  const board = new PackBoard(packs, { store, desk, derivation });
  const clock = { wallMs: () => nowMs, monotonicMs: () => performance.now() };
  const arrived: StoredReading[] = [];
  const app = createApp({
    ...fixedParts(clock),
    store,
    packs,
    meters,
    meterBoard: new MeterBoard(store, derivation),
    desk,
    pull: { storeId: 'aaaaaaaaaaaa', changes: derivation.changes },
    books: (pack) => board.books(pack),
    ledger: (pack) => board.ledger(pack),
    progress: () => derivation.progress(),
    arrived: (readings) => void arrived.push(...readings),
  });
  const close = () => store.close();
  return {
    arrived,
    close,
    ...asking(app),
    measure: async (pack, from, states) => {
      const device = pack === 'pack-3' ? 'pi-3' : 'pi-1';
      const readings = states.flatMap(([mpa, celsius], index) => {
        const at = from + index * minuteMs;
        const origin = { site: 'keihin', device, asset: pack, at, raw: null } as const;
        const rest = { clock: 'synced', stream: 's', seq: at, receivedAt: at } as const;
        const good = { ...origin, ...rest, quality: 'good', why: null } as const;
        return [
          { ...good, quantity: 'temperature', value: celsius } as const,
          { ...good, quantity: 'pressure', value: mpa } as const,
        ];
      });
      const stale = staleKeysOf(packs, meters)({ readings, events: [] });
      const nothing = { frames: [], events: [], quarantine: [], records: [] };
      await store.commit({ ...nothing, readings, stale });
    },
    derive: async () => {
      while (await derivation.turn(nowMs));
    },
    again: async () => {
      await close();
      return statementBench(folder);
    },
  };
}

type Fixed =
  | 'plant'
  | 'registry'
  | 'access'
  | 'devices'
  | 'sites'
  | 'alarms'
  | 'sealHeads'
  | 'reductionBoard'
  | 'factors'
  | 'fuelCells'
  | 'allotments'
  | 'pageDir'
  | 'clock'
  | 'log'
  | 'software'
  | 'tls'
  | 'limits';

/** What is the same for every bench. A failure nobody foresaw fails the test. */
export function fixedParts(clock: AppParts['clock']): Pick<AppParts, Fixed> {
  const open = { mode: 'open-loopback', secret: undefined, host: '127.0.0.1' } as const;
  return {
    plant: new TestPlant(),
    registry: new Registry(),
    access: createAccess({ ...open, publicHosts: [], clock }),
    devices: [],
    sites: ['keihin'],
    alarms: noAlarms,
    sealHeads: () => [],
    reductionBoard: { plan: () => undefined, keys: () => [], confirmations: () => [] },
    factors: () => shippedFactorRows,
    fuelCells: new Map(),
    allotments: [
      { site: 'keihin', origin: 'tokyo', kg: 25.1 },
      { site: 'keihin', origin: 'yamanashi', kg: 25.1 },
    ],
    pageDir: undefined,
    clock,
    log: {
      error: ({ err }: { err?: unknown }) => {
        throw err;
      },
    },
    software: 'test',
    tls: false,
    limits: defaultLimits,
  };
}

export type Asking = Pick<StatementBench, 'get' | 'post' | 'items' | 'state' | 'refused'>;

export function asking({ hono }: App): Asking {
  const get = async (path: string) => hono.request(`/api/v1${path}`);
  const post = async (path: string, body: unknown) =>
    hono.request(`/api/v1${path}`, { method: 'POST', body: JSON.stringify(body) });
  return {
    get,
    post,
    items: async (path) => (await (await get(path)).json()).items,
    state: async (path, body) => {
      const response = await post(path, body);
      const answer = await response.json();
      if (response.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer)}`);
      return answer;
    },
    refused: async (path, body) => {
      const response = await post(path, body);
      const answer: unknown = await response.json();
      if (response.status < 400) throw new Error(`${path} took ${JSON.stringify(answer)}`);
      return problemSchema.parse(answer);
    },
  };
}

export const gauge = (readAt: number, pressureMpa: number, temperatureC = 20) => ({
  pressureMpa,
  temperatureC,
  readAt,
  by: '山田',
});

export const delivery = (openedAt: number, changes: object = {}) => ({
  by: '佐藤',
  openedAt,
  serial: 'K-1042',
  origin: 'tokyo',
  openCylinders: 30,
  arrival: { at: openedAt - minuteMs, pressureMpa: 18, temperatureC: 20 },
  ...changes,
});
