import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { Frame } from '#device/contract';
import { withPartners } from '../../access/index.ts';
import { parseConfig } from '../../config/load.ts';
import { Derivation } from '../../derive/derivation.ts';
import { configuredMeters } from '../../derive/meter.ts';
import { configuredReductions } from '../../derive/reduction-plan.ts';
import { staleKeysOf } from '../../derive/stale.ts';
import { shippedFactorRows } from '../../emissions/factor-rows.ts';
import { IngestCounters } from '../../ingest/counters.ts';
import { Ingest } from '../../ingest/ingest.ts';
import { QuarantineBook } from '../../ingest/quarantine-book.ts';
import { storeIdentity } from '../../programme/store-identity.ts';
import { tokensOf } from '../../programme/tokens.ts';
import { RecordDesk } from '../../records/desk.ts';
import { meterStatementsOf } from '../../records/meter-statements.ts';
import { statementsOf } from '../../records/statements.ts';
import { SealJob } from '../../seals/job.ts';
import { openEmbeddedStore } from '../../store/embedded/store.ts';
import type { Store } from '../../store/port.ts';
import { MeterBoard } from '../../view/meter-board.ts';
import { ReductionBoard } from '../../view/reduction-board.ts';
import { type App, createApp } from '../app.ts';
import { type Asking, asking, fixedParts } from '../packs/testing-plant.ts';

/** Test equipment: meters over the real ingest, store, records and derivation, asked over HTTP. */
export interface MeterBench extends Asking {
  /** Takes messages of a device as the broker would hand them over; resolves when all of it is stored. */
  receive(site: string, device: string, frames: readonly Frame[]): Promise<void>;
  derive(): Promise<void>;
  postCsv(path: string, text: string): Promise<Response>;
  /** Stops this one and opens the same data again. */
  again(): Promise<MeterBench>;
  close(): Promise<void>;
  readonly board: MeterBoard;
  readonly reductions: ReductionBoard;
  readonly store: Store;
  readonly desk: RecordDesk;
  readonly app: App;
}

const framesPerMessage = 200;

export async function meterBench(
  sites: string,
  nowMs: number,
  folder = mkdtempSync(join(tmpdir(), 'kadoru-meters-')),
): Promise<MeterBench> {
  const config = parseConfig(sites, 'gateway.yaml', {});
  const meters = configuredMeters(config);
  const store = await openEmbeddedStore({ folder });
  const desk = await RecordDesk.load(store);
  const derivation = derivationOf(store, desk, config);
  await derivation.load(nowMs);
  const board = new MeterBoard(store, derivation);
  const reductions = new ReductionBoard(store, derivation, () => []);
  const clock = { wallMs: () => nowMs, monotonicMs: () => performance.now() };
  const took = await ingesting(store, config, meters, clock);
  // Time stands still for whoever asks: rates and waits are the same on every machine.
  const fixed = fixedParts({ ...clock, monotonicMs: () => 0 });
  const seals = await SealJob.load(store, meters);
  const app = createApp({
    ...fixed,
    access: withPartners(fixed.access, { find: tokensOf(desk), clock }),
    store,
    packs: [],
    meters,
    meterBoard: board,
    reductionBoard: reductions,
    desk,
    pull: { storeId: await storeIdentity(store, nowMs), changes: derivation.changes },
    sealHeads: () => seals.heads(),
    books: noPacks,
    ledger: noPacks,
    progress: () => [],
    arrived: () => undefined,
  });
  const close = async () => {
    await took.stop();
    await store.close();
  };
  return {
    ...asking(app),
    board,
    reductions,
    store,
    desk,
    app,
    close,
    receive: took.receive,
    derive: async () => {
      while (await derivation.turn(nowMs));
      await board.account(nowMs);
      await reductions.account(nowMs);
      while (await seals.turn(nowMs));
    },
    postCsv: async (path, body) =>
      app.hono.request(`/api/v1${path}`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv' },
        body,
      }),
    again: async () => {
      await close();
      return meterBench(sites, nowMs, folder);
    },
  };
}

function derivationOf(
  store: Store,
  desk: RecordDesk,
  config: ReturnType<typeof parseConfig>,
): Derivation {
  const meters = configuredMeters(config);
  return new Derivation(store, {
    packs: [],
    packStatements: (pack) => statementsOf(desk, pack),
    meters,
    meterStatements: (meter) => meterStatementsOf(desk, meter),
    reductions: { plans: configuredReductions(config, meters), factors: () => shippedFactorRows },
  });
}

function noPacks(): never {
  throw new Error('no packs here');
}

async function ingesting(
  store: Store,
  { quarantine }: ReturnType<typeof parseConfig>,
  meters: ReturnType<typeof configuredMeters>,
  clock: { wallMs(): number; monotonicMs(): number },
) {
  let done = (): void => undefined;
  const ingest = new Ingest({
    store,
    book: await QuarantineBook.load(store, quarantine),
    counters: new IngestCounters(new Registry()),
    clock,
    clockTrusted: () => true,
    heardTime: () => undefined,
    staleKeys: staleKeysOf([], meters),
    limits: {
      rowsPerCommit: 5_000,
      lingerMs: 0,
      waitingFrames: 1_000_000,
      waitingBytes: 1_000_000_000,
      retryMs: { first: 10, most: 100 },
    },
    listener: {
      arrived: () => undefined,
      storeFailed: (message) => {
        throw new Error(message);
      },
      storeRecovered: () => undefined,
      // The last batch is out of the queue before it is committed, and acknowledged after it.
      acknowledge: () => {
        if (ingest.framesWaiting === 0) done();
      },
    },
  });
  const receive = async (site: string, device: string, frames: readonly Frame[]): Promise<void> => {
    if (frames.length === 0) return;
    const all = new Promise<void>((resolve) => {
      done = resolve;
    });
    for (let at = 0; at < frames.length; at += framesPerMessage) {
      const message = { frames: frames.slice(at, at + framesPerMessage) };
      ingest.receive({ site, device, kind: 'history' }, Buffer.from(JSON.stringify(message)));
    }
    await all;
  };
  return { receive, stop: () => ingest.stop() };
}
